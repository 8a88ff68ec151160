import { proveSection } from './prove.js';
import { elsewhereRows } from './rows/token-elsewhere.js';
import { headerRows } from './rows/token-header.js';
import { parsingRows } from './rows/token-parsing.js';

proveSection('T', [...headerRows, ...elsewhereRows, ...parsingRows]);
