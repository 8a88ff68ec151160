import { proveSection } from './prove.js';
import { applicationRows } from './rows/applications.js';
import { contextRows } from './rows/contexts.js';
import { routeAccessRows } from './rows/route-access.js';

proveSection('N', [...contextRows, ...routeAccessRows, ...applicationRows]);
