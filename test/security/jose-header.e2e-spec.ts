import { proveSection } from './prove.js';
import { algorithmRows } from './rows/jose-algorithm.js';
import { keyRows } from './rows/jose-key.js';
import { memberRows } from './rows/jose-members.js';

proveSection('J', [...algorithmRows, ...keyRows, ...memberRows]);
