import test from 'ava';
import { CallProgram, type VariableOperand } from '../helpers/call-program.js';
import { drawSigned } from '../helpers/draw.js';

/** A piece of a team call, the whole of each of these: what may run at once does. */
const ELEMENTS = 16_384;

test('team calls that read what others write run one after another, on any number of threads', async (t) => {
  const start = (stream: number) => Float32Array.from({ length: ELEMENTS }, (_, i) => drawSigned(stream, i));
  const values = [0, 1, 2, 3, 4].map(start);
  // Chains through all of them, with calls between that have nothing to do with their neighbours.
  const calls = [
    [0, 1],
    [2, 0],
    [3, 4],
    [4, 2],
    [0, 3],
    [1, 0],
    [1, 4],
    [2, 3],
    [3, 1],
  ] as const;
  const expected = values.map((v) => v.slice());
  for (const [y, x] of calls) {
    const [to, from] = [expected[y] as Float32Array, expected[x] as Float32Array];
    from.forEach((value, i) => {
      to[i] = Math.fround((to[i] as number) + value);
    });
  }
  for (const phase of ['prepare', 'compute', 'update'] as const) {
    for (let round = 0; round < 20; round++) {
      const program = new CallProgram({ samples: 1 });
      const operands = values.map((v) => program.variable(v));
      for (const [y, x] of calls) {
        const of = { y: operands[y] as VariableOperand, x: operands[x] as VariableOperand };
        program.call('accumulate', of, { elements: ELEMENTS }, phase);
      }
      const read = await program.run(2 + (round % 3));
      for (const [i, operand] of operands.entries()) t.deepEqual(read(operand), expected[i], `${phase} ${round} ${i}`);
    }
  }
});
