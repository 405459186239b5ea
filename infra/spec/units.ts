/** An amount of processor time, such as "0.5 vCPU". */
export type Cpu = `${number} vCPU`;

/** An amount of memory or storage, such as "512 MiB". */
export type Size = `${number} MiB` | `${number} GiB`;

/** A length of time, such as "30 s". */
export type Duration = `${number} ms` | `${number} s` | `${number} min` | `${number} h` | `${number} d`;

const numberAndUnit = /^(\d+(?:\.\d+)?) (\S+)$/;

const mebibytes: Record<string, number> = { MiB: 1, GiB: 1024 };
const seconds: Record<string, number> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

function parse(text: string, units: Record<string, number>): number | undefined {
  const [, amount, unit] = numberAndUnit.exec(text) ?? [];
  const factor = unit === undefined ? undefined : units[unit];
  return factor === undefined ? undefined : Number(amount) * factor;
}

/** Whether a text is a positive amount of processor time in whole thousandths of a vCPU. */
export function isCpu(text: string): text is Cpu {
  const amount = parse(text, { vCPU: 1000 });
  return amount !== undefined && amount > 0 && Number.isInteger(amount);
}

/** Whether a text is a positive amount of memory or storage in whole mebibytes. */
export function isSize(text: string): text is Size {
  const amount = parse(text, mebibytes);
  return amount !== undefined && amount > 0 && Number.isInteger(amount);
}

/** Whether a text is a length of time. */
export function isDuration(text: string): text is Duration {
  return parse(text, seconds) !== undefined;
}

/** Thousandths of a vCPU. */
export function toMillicpu(cpu: Cpu): number {
  return Math.round(parse(cpu, { vCPU: 1000 }) ?? Number.NaN);
}

/** Mebibytes. */
export function toMebibytes(size: Size): number {
  return parse(size, mebibytes) ?? Number.NaN;
}

/** Seconds. */
export function toSeconds(duration: Duration): number {
  return parse(duration, seconds) ?? Number.NaN;
}
