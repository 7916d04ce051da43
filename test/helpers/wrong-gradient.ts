import { Layer, type LayerConfig, type ParameterLookup } from '#lib/layers/layer.js';
import type { Emitter } from '#lib/program/emitter.js';
import type { Operation, Value } from '#lib/program/operation.js';
import type { Trace } from '#lib/program/trace.js';
import { type Shape, sizeOf } from '#lib/util/shape.js';

/** What its gradient is taken for. */
export type WrongRule = 'identity' | 'sigmoid';

/** A tanh whose gradient is that of another function. */
export function wrongTanh(rule: WrongRule): Layer {
  return new WrongTanh(rule);
}

class WrongTanh extends Layer {
  readonly type = 'wrongTanh';
  readonly #rule: WrongRule;

  constructor(rule: WrongRule) {
    super('wrongTanh', {}, []);
    this.#rule = rule;
  }

  outputShape(_who: string, input: Shape): Shape {
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new WrongOperation(x, this.#rule));
  }

  config(): LayerConfig {
    return { type: this.type };
  }
}

class WrongOperation implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #rule: WrongRule;

  constructor(x: Value, rule: WrongRule) {
    this.inputs = [x];
    this.output = { shape: x.shape, producer: this };
    this.#rule = rule;
  }

  forward(emit: Emitter): void {
    const operands = { y: emit.define(this.output), x: emit.bufferOf(this.inputs[0]) };
    emit.compute('activation', operands, { activation: 'tanh', features: sizeOf(this.output.shape) });
  }

  gradient(emit: Emitter): void {
    const dy = emit.gradientOf(this.output);
    const features = sizeOf(this.output.shape);
    if (this.#rule === 'identity') {
      emit.giveGradient(this.inputs[0], dy);
      return;
    }
    const operands = { dy, y: emit.bufferOf(this.output) };
    emit.emitGradient(this.inputs[0], (dx) => {
      emit.compute('activationGradient', { ...operands, dx }, { activation: this.#rule, features });
    });
  }
}
