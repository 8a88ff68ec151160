export { createProgram } from './program.js';
export { run } from './run.js';
export { Interruption, type TextOutput, type World } from './world.js';
