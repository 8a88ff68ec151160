import { proveSection } from './prove.js';
import { introspectionAnswerRows } from './rows/introspection-answers.js';
import { introspectionEndpointRows } from './rows/introspection-endpoint.js';
import { introspectionTokenRows } from './rows/introspection-tokens.js';

proveSection('I', [...introspectionAnswerRows, ...introspectionEndpointRows, ...introspectionTokenRows]);
