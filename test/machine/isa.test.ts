import { execFileSync } from 'node:child_process';
import test from 'ava';
import { datasets, InvalidArgumentError, info, layers, sequential } from 'cnnative';
import { chooseIsa } from '#lib/machine/isa.js';
import { native } from '#lib/native.js';

test('lists instruction sets with scalar last', (t) => {
  const isas = native.isas();
  t.is(isas.at(-1), 'scalar');
  t.is(new Set(isas).size, isas.length);
});

test('takes the best instruction set unless one is forced', (t) => {
  t.deepEqual(chooseIsa({}), { isa: native.isas()[0] ?? 'scalar', reason: 'best of this machine' });
  t.deepEqual(chooseIsa({ CNNATIVE_ISA: '' }).reason, 'best of this machine');
  for (const isa of native.isas()) t.deepEqual(chooseIsa({ CNNATIVE_ISA: isa }), { isa, reason: 'CNNATIVE_ISA' });
});

test('an unknown instruction set names those there are', (t) => {
  const error = t.throws(() => chooseIsa({ CNNATIVE_ISA: 'mmx' }), { instanceOf: InvalidArgumentError });
  t.is(
    error.message,
    `CNNATIVE_ISA: expected one of ${native.isas().join(', ')} (what this machine can run), received "mmx".`,
  );
});

test('info tells what runs and why', (t) => {
  const own = info();
  t.true(own.isas.includes(own.isa));
  t.regex(own.version, /^\d+\.\d+\.\d+/);
  t.is(own.node, process.version);
  t.is(own.platform, `${process.platform}-${process.arch}`);
  t.true(own.threads >= 1);
  t.truthy(own.threadsReason);
});

test('CNNATIVE_ISA decides what a process runs', (t) => {
  const script = "import { info } from 'cnnative'; console.log(info().isa)";
  for (const isa of native.isas()) {
    const environment = { ...process.env, CNNATIVE_ISA: isa };
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: environment });
    t.is(output.toString().trim(), isa);
  }
});

test('the forced instruction set is the one whose kernels run', async (t) => {
  // Sums of many products: vector kernels fuse multiply and add, scalar ones round twice.
  const features = 509;
  const model = sequential({ inputShape: [features], seed: 3 }, [layers.dense({ units: 64 })]);
  const { images } = datasets.fromArrays({
    images: Float32Array.from({ length: features * 16 }, (_, i) => Math.fround(Math.sqrt(i + 1) % 1)),
    labels: new Array(16).fill(0),
    shape: [features],
  });
  const bits = await Promise.all(
    native.isas().map(async (isa) => (await model.predict(images as Float32Array, { isa })).data.join()),
  );
  const again = await Promise.all(
    native.isas().map(async (isa) => (await model.predict(images as Float32Array, { isa })).data.join()),
  );
  t.deepEqual(again, bits);
  if (bits.length > 1) t.not(bits[0], bits.at(-1));
});
