import { networkRows } from './network-cases.mjs';

export const title = 'Training: a whole step on a fixed batch';
export const unit = 'images/s';
export const better = 'higher';

export const run = (context) => networkRows(context, 'train');
