const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** How sizes in bytes may be written, for error messages. */
export const BYTES_FORM = "a positive number of bytes or a size such as '512MB' or '1.5GiB'";

/** Bytes of a number, or of a text such as `512MB` (decimal), `1.5 GiB` (binary) or `1000`; `undefined` for anything else. */
export function parseBytes(value: unknown): number | undefined {
  const [, digits = '', unit = 'b'] =
    typeof value === 'string' ? (/^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b)?\s*$/i.exec(value) ?? []) : [];
  const bytes =
    typeof value === 'number'
      ? value
      : digits === ''
        ? Number.NaN
        : Number(digits) * (UNITS[unit.toLowerCase()] ?? NaN);
  return Number.isFinite(bytes) && bytes >= 1 ? bytes : undefined;
}

/** Bytes for people, in decimal units: `123 B`, `45.6 kB`, `7.89 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  let value = bytes / 1000;
  let unit = 0;
  // 999.5 kB would be shown as 1.00e+3 kB.
  for (; value >= 999.5 && unit < 3; unit++) value /= 1000;
  return `${value >= 999.5 ? Math.round(value) : value.toPrecision(3)} ${['kB', 'MB', 'GB', 'TB'][unit]}`;
}
