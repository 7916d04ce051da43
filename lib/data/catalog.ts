/** A data set that goes by a name: what is known of it before any file is read. */
export interface SetInfo {
  /** What it is, and who made it. */
  readonly title: string;
  /** Shape of one image. */
  readonly shape: readonly number[];
  readonly classNames: readonly string[];
  /** Images of each part. */
  readonly train: number;
  readonly test: number;
  /** Mean of each channel over all pixels of the training part, scaled to 0..1. */
  readonly mean: readonly number[];
  /** Standard deviation of the same. */
  readonly std: readonly number[];
}

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

const FINE_CLASSES = `apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel
  can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant
  flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree
  motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy
  porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel
  streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
  willow_tree wolf woman worm`;

/**
 * The sets by the names they have on the command line and in configurations. Means and deviations are those in general use for
 * the sets as published; those of digits are of the default set.
 */
export const CATALOG = {
  digits: {
    title: 'Digits drawn from strokes; needs no files',
    shape: [1, 28, 28],
    classNames: DIGITS,
    train: 12_000,
    test: 2_000,
    mean: [0.1173],
    std: [0.2352],
  },
  mnist: {
    title: 'MNIST, handwritten digits (LeCun, Cortes, Burges)',
    shape: [1, 28, 28],
    classNames: DIGITS,
    train: 60_000,
    test: 10_000,
    mean: [0.1307],
    std: [0.3081],
  },
  'fashion-mnist': {
    title: 'Fashion-MNIST, pictures of clothes (Xiao, Rasul, Vollgraf 2017)',
    shape: [1, 28, 28],
    classNames: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
    train: 60_000,
    test: 10_000,
    mean: [0.286],
    std: [0.353],
  },
  cifar10: {
    title: 'CIFAR-10, small colour photographs (Krizhevsky 2009)',
    shape: [3, 32, 32],
    classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
    train: 50_000,
    test: 10_000,
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.247, 0.2435, 0.2616],
  },
  cifar100: {
    title: 'CIFAR-100, small colour photographs (Krizhevsky 2009)',
    shape: [3, 32, 32],
    classNames: FINE_CLASSES.split(/\s+/),
    train: 50_000,
    test: 10_000,
    mean: [0.5071, 0.4865, 0.4409],
    std: [0.2673, 0.2564, 0.2762],
  },
} as const satisfies Readonly<Record<string, SetInfo>>;

/** Names of the sets that `datasets.load` knows. */
export type CatalogName = keyof typeof CATALOG;

/** In the order in which they are shown. */
export const CATALOG_NAMES = Object.keys(CATALOG) as readonly CatalogName[];
