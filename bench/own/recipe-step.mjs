// node bench/own/recipe-step.mjs RECIPE SECONDS THREADS: images a second in steps of a recipe's network on one fixed random batch.
import { info, recipes } from 'cnnative';
import { timeSteps } from '../../dist/bench/measure.js';
import { FixedBatch } from '../../dist/model/fixed-batch.js';
import { Model } from '../../dist/model/model.js';

const [name, seconds, threads] = process.argv.slice(2);
const { batchSize } = recipes.training(name);
const runtime = Model.runtimeOf(recipes.model(name));
const batch = new FixedBatch(runtime, {
  mode: 'train',
  batchSize,
  threads: Number(threads),
  isa: info().isa,
  stores: runtime.stores('train'),
  // The work is the same, and weights stay in the range they have.
  learningRate: 0,
});
const times = await timeSteps(batch, Number(seconds));
// All of the time, as for a training: a median would leave out what now and then takes longer.
const imagesPerSecond = (times.length * batchSize) / times.reduce((sum, time) => sum + time, 0);
console.log(JSON.stringify({ imagesPerSecond }));
