import { proveRows } from './prove.js';
import { deviceRows } from './rows/device-rows.js';
import { keychainRows } from './rows/keychain-rows.js';
import { requestRows } from './rows/request-rows.js';
import { signInRows } from './rows/sign-in-rows.js';
import { storeRows } from './rows/store-rows.js';

const ids = Array.from({ length: 27 }, (_, at) => `L${String(at + 1).padStart(2, '0')}`);

proveRows('L', ids, [...deviceRows, ...signInRows, ...storeRows, ...keychainRows, ...requestRows]);
