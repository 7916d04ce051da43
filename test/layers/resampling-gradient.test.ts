import { type Layer, layers } from 'cnnative';
import { Mirror } from '#lib/layers/mirror.js';
import { testGradients } from '../helpers/gradient-check.js';

const LAYERS: Record<string, () => Layer> = {
  'images repeated': () => layers.upSampling2d(),
  'rows repeated': () => layers.upSampling2d({ size: [3, 1] }),
  'images blended': () => layers.upSampling2d({ interpolation: 'bilinear' }),
  'images blended by odd factors': () => layers.upSampling2d({ size: [3, 5], interpolation: 'bilinear' }),
  'images with zeros around them': () => layers.zeroPadding2d({ padding: [1, 0, 2, 3] }),
  'images in a mirror': () => new Mirror(),
  'the inner part of images': () => layers.cropping2d({ cropping: [0, 2, 1, 1] }),
};

testGradients(
  'gradients of resampling, padding and cropping match central differences',
  () =>
    Object.entries(LAYERS).map(([name, layer], i) => ({
      ...{ name, inputShape: [2, 6, 5], samples: [5, 17, 33][i % 3] ?? 5 },
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 2, activation: 'tanh' }),
        layer(),
        layers.conv2d({ filters: 2, kernelSize: 2, activation: 'tanh' }),
        layers.flatten(),
        layers.dense({ units: 3 }),
      ],
    })),
  337,
);
