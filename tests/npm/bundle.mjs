// ENTRY OUT: one module of ENTRY and all the packages that it imports, as a page without a bundler of its own loads it.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const [entryPoint, outfile] = process.argv.slice(2);
await build({
  entryPoints: [entryPoint],
  outfile,
  bundle: true,
  format: 'esm',
  logLevel: 'error',
  nodePaths: [fileURLToPath(new URL('node_modules', import.meta.url))],
});
