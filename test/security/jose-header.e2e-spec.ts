import { caseIds, proveSection } from './prove.js';
import { algorithmRows } from './rows/jose-algorithm.js';
import { keyRows } from './rows/jose-key.js';
import { memberRows } from './rows/jose-members.js';

proveSection('J', caseIds('J', 28), [...algorithmRows, ...keyRows, ...memberRows]);
