// The process under load; see serve.mjs.
import { serve } from './serve.mjs';
import { variants } from './variants.mjs';

await serve(variants);
