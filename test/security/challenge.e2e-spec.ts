import { caseIds, proveSection } from './prove.js';
import { challengeRows } from './rows/challenge.js';
import { resourceMetadataRows } from './rows/resource-metadata.js';

// W05 (DPoP and Bearer side by side) is proven where DPoP is offered.
const ids = caseIds('W', 6).filter((id) => id !== 'W05');

proveSection('W', ids, [...challengeRows, ...resourceMetadataRows]);
