import { createHash } from 'node:crypto';
import test from 'ava';
import { InvalidArgumentError, type IsaName, info } from 'cnnative';
import { chooseIsa } from '#lib/machine/isa.js';
import { runChild } from '../helpers/child.js';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { testVectors, vectorIsas } from '../helpers/isas.js';
import { lenet5 } from '../helpers/lenet5.js';

const ORDER: readonly IsaName[] = ['avx512', 'avx2', 'neon', 'scalar'];

async function predictionHash(isa: IsaName): Promise<string> {
  const model = lenet5();
  const set = goldenSet(64);
  await model.fit(set, { batchSize: 16, isa });
  const { data } = await model.predict(set.images, { isa });
  return createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex');
}

test('the instruction sets are listed best first, scalar always and last', (t) => {
  const { isas } = info();
  t.is(isas.at(-1), 'scalar');
  t.deepEqual(
    isas,
    ORDER.filter((isa) => isas.includes(isa)),
  );
});

for (const isa of info().isas) {
  test(`CNNATIVE_ISA=${isa} makes ${isa} the one in use`, async (t) => {
    const { code, stdout, stderr } = await runChild('predict', { env: { CNNATIVE_ISA: isa } });
    t.is(code, 0, stderr);
    const child = JSON.parse(stdout);
    t.is(child.info.isa, isa);
    t.is(child.info.isaReason, 'CNNATIVE_ISA');
    t.deepEqual(child.info.isas, info().isas);
    t.is(child.hash, await predictionHash(isa));
  });
}

testVectors('scalar and vector kernels are different code', async (t) => {
  // They round differently, so training in one of them leaves other bits: the name given is what runs.
  const scalar = await predictionHash('scalar');
  for (const isa of vectorIsas) t.not(await predictionHash(isa), scalar, isa);
});

test('without the variable the best of the machine runs', (t) => {
  for (const environment of [{}, { CNNATIVE_ISA: '' }, { CNNATIVE_ISA: undefined }]) {
    t.deepEqual(chooseIsa(environment), { isa: info().isas[0] as IsaName, reason: 'best of this machine' });
  }
});

test('an unknown instruction set is refused with the choices there are', async (t) => {
  for (const wanted of ['sse9', 'AVX2', ' avx2', 'scalar ', 'none', '0']) {
    const error = t.throws(() => chooseIsa({ CNNATIVE_ISA: wanted }), { instanceOf: InvalidArgumentError });
    t.is(
      error?.message,
      `CNNATIVE_ISA: expected one of ${info().isas.join(', ')} (what this machine can run) for isa, received ${JSON.stringify(wanted)}.`,
    );
  }
  const { code, stderr } = await runChild('predict', { env: { CNNATIVE_ISA: 'sse9' } });
  t.is(code, 1);
  t.regex(stderr, /InvalidArgumentError: CNNATIVE_ISA: expected one of .*scalar.*received "sse9"/);
});

test('an instruction set of another machine is refused', async (t) => {
  const others = ORDER.filter((isa) => !info().isas.includes(isa));
  t.true(others.length > 0); // no machine has both AVX2 and NEON
  for (const isa of others) {
    await t.throwsAsync(lenet5().predict(goldenSet(1).images, { isa }), {
      instanceOf: InvalidArgumentError,
      message: new RegExp(`model\\.predict: expected one of .* received "${isa}"`),
    });
  }
});
