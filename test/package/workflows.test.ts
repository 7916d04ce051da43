import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parseDocument } from 'yaml';
import { packageRoot } from '../helpers/cli.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'runs-on': string;
  readonly 'timeout-minutes': number;
  readonly strategy?: { readonly matrix?: { readonly include?: readonly Readonly<Record<string, string>>[] } };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(packageRoot, '.github', 'workflows');
const names = readdirSync(folder);
const scripts = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).scripts as Record<string, string>;

const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
const workflow = (name: string) => parseDocument(textOf(name)).toJS() as Workflow;
const jobsOf = (name: string) => Object.entries(workflow(name).jobs);
const stepsOf = (name: string) => jobsOf(name).flatMap(([, { steps }]) => steps);

test('there are a workflow for changes and one for releases', (t) => {
  t.deepEqual(names.sort(), ['ci.yml', 'release.yml']);
});

for (const name of names) {
  test(`${name} is YAML without faults`, (t) => {
    const { errors, warnings } = parseDocument(textOf(name), { uniqueKeys: true, strict: true });
    t.deepEqual([...errors, ...warnings], []);
  });

  test(`${name} may read the contents and nothing more, except to publish`, (t) => {
    t.deepEqual(workflow(name).permissions, { contents: 'read' });
    for (const [job, { permissions }] of jobsOf(name)) {
      if (name === 'release.yml' && job === 'publish') {
        t.deepEqual(permissions, { contents: 'read', 'id-token': 'write' });
      } else t.is(permissions, undefined, job);
    }
  });

  test(`actions of ${name} are pinned to a commit, and get no credentials`, (t) => {
    for (const { uses, with: options } of stepsOf(name)) {
      if (uses === undefined) continue;
      t.regex(uses, /^actions\/[\w-]+@[0-9a-f]{40}$/);
      if (uses.startsWith('actions/checkout@')) t.is(options?.['persist-credentials'], false);
    }
    // The version is for readers.
    for (const line of textOf(name)
      .split('\n')
      .filter((text) => text.includes('uses:')))
      t.regex(line, / # v\d+\.\d+\.\d+$/);
  });

  test(`jobs of ${name} end some time, and need jobs that there are`, (t) => {
    const jobs = jobsOf(name);
    for (const [job, { needs = [], 'timeout-minutes': minutes, steps }] of jobs) {
      t.true(minutes > 0, job);
      t.true(steps.length > 0, job);
      for (const other of [needs].flat())
        t.true(
          jobs.some(([known]) => known === other),
          `${job} needs ${other}`,
        );
    }
  });

  test(`${name} runs scripts and tools that there are`, (t) => {
    const text = textOf(name);
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) t.true(script in scripts, script);
    for (const [path] of text.matchAll(/\btools\/[\w./-]+\.(mjs|sh)/g))
      t.true(existsSync(join(packageRoot, path)), path);
  });
}

test('every platform of the package is built by the release', async (t) => {
  const { PLATFORMS } = await import(join(packageRoot, 'tools', 'package-contents.mjs'));
  const { linux, others } = workflow('release.yml').jobs;
  const built = [linux, others].flatMap((job) => job?.strategy?.matrix?.include ?? []).map(({ name }) => name);
  t.deepEqual(built.sort(), Object.keys(PLATFORMS).sort());
});

test('what is published is the tarball that was checked and installed', (t) => {
  const { publish, install } = workflow('release.yml').jobs;
  t.is(publish?.needs, 'install');
  t.is(install?.needs, 'package');
  const command = publish?.steps.map(({ run }) => run).find((run) => run?.includes('npm publish')) ?? '';
  t.regex(command, /^npm publish \.\/packed\/\*\.tgz .*--provenance/);
});

test('only a pushed tag is published, never a run started by hand, even for a tag', (t) => {
  t.is(workflow('release.yml').jobs.publish?.if, "github.event_name == 'push' && github.ref_type == 'tag'");
});

test('binaries for glibc are held to the promised C library', (t) => {
  const check = workflow('release.yml').jobs.linux?.steps.find(({ run }) => run?.includes('check-floors.mjs'));
  t.is(check?.if, "endsWith(matrix.name, 'glibc')");
  t.is(check?.run, 'node tools/check-floors.mjs --GLIBC 2.28 --GLIBCXX 3.4.25');
});
