import { main } from '../../src/main.js';

// What the launcher does, on the sources.
await main();
