import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi/openapi.document.js';
import { referenceConfig } from './openapi/reference-config.js';
import { createPlatform } from './platform.factory.js';

// Writes the API description that is checked in: `npm run openapi`.
const app = await createPlatform(referenceConfig, { logger: false });
try {
  const document = openApiDocument(app);
  writeFileSync(new URL('../docs/openapi.json', import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
} finally {
  await app.close();
}
