import test from 'ava';
import { info } from 'cnnative';
import { cli } from '../helpers/cli.js';

test('info as JSON is what info() tells', async (t) => {
  const { code, stdout, stderr } = await cli(['info', '--json']);
  t.is(code, 0);
  t.is(stderr, '');
  t.deepEqual(JSON.parse(stdout), { ...info() });
  t.is(stdout.trimEnd().split('\n').length, 1);
});

test('info says why', async (t) => {
  const { stdout } = await cli(['info'], { env: { CNNATIVE_ISA: 'scalar', OMP_NUM_THREADS: '3' } });
  t.regex(stdout, /^instruction set +scalar \(CNNATIVE_ISA\)$/m);
  t.regex(stdout, /^threads +3 \(OMP_NUM_THREADS\)$/m);
  t.regex(stdout, new RegExp(`^possible +${info().isas.join(', ')}$`, 'm'));
});
