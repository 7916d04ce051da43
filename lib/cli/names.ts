/** Sets that `--dataset` can name. Apart from the sets, so that `--help` loads none of their code. */
export const DATASET_NAMES = ['digits', 'mnist', 'fashion-mnist', 'cifar10'] as const;

export type DatasetName = (typeof DATASET_NAMES)[number];
