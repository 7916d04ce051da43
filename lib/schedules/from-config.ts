import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { schedules } from './all.js';
import { isSchedule, type Schedule, type ScheduleConfig } from './schedule.js';

const { custom, ...described } = schedules;
const NAMES = Object.keys(described) as (keyof typeof described)[];

/** The schedule a `config()` describes. @throws InvalidArgumentError when it describes none */
export function scheduleFromConfig(who: string, config: ScheduleConfig): Schedule {
  if (!isPlainObject(config)) {
    throw new InvalidArgumentError(
      `${who}: expected an object with the type of a schedule, received ${describe(config)}.`,
    );
  }
  const { type, ...plain } = config;
  const options: Record<string, unknown> = plain;
  const make = described[checkChoice(who, 'type of the schedule', type, NAMES)] as (options: unknown) => Schedule;
  if ('schedule' in options) options.schedule = rateFromConfig(who, options.schedule);
  if (Array.isArray(options.schedules)) options.schedules = options.schedules.map((one) => rateFromConfig(who, one));
  return make(options);
}

/** A learning rate of plain data: a schedule where it describes one, else as it is. */
export function rateFromConfig(who: string, rate: unknown): unknown {
  return isPlainObject(rate) && !isSchedule(rate) ? scheduleFromConfig(who, rate as ScheduleConfig) : rate;
}
