import test from 'ava';
import {
  CheckpointError,
  CnnativeError,
  DataError,
  InvalidArgumentError,
  ModelFileError,
  NativeLoadError,
  ShapeError,
  TrainingError,
} from '#lib/errors/index.js';

const kinds = [
  [InvalidArgumentError, 'InvalidArgumentError', 'ERR_INVALID_ARGUMENT'],
  [ShapeError, 'ShapeError', 'ERR_SHAPE'],
  [DataError, 'DataError', 'ERR_DATA'],
  [ModelFileError, 'ModelFileError', 'ERR_MODEL_FILE'],
  [NativeLoadError, 'NativeLoadError', 'ERR_NATIVE_LOAD'],
  [TrainingError, 'TrainingError', 'ERR_TRAINING'],
] as const;

for (const [Kind, name, code] of kinds) {
  test(`${name} carries its name, code, message and cause`, (t) => {
    const cause = new Error('the reason');
    const error = new Kind('conv2d: expected a positive integer for filters, received 0.', { cause });
    t.true(error instanceof CnnativeError);
    t.true(error instanceof Error);
    t.is(error.name, name);
    t.is(error.code, code);
    t.is(String(error), `${name}: conv2d: expected a positive integer for filters, received 0.`);
    t.is(error.cause, cause);
  });
}

test('a checkpoint error carries its path too', (t) => {
  const cause = new Error('the reason');
  const error = new CheckpointError('fit: expected room.', '/run/1', { cause });
  t.true(error instanceof CnnativeError);
  t.deepEqual(
    [error.name, error.code, error.path, error.cause],
    ['CheckpointError', 'ERR_CHECKPOINT', '/run/1', cause],
  );
});

test('the stack starts with the message and the place that threw', (t) => {
  const { stack } = new ShapeError('dense: expected rank 2.');
  t.regex(stack ?? '', /Error: dense: expected rank 2\.\n\s+at .*errors\.test/);
});
