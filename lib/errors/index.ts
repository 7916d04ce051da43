export { CheckpointError } from './checkpoint-error.js';
export { CnnativeError } from './cnnative-error.js';
export { DataError } from './data-error.js';
export { InvalidArgumentError } from './invalid-argument-error.js';
export { ModelFileError } from './model-file-error.js';
export { NativeLoadError } from './native-load-error.js';
export { ShapeError } from './shape-error.js';
export { type NonFinite, TrainingError } from './training-error.js';
