import type { Part } from './run-parts.mjs';

export const parts: readonly Part[];
