import { proveSection } from './prove.js';
import { formRows } from './rows/claim-forms.js';
import { groupRows } from './rows/claim-groups.js';
import { partyRows } from './rows/claim-parties.js';
import { scopeRows } from './rows/claim-scopes.js';
import { timeRows } from './rows/claim-times.js';

proveSection('C', [...timeRows, ...partyRows, ...scopeRows, ...groupRows, ...formRows]);
