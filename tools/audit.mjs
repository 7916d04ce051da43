// npm run audit: fails when a dependency, for development or not, has a known vulnerability. A registry that answers no audits, such as
// some mirrors, is told of and passed over, except with --strict.
import { spawnSync } from 'node:child_process';
import { fail, root } from './run.mjs';

const shell = process.platform === 'win32';
const { stdout, error } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8', shell });
if (error) fail(`npm audit: ${error.message}`);

const report = JSON.parse(stdout);
if (report.metadata) {
  const { total } = report.metadata.vulnerabilities;
  if (total > 0)
    fail(`npm audit: ${total} known vulnerabilities, in ${Object.keys(report.vulnerabilities).join(', ')}`);
  console.log(`npm audit: none of ${report.metadata.dependencies.total} packages has a known vulnerability`);
} else {
  const message = `npm audit: NOT CHECKED, the registry gave no answer (${report.message ?? report.error?.summary ?? stdout})`;
  if (process.argv.includes('--strict')) fail(message);
  console.warn(message);
}
