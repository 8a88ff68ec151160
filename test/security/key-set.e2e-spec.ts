import { proveSection } from './prove.js';
import { issuerDocumentRows } from './rows/issuer-documents.js';
import { keyFetchRows } from './rows/key-fetch.js';
import { keyRefreshRows } from './rows/key-refresh.js';
import { keySourceRows } from './rows/key-source.js';
import { verdictRows } from './rows/verdict-cache.js';

proveSection('D', [...keyRefreshRows, ...keySourceRows, ...keyFetchRows, ...issuerDocumentRows, ...verdictRows]);
