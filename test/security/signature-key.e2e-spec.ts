import { proveSection } from './prove.js';
import { keyChoiceRows } from './rows/key-choice.js';
import { publishedKeyRows } from './rows/published-key.js';
import { signatureRows } from './rows/signature.js';

proveSection('K', [...signatureRows, ...publishedKeyRows, ...keyChoiceRows]);
