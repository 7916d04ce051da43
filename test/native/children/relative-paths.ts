// relative-paths.js FOLDER ELSEWHERE: makes sets of what lies in the folder by relative paths, goes elsewhere, and prints the first pixel
// of each set's only sample.
import { datasets } from 'cnnative';

const [, , folder = '', elsewhere = ''] = process.argv;
process.chdir(folder);
const sets = [
  datasets.fromFiles({ images: 'images', labels: 'labels' }),
  datasets.fromCifarFiles({ files: ['cifar'] }),
  datasets.imageFolder('pictures', { size: 1 }),
  datasets.imageFolder('.', { size: 1, split: 'pictures' }),
];
process.chdir(elsewhere);
const pixels: unknown[] = [];
for (const making of sets) pixels.push((await (await making).toMemory()).images[0]);
console.log(JSON.stringify(pixels));
