import { checkNumber } from '../util/check.js';
import { isSchedule, type Schedule, type ScheduleConfig } from './schedule.js';

/** A learning rate as an option: a number from 0, or a schedule. @throws InvalidArgumentError otherwise */
export function checkRate(who: string, rate: number | Schedule): number | Schedule {
  return isSchedule(rate) ? rate : checkNumber(who, 'learningRate', rate, 0);
}

/** A learning rate as plain data. */
export function rateConfig(rate: number | Schedule): number | ScheduleConfig {
  return typeof rate === 'number' ? rate : rate.config();
}
