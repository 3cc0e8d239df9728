import { defineConfig } from 'prisma/config';

// `prisma generate` requires a schema engine binary, never runs it, and would download one.
// Any executable will do: migrations are run by the WebAssembly engine (src/db/migrate.ts).
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
process.env.CHECKPOINT_DISABLE ??= '1';

export default defineConfig({ schema: 'prisma/schema.prisma' });
