// Numbers as people read them.

/** `0.98765` as `98.77 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** `1234567.8` as `1,234,568`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function rate(imagesPerSecond: number): string {
  return `${count(imagesPerSecond)} images/s`;
}

/** `0.012345` as `0.0123`, `12345.678` as `12346`. */
export function loss(value: number): string {
  return value.toFixed(Math.abs(value) < 1000 ? 4 : 0);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `4.21` as `4.2 s`, `200` as `3 min 20 s`, `7380` as `2 h 3 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `4.21` as `0:04`, `7380` as `2:03:00`: of a steady width, for lines that are redrawn. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return parts.map((part, i) => (i === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':');
}

/** A word of a command, to be pasted into a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
