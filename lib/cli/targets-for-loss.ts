import { type Dataset, datasets } from '../data/index.js';
import { StreamedDataset } from '../data/streamed/streamed-dataset.js';
import { InvalidArgumentError } from '../errors/index.js';
import type { Loss } from '../losses/index.js';

/**
 * The set as a loss needs it: with a target for each class, 1 for the sample's own, beside the labels where the loss compares with
 * targets.
 *
 * @throws InvalidArgumentError for such a loss and data that stays on disk, which has labels alone
 */
export function forLoss<Data extends Dataset | StreamedDataset>(loss: Loss, data: Data): Data {
  if (loss.reads === 'labels') return data;
  const { type } = loss.config();
  if (data instanceof StreamedDataset) {
    throw new InvalidArgumentError(
      `loss: expected one of labels for data that stays on disk, such as 'sparseCategoricalCrossentropy', received '${type}'.`,
    );
  }
  return datasets.oneHot(data as Dataset, type === 'hinge' ? { off: -1 } : {}) as Data;
}
