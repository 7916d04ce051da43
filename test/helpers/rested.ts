import { setTimeout } from 'node:timers/promises';

/** Waits until nothing has run for so long that spare memory is back with the system. */
export const rested = () => setTimeout(500);
