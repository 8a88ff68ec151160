import { proveSection } from './prove.js';
import { schemeRows } from './rows/challenge-schemes.js';
import { challengeRows } from './rows/challenge.js';
import { resourceMetadataRows } from './rows/resource-metadata.js';

proveSection('W', [...challengeRows, ...schemeRows, ...resourceMetadataRows]);
