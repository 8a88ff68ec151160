import { caseIds, proveSection } from './prove.js';
import { strangerRows } from './rows/gateway-strangers.js';
import { headerValueRows } from './rows/gateway-values.js';

// G06 and G07 (signed assertions) are proven where they are offered.
const ids = caseIds('G', 9).filter((id) => id !== 'G06' && id !== 'G07');

proveSection('G', ids, [...strangerRows, ...headerValueRows]);
