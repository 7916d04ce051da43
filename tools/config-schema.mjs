// node tools/config-schema.mjs: writes schema/config.schema.json from the table that the reader of configurations goes by.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedSchema } from '../dist/config/config-schema.js';
import { root } from './run.mjs';

mkdirSync(join(root, 'schema'), { recursive: true });
writeFileSync(join(root, 'schema', 'config.schema.json'), `${JSON.stringify(publishedSchema(), null, 2)}\n`);
