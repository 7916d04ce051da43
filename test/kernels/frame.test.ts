import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { lazy, testEachKernel } from '../helpers/isas.js';
import { at, pick, randomValues } from '../helpers/values.js';

/** Padded, cropped, both, and moved out of the frame altogether. */
const truths = lazy(() => {
  const random = new Philox(51);
  return Array.from({ length: 80 }, () => {
    const [channels, samples] = [1 + random.nextInt(4), pick(random, [1, 5, 16, 17, 33])];
    const side = () => 1 + random.nextInt(8);
    const [height, width, outputHeight, outputWidth] = [side(), side(), side(), side()];
    const [top, left] = [random.nextInt(19) - 9, random.nextInt(19) - 9];
    const x = randomValues(random, samples * channels * height * width);
    const y = Float32Array.from({ length: samples * channels * outputHeight * outputWidth }, (_, i) => {
      const column = (i % outputWidth) - left;
      const row = (Math.floor(i / outputWidth) % outputHeight) - top;
      const plane = Math.floor(i / outputWidth / outputHeight);
      const isInside = row >= 0 && row < height && column >= 0 && column < width;
      return isInside ? at(x, (plane * height + row) * width + column) : 0;
    });
    return { samples, x, y, attributes: { channels, height, width, outputHeight, outputWidth, top, left } };
  });
});

testEachKernel('an image in another frame is moved there, with zeros around it', async (t, kernels) => {
  for (const { samples, attributes, x, y: expected } of truths()) {
    const program = new CallProgram({ ...kernels, samples });
    const y = program.sample(expected.length / samples);
    program.call('reframe', { y, x: program.input(x) }, attributes);
    for (const threads of [1, 3]) {
      const actual = (await program.run(threads))(y);
      t.deepEqual(Float32Array.from(actual), expected, `${samples} samples, ${JSON.stringify(attributes)}`);
    }
  }
});
