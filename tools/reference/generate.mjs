// node tools/reference/generate.mjs FOLDER: writes the reference of the public names into a folder. Fails where TypeDoc warns of something,
// such as a link that leads nowhere, and where a public name is not documented.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { fail, root } from '../run.mjs';

const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  name: 'cnnative: API reference',
  entryPoints: [join(root, 'lib', 'index.ts')],
  tsconfig: join(root, 'tsconfig.json'),
  out: process.argv[2] ?? fail('expected a folder to write to, received none.'),
  readme: 'none',
  // Line numbers would change the reference with every edit.
  disableSources: true,
  // Else every class of errors would tell again what it inherits from Error: JavaScript's and Node's documents do.
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  // A page for the package, and one for each object such as `layers`.
  outputFileStrategy: 'modules',
  flattenOutputFiles: true,
  // Not `notExported`: classes behind `layers.conv2d` and the like have no public name. Not `notDocumented`: it does not see the comment
  // of a function that is given a second name, as in `datasets`; see below.
  validation: { invalidLink: true, rewrittenLink: true, notExported: false, notDocumented: false },
});
const project = (await app.convert()) ?? fail('TypeDoc could not read lib/.');
app.validate(project);

describeOps(project);
for (const reflection of publicNames(project)) {
  if (!commentOf(reflection)) app.logger.error(`${reflection.getFullName()} has no doc comment.`);
}
if (!app.logger.hasErrors() && !app.logger.hasWarnings()) await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
mendLinks(app.options.getValue('out'), project);

/** A layer as a function on arrays is what the layer is; its type is made of the layer's, and has no comment of its own. */
function describeOps(project) {
  const layers = project.getChildByName('layers');
  for (const op of project.getChildByName('ops').children) {
    const layer = layers.getChildByName([op.name]);
    if (layer && !commentOf(op)) op.comment = commentOf(layer)?.clone();
  }
}

/** What lib/index.ts exports, and what is in objects such as `layers`. */
function publicNames({ children = [] }) {
  return children.flatMap((child) =>
    child.kindOf(ReflectionKind.Namespace) ? [child, ...publicNames(child)] : [child],
  );
}

/** Its own, or that of the function that it is. */
function commentOf(reflection) {
  const signatures = [reflection.signatures, reflection.type?.declaration?.signatures].flatMap((list) => list ?? []);
  return [reflection, ...signatures].find((each) => each.hasComment())?.comment;
}

/**
 * The plugin takes the member `Average.config` for a heading with the anchor of `AverageConfig`, and leads links to that one to
 * `#averageconfig-1`, which is not there.
 */
function mendLinks(folder, { children }) {
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  const slugs = [...index.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replaceAll(/[^\w-]/g, ''),
  );
  const names = children.map(({ name }) => name.toLowerCase());
  const anchors = names.filter((name) => slugs.filter((slug) => slug === name).length === 1);
  const wrong = new RegExp(`(?<=README\\.md#|\\(#)(${anchors.join('|')})-1(?=\\))`, 'g');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(wrong, '$1'));
  }
}
