// Small helpers of the tools: where things are, and running a command so that its failure ends the tool.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The script behind an installed package's command, to be run by this Node: `bin('cmake-js', 'bin/cmake-js')`. */
export function bin(packageName, path) {
  return join(root, 'node_modules', packageName, path);
}

/** An empty folder for a purpose. It goes when the tool ends, by a failure too. */
export function temporaryFolder(purpose) {
  const folder = mkdtempSync(join(tmpdir(), `cnnative-${purpose}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends the tool with one clear line. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Runs a command with its output shown; ends the tool with the command's exit code when it fails. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) {
    const what = command === process.execPath ? relative(root, args[0]) : command;
    console.error(`${what} failed (${signal ?? `exit code ${status}`})`);
    process.exit(status || 1);
  }
}

/** What a command prints, without the end of its last line. */
export function output(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  if (error) fail(`${command}: ${error.message}`);
  if (status !== 0) fail(`${command} failed (exit code ${status}): ${stderr}`);
  return stdout.trimEnd();
}

/** Runs a script of node_modules or of ours with this Node. */
export function runNode(script, args = [], options = {}) {
  run(process.execPath, [script, ...args], options);
}

/** Runs the compiled tests, with this Node or another. */
export function runTests(args, { node = process.execPath, ...options } = {}) {
  run(node, [bin('ava', 'entrypoints/cli.mjs'), ...args], options);
}

/** Whether a command can be started at all. */
export function exists(command) {
  return !spawnSync(command, ['--version'], { stdio: 'ignore' }).error;
}
