import { Command, type CommanderError } from 'commander';
import { version } from '../machine/version.js';
import { addBenchCommand } from './bench/command.js';
import { addDataCommand } from './data/command.js';
import { UsageError } from './errors.js';
import { addEvaluateCommand } from './evaluate/command.js';
import { addGradcheckCommand } from './gradcheck/command.js';
import { addInfoCommand } from './info/command.js';
import { addPredictCommand } from './predict/command.js';
import { addProfileCommand } from './profile/command.js';
import { addRecipesCommand } from './recipes/command.js';
import { addTrainCommand } from './train/command.js';

/** All commands. Each loads what it works with when it runs, so that help comes at once. */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command('cnnative');
  program
    .description('Convolutional neural networks that train fast on a plain server.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', '\nExit codes: 0 fine, 1 failure, 2 bad usage, 130 after Ctrl-C, 143 after SIGTERM.')
    // What goes wrong is thrown, and printed in one place as one line.
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined });
  addTrainCommand(program, signal);
  addEvaluateCommand(program, signal);
  addPredictCommand(program, signal);
  addGradcheckCommand(program, signal);
  addDataCommand(program, signal);
  addInfoCommand(program);
  addBenchCommand(program, signal);
  addProfileCommand(program, signal);
  addRecipesCommand(program);
  for (const command of [program, ...program.commands]) command.exitOverride((exit) => endParsing(command, exit));
  return program;
}

function endParsing(command: Command, exit: CommanderError): never {
  if (exit.exitCode === 0) throw exit;
  const isProgram = command.parent === null;
  const [, unknown] = command.args; // of `help NAME`
  const none = unknown === undefined ? 'expected a command, received none' : `unknown command '${unknown}'`;
  const message = exit.code === 'commander.help' ? none : exit.message.replace(/^error: /, '');
  const sentence = /[.)?]$/.test(message) ? message : `${message}.`;
  throw new UsageError(`${sentence} See cnnative ${isProgram ? '' : `${command.name()} `}--help.`);
}
