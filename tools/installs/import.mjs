// An ES module imports the package. Without a top-level await, which a bundle in CommonJS could not have.
import * as cnnative from 'cnnative';
import { trainAndPredict } from './train-and-predict.mjs';

trainAndPredict(cnnative).then(() => console.log('trained and predicted'));
