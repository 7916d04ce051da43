// A CommonJS module requires the package.
const cnnative = require('cnnative');

import('./train-and-predict.mjs')
  .then(({ trainAndPredict }) => trainAndPredict(cnnative))
  .then(() => console.log('trained and predicted'));
