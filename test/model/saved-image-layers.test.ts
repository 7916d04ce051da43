import test from 'ava';
import { type Layer, layers, loadModel, sequential } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { randomValues } from '../helpers/values.js';

/** Every option at a value that is not its default. */
const LAYERS: readonly Layer[] = [
  layers.maxPooling2d({ poolSize: [2, 3], strides: [1, 2], padding: [0, 1, 2, 0], dilation: [3, 1], ceilMode: true }),
  layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 1, ceilMode: true, countIncludePad: true }),
  layers.globalMaxPooling2d({ name: 'largest' }),
  layers.adaptiveAveragePooling2d({ outputSize: [3, 5] }),
  layers.adaptiveMaxPooling2d({ outputSize: [4, 2] }),
  layers.upSampling2d({ size: [3, 2], interpolation: 'bilinear' }),
  layers.zeroPadding2d({ padding: [1, 2] }),
  layers.cropping2d({ cropping: [1, 0, 2, 3] }),
];

for (const layer of LAYERS) {
  test(`a saved ${layer.type} keeps its options and predicts the same bits`, async (t) => {
    const model = sequential({ inputShape: [2, 10, 11] }, [layers.conv2d({ filters: 3, kernelSize: 2 }), layer]);
    const folder = await temporaryFolder(t);
    await model.save(folder);
    const again = await loadModel(folder);
    t.deepEqual(again.graph.nodes[1]?.layer.config(), layer.config());
    t.deepEqual(again.outputShape, model.outputShape);
    t.is(again.summary(), model.summary());
    const x = randomValues(new Philox(81), 20 * 2 * 10 * 11);
    t.deepEqual(await again.predict(x), await model.predict(x));
  });
}
