/** How the learning rate changes from step to step. */
export interface Schedule {
  /** The rate of a step, from 0, of a training of so many steps with so many of them an epoch. */
  rateAt(step: number, steps: number, stepsPerEpoch: number): number;
  /** Plain data from which the same schedule is made again. */
  config(): ScheduleConfig;
}

/** Plain data that describes a schedule. */
export interface ScheduleConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** Whether a value is a schedule. */
export function isSchedule(value: unknown): value is Schedule {
  if (typeof value !== 'object' || value === null) return false;
  const { rateAt, config } = value as Partial<Schedule>;
  return typeof rateAt === 'function' && typeof config === 'function';
}
