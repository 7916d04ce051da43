import { createRequire } from 'node:module';
import test from 'ava';
import { cli } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const COMMANDS = ['train', 'evaluate', 'predict', 'gradcheck', 'data', 'info', 'bench', 'profile', 'recipes'];

test('help lists every command and the exit codes', async (t) => {
  const { code, stdout, stderr } = await cli(['--help']);
  t.is(code, 0);
  t.is(stderr, '');
  for (const command of COMMANDS) t.regex(stdout, new RegExp(`^ {2}${command} `, 'm'));
  t.regex(stdout, /Exit codes: 0 fine, 1 failure, 2 bad usage, 130 after Ctrl-C/);
});

test('every command has help of its own', async (t) => {
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await cli([command, '--help']);
    t.is(code, 0, command);
    t.is(stderr, '');
    t.regex(stdout, new RegExp(`^Usage: cnnative ${command} `));
    t.regex(stdout, /--json/);
    t.deepEqual(await cli(['help', command]), { code, signal: null, stdout, stderr });
  }
});

test('help of train names every option and its default', async (t) => {
  const { stdout } = await cli(['train', '--help']);
  const text = stdout.replace(/\s+/g, ' ');
  for (const part of [
    '--dataset <name> data set (choices: "digits", "mnist", "fashion-mnist", "cifar10", "cifar100")',
    '--data <dir>',
    '--model <name> network (choices: "lenet5", default: "lenet5")',
    '--epochs <n> times to go over the training set (default: 3)',
    '--batch-size <n> images a step (default: 64)',
    '--learning-rate <x> step size (default: 0.01)',
    '(default: 0.9)',
    '--seed <n> seed of the initial weights and of the order of images (default: 1)',
    '--threads <n>',
    '--out <dir>',
    '--log-every <n>',
  ]) {
    t.true(text.includes(part), part);
  }
});

test('prints the version of the package', async (t) => {
  const { version } = createRequire(import.meta.url)('cnnative/package.json') as { version: string };
  t.deepEqual(await cli(['--version']), { code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
});

const USAGE: [string[], RegExp][] = [
  [[], /^cnnative: expected a command, received none\. See cnnative --help\.\n$/],
  [['help', 'fly'], /^cnnative: unknown command 'fly'\. See cnnative --help\.\n$/],
  [['fly'], /^cnnative: unknown command 'fly'\. See cnnative --help\.\n$/],
  [['trian'], /^cnnative: unknown command 'trian' \(Did you mean train\?\) See cnnative --help\.\n$/],
  [['--loud'], /^cnnative: unknown option '--loud'\. See cnnative --help\.\n$/],
  [['train'], /required option '--dataset <name>' not specified\. See cnnative train --help\.\n$/],
  [['train', '--dataset'], /'--dataset <name>' argument missing\. See cnnative train --help\.\n$/],
  [
    ['train', '--dataset', 'cats'],
    /'--dataset <name>' argument 'cats' is invalid\. Allowed choices are digits, mnist, fashion-mnist, cifar10, cifar100\./,
  ],
  [['train', '--dataset', 'digits', '--model', 'x'], /'--model <name>' argument 'x' is invalid\. Allowed choices are/],
  [['train', '--dataset', 'digits', '--epoch', '1'], /unknown option '--epoch' \(Did you mean --epochs\?\)/],
  [['train', '--jobs', '2'], /--jobs: expected configurations to train/],
  [['train', 'a.json', 'b.json', '--resume', 'c'], /--resume: expected at most one configuration and no --out/],
  [['predict', 'somewhere'], /missing required argument 'image'/],
  [['train', '--dataset', 'digits', '--data', '/tmp'], /--data: expected no folder for digits/],
  [['evaluate', '--dataset', 'digits'], /missing required argument 'model'\. See cnnative evaluate --help\.\n$/],
  [
    ['train', '--dataset', 'mnist', '--data', ''],
    /'--data <dir>' argument '' is invalid\. Expected the path of a folder/,
  ],
  [
    ['train', '--dataset', 'digits', '--out', ''],
    /'--out <dir>' argument '' is invalid\. Expected the path of a folder/,
  ],
  [['train', '--resume', ''], /'--resume <dir>' argument '' is invalid\. Expected the path of a folder/],
  [['data', 'digits', '--preview', ''], /'--preview <file\.png>' argument '' is invalid\. Expected the path of a file/],
  [
    ['data', 'digits', '--preview', 'a.jpg'],
    /argument 'a\.jpg' is invalid\. Expected the path of a file that ends in \.png\./,
  ],
  [
    ['predict', 'm', 'a.png', '--fit', 'x'],
    /'--fit <how>' argument 'x' is invalid\. Allowed choices are fill, cover, contain/,
  ],
  [['info', '--colour'], /unknown option '--colour'/],
  [['bench', '--workload', 'lenet6'], /'--workload <name>' argument 'lenet6' is invalid/],
  [['profile', '--sort', 'share'], /'share' is invalid\. Allowed choices are program, time\./],
  [
    ['evaluate', 'x', '--dataset', 'digits', '--memory-limit', 'all'],
    /Expected a positive number of bytes or a size such/,
  ],
  [['bench', '--batch', '65537'], /Expected an integer from 1 to 65536\./],
  [['profile', '--batch', '9007199254740991'], /Expected an integer from 1 to 65536\./],
  [['gradcheck', 'x', '--samples', '9007199254740991'], /Expected an integer from 1 to 65536\./],
  [['train', '--dataset', 'digits', '--memory-limit', '9e9GB'], /Expected a positive number of bytes or a size such/],
  [
    ['train', '--dataset', 'digits', '--memory-limit', '99999999999999GB'],
    /Expected a positive number of bytes or a size/,
  ],
  [['bench', '--phase', 'sleep'], /'sleep' is invalid\. Allowed choices are train, infer\./],
];

for (const [args, message] of USAGE) {
  test(`bad usage is one line and exit code 2: ${args.join(' ') || 'no argument'}`, async (t) => {
    const { code, stdout, stderr } = await cli(args);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, message);
    t.regex(stderr, /^cnnative: [^\n]+\n$/);
  });
}

test('options of numbers reject what is none or out of range', async (t) => {
  const cases: [string, string, string][] = [
    ['--epochs', '0', 'an integer of at least 1'],
    ['--epochs', 'many', 'an integer of at least 1'],
    ['--epochs', '1.5', 'an integer of at least 1'],
    ['--batch-size', '-3', 'an integer of at least 1'],
    ['--batch-size', '1e3', 'an integer of at least 1'],
    ['--learning-rate', '0', 'a number above 0'],
    ['--learning-rate', 'fast', 'a number above 0'],
    ['--learning-rate', '', 'a number above 0'],
    ['--learning-rate', 'NaN', 'a number above 0'],
    ['--learning-rate', 'Infinity', 'a number above 0'],
    ['--momentum', '1', 'a number from 0 to below 1'],
    ['--momentum', '-0.1', 'a number from 0 to below 1'],
    ['--seed', '-1', 'an integer of at least 0'],
    ['--seed', '9007199254740992', 'an integer from 0 to 9007199254740991'],
    ['--threads', '0', 'an integer from 1 to 1024'],
    ['--threads', '1025', 'an integer from 1 to 1024'],
    ['--log-every', '0', 'an integer of at least 1'],
  ];
  for (const [name, value, expected] of cases) {
    const { code, stdout, stderr } = await cli(['train', '--dataset', 'digits', `${name}=${value}`]);
    t.deepEqual([code, stdout], [2, ''], `${name} ${value}`);
    t.regex(
      stderr,
      new RegExp(`^cnnative: option '${name} <.>' argument '${value}' is invalid\\. Expected ${expected}\\. [^\n]*\n$`),
    );
  }
});

test('a bad environment is bad usage', async (t) => {
  const { code, stdout, stderr } = await cli(['info'], { env: { CNNATIVE_ISA: 'mmx' } });
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /^cnnative: CNNATIVE_ISA: expected one of [^\n]*scalar[^\n]*, received "mmx"\.\n$/);
});

const FAILURES: [string[], RegExp][] = [
  [
    ['evaluate', 'absent', '--dataset', 'digits'],
    /^cnnative: loadModel: expected a readable file, received absent.model\.json, which does not exist\. Give the folder/,
  ],
  [
    ['evaluate', 'absent'],
    /^cnnative: loadModel: expected a readable file, received absent.model\.json, which does not/,
  ],
  [
    ['gradcheck', 'absent'],
    /^cnnative: loadModel: expected a readable file, received absent.model\.json, which does not/,
  ],
  [
    ['predict', 'absent', 'a.png'],
    /^cnnative: loadModel: expected a readable file, received absent.model\.json, which/,
  ],
  [['train', '--dataset', 'mnist', '--data', 'absent'], /^cnnative: --data: datasets\.mnist: [^\n]*is not a folder/],
  [
    ['train', '--dataset', 'digits', '--out', 'file/below'],
    /^cnnative: --out: expected a folder that can be written to/,
  ],
];

for (const [args, message] of FAILURES) {
  test(`a failure is one line and exit code 1: ${args.join(' ')}`, async (t) => {
    const cwd = await temporaryFolder(t);
    if (args.includes('file/below')) args[args.length - 1] = `${process.execPath}/below`;
    const { code, stdout, stderr } = await cli(args, { cwd });
    t.is(code, 1);
    t.is(stdout, '');
    t.regex(stderr, message);
    t.regex(stderr, /^[^\n]+\n$/);
  });
}
