import { basename, relative, sep } from 'node:path';

/** How the user started this program, to be shown in a command to type next. */
export function invocation(script = process.argv[1] ?? '', environment = process.env): string {
  const path = relative(process.cwd(), script);
  const isOwnCheckout =
    basename(path) === 'main.js' && !path.split(sep).some((part) => part === '..' || part === 'node_modules');
  if (isOwnCheckout) return `node ${path}`;
  return environment.npm_command === 'exec' ? 'npx cnnative' : 'cnnative';
}
