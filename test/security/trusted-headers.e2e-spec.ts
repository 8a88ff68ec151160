import { proveSection } from './prove.js';
import { assertionRows } from './rows/gateway-assertions.js';
import { strangerRows } from './rows/gateway-strangers.js';
import { headerValueRows } from './rows/gateway-values.js';

proveSection('G', [...strangerRows, ...headerValueRows, ...assertionRows]);
