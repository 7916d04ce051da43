import test, { type ExecutionContext } from 'ava';
import { Philox } from '#lib/util/philox.js';
import { isClose } from './closeness.js';
import { type Differences, inputDifferences, parameterDifferences, wholeInputDifferences } from './differences.js';
import { lazy, testEachIsa } from './isas.js';
import { type Batch, DOUBLE, type NetworkLayers, type Settings, TestNetwork } from './test-network.js';
import { at, largestMagnitude, randomLabels, randomValues } from './values.js';

// Both as a part of the largest value of the tensor.
const FLOAT_TOLERANCE = 1e-3;
const DOUBLE_TOLERANCE = 1e-5;
/** Of all elements tried, at most so many may be left out because their step crosses a kink. */
const MOST_KINKED = 0.01;
/** A tensor all of whose slopes are smaller would prove nothing. */
const SMALLEST_SLOPE = 1e-5;

const ELEMENTS_PER_PARAMETER = 60;
const ELEMENTS_OF_INPUT = 200;

/** A network whose gradients are held to central differences of its loss. */
export interface GradientCase {
  readonly name: string;
  readonly inputShape: readonly number[];
  /** Shapes of the other inputs, if there are any. */
  readonly moreInputs?: readonly (readonly number[])[];
  readonly layers: NetworkLayers;
  readonly samples: number;
  /** Whether samples of a batch depend on one another, as with batch normalisation: the loss is then that of training. */
  readonly wholeBatch?: boolean;
}

interface Truth {
  readonly name: string;
  readonly network: TestNetwork;
  readonly parameters: readonly Float32Array[];
  readonly batch: Batch;
  readonly differences: readonly Differences[];
}

/** One test for each instruction set and one for the double program, over all cases. */
export function testGradients(title: string, makeCases: () => readonly GradientCase[], seed: number): void {
  const truths = lazy(async () => {
    const all: Truth[] = [];
    for (const [i, spec] of makeCases().entries()) all.push(await differentiate(spec, new Philox(seed, i)));
    return all;
  });
  testEachIsa(title, async (t, isa) => check(t, await truths(), { isa }, FLOAT_TOLERANCE));
  test(`double ${title}`, async (t) => check(t, await truths(), DOUBLE, DOUBLE_TOLERANCE));
}

async function differentiate(
  { name, inputShape, moreInputs = [], layers, samples, wholeBatch = false }: GradientCase,
  random: Philox,
): Promise<Truth> {
  const network = new TestNetwork(inputShape, layers, ...moreInputs);
  const parameters = network.randomParameters(random);
  const batch = {
    inputs: randomValues(random, samples * network.features),
    labels: randomLabels(random, samples, network.classes),
  };
  const mode = wholeBatch ? 'gradients' : 'evaluate';
  const differences = [
    ...(await parameterDifferences(network, parameters, batch, random, ELEMENTS_PER_PARAMETER, mode)),
    wholeBatch
      ? await wholeInputDifferences(network, parameters, batch, random, ELEMENTS_PER_PARAMETER)
      : await inputDifferences(network, parameters, batch, random, ELEMENTS_OF_INPUT),
  ];
  return { name, network, parameters, batch, differences };
}

async function check(t: ExecutionContext, truths: readonly Truth[], settings: Settings, tolerance: number) {
  let tried = 0;
  let kinked = 0;
  for (const { name, network, parameters, batch, differences } of truths) {
    const actual = await network.gradients(parameters, batch, settings);
    for (const { name: tensor, elements, slopes, kinked: kinks } of differences) {
      const smooth = elements.map((_, j) => j).filter((j) => !kinks[j]);
      tried += elements.length;
      kinked += elements.length - smooth.length;
      const slot = network.network.parameters.findIndex((parameter) => parameter.name === tensor);
      const gradient = actual.parameters[slot] ?? actual.input;
      const own = smooth.map((j) => at(gradient, at(elements, j)));
      const truth = smooth.map((j) => at(slopes, j));
      t.true(largestMagnitude(truth) >= SMALLEST_SLOPE, `${tensor} of ${name} has no slopes to speak of`);
      isClose(t, `gradient of ${tensor} of ${name}`, own, truth, tolerance);
    }
  }
  t.true(kinked < MOST_KINKED * tried, `${kinked} of ${tried} steps cross a kink`);
}
