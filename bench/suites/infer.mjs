import { networkRows } from './network-cases.mjs';

export const title = 'Inference of batches';
export const unit = 'images/s';
export const better = 'higher';

export const run = (context) => networkRows(context, 'infer');
