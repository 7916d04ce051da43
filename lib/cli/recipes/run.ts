import { readFileSync } from 'node:fs';
import { recipePath } from '../../recipes/files.js';
import { type RecipeInfo, type RecipeName, recipes } from '../../recipes/index.js';
import type { Spread } from '../../util/spread.js';
import { count, duration, percent } from '../format.js';
import { columns } from '../table.js';

const HEAD = ['name', 'data set', 'parameters', 'multiply-adds', 'epochs', 'accuracy', 'time'];

/** `cnnative recipes`. */
export function runRecipeList(json: boolean): void {
  const list = recipes.list();
  process.stdout.write(json ? `${JSON.stringify(list)}\n` : asText(list));
}

/** `cnnative recipes NAME`. */
export function runRecipe(name: RecipeName, json: boolean): void {
  const text = readFileSync(recipePath(name), 'utf8');
  process.stdout.write(json ? `${JSON.stringify(JSON.parse(text))}\n` : text);
}

function asText(list: readonly RecipeInfo[]): string {
  const rows = list.map(({ name, dataset, parameters, multiplyAdds, epochs, measured }) => {
    const size = [count(parameters), `${(multiplyAdds / 1e6).toFixed(2)} M`, `${epochs}`];
    return [
      name,
      dataset,
      ...size,
      ...(measured ? [accuracy(measured.accuracy), duration(measured.seconds.mean)] : []),
    ];
  });
  const lines = list.map(({ name, description }) => [name, description]);
  const machines = new Set(list.flatMap(({ measured }) => measured?.machine ?? []));
  const where = machines.size > 0 ? `\nAccuracy and time as measured with ${[...machines].join('; ')}.\n` : '';
  return `${columns(HEAD, rows.map(filled), 2)}\n${columns(['name', 'what it is'], lines)}${where}`;
}

function accuracy({ mean, deviation }: Spread): string {
  return deviation === null ? percent(mean) : `${percent(mean)} ± ${(deviation * 100).toFixed(2)}`;
}

function filled(cells: readonly string[]): string[] {
  return HEAD.map((_, i) => cells[i] ?? '');
}
