import test, { type ExecutionContext } from 'ava';
import { type OpArray, ops } from 'cnnative';
import { isClose } from '../helpers/closeness.js';
import { type Kernels, testEachKernel } from '../helpers/isas.js';
import { decode, drawArray, readFixture } from '../helpers/pytorch-fixture.js';

/** Written by tools/fixtures/pytorch_layers.py. */
interface LayerCase {
  readonly type: string;
  readonly options: Record<string, unknown>;
  readonly stream: number;
  readonly inputShape: readonly number[];
  readonly scale: number;
  /** How many values there are from one whole number to the next; 0 for any. */
  readonly levels: number;
  readonly parameters: Record<string, readonly number[]>;
  readonly outputShape: readonly number[];
  readonly y: string;
  /** None for layers that behave as after training. */
  readonly dx?: string;
  readonly gradients?: Record<string, string>;
}

/** Of the largest magnitude of a tensor. */
const FLOAT_TOLERANCE = 1e-4;
/** The fixture's digits. */
const DOUBLE_TOLERANCE = 1e-6;

type AnyOp = (x: unknown, given: object) => Promise<OpArray>;
type AnyGradients = (kind: string, dy: unknown, x: unknown, given: object) => Promise<Record<string, OpArray>>;

const cases = readFixture<LayerCase>('layers-pytorch.json');
const kinds = [...new Set(cases.map(({ type }) => type))];

function inputOf({ stream, inputShape, scale, levels }: LayerCase) {
  const { data, shape } = drawArray(stream, inputShape, scale);
  return { data: levels > 0 ? data.map((value) => Math.floor(value * levels) / levels) : data, shape };
}

function parametersOf({ stream, parameters }: LayerCase) {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, shape], i) => {
      return [name, drawArray(stream + 1 + i, shape, 1, name === 'runningVariance' ? 1.5 : 0)];
    }),
  );
}

async function checkCase(t: ExecutionContext, spec: LayerCase, { isa, element }: Kernels) {
  const { type, options, outputShape, y, dx, gradients = {} } = spec;
  const tolerance = element === 'float64' ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
  const close = (what: string, actual: OpArray | undefined, expected: string) =>
    isClose(t, `${what} of ${describe(spec)}`, actual?.data ?? [], decode(expected), tolerance);
  const x = inputOf(spec);
  const given = { ...parametersOf(spec), ...options, ...(isa && { isa }), ...(element && { dtype: element }) };
  const ofBatch = type === 'batchNormalization' && dx !== undefined;
  const output = await (ops[type as 'relu'] as unknown as AnyOp)(x, ofBatch ? { ...given, training: true } : given);
  t.deepEqual(output.shape, outputShape, describe(spec));
  close('output', output, y);
  if (dx === undefined) return;
  const found = await (ops.gradients as AnyGradients)(type, drawArray(spec.stream + 99, outputShape), x, given);
  close('output in training', found.output, y);
  close('dx', found.x, dx);
  for (const [name, expected] of Object.entries(gradients)) close(name, found[name], expected);
}

function describe({ type, options, inputShape }: LayerCase): string {
  return `${type} ${JSON.stringify(options)} of ${inputShape.join('x')}`;
}

test('the fixture holds layers enough', (t) => {
  t.true(cases.length >= 320);
  t.true(cases.every(({ parameters, dx, gradients }) => !dx || Object.keys(parameters).every((p) => gradients?.[p])));
});

for (const kind of kinds) {
  testEachKernel(`${kind} is PyTorch's, with its gradients`, async (t, kernels) => {
    for (const spec of cases) if (spec.type === kind) await checkCase(t, spec, kernels);
  });
}
