import { proveSection } from './prove.js';
import { certificateRows, doublyBoundRows } from './rows/client-certificates.js';
import { proofRows } from './rows/dpop-proofs.js';
import { boundTokenRows } from './rows/dpop-tokens.js';

proveSection('P', [...proofRows, ...boundTokenRows, ...doublyBoundRows]);
proveSection('M', certificateRows);
