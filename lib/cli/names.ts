/** Sets that `--dataset` can name. The catalog has none of the sets' code, so that `--help` loads none. */
export { CATALOG_NAMES as DATASET_NAMES, type CatalogName as DatasetName } from '../data/catalog.js';
