import { caseIds, proveSection } from './prove.js';
import { certificateRows, doublyBoundRows } from './rows/client-certificates.js';
import { proofRows } from './rows/dpop-proofs.js';
import { boundTokenRows } from './rows/dpop-tokens.js';

proveSection('P', caseIds('P', 16), [...proofRows, ...boundTokenRows, ...doublyBoundRows]);
proveSection('M', caseIds('M', 3), certificateRows);
