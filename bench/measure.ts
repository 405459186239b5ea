/** What was measured: one line of the report. */
export interface Figure {
  name: string;
  /** The measured value with its unit. */
  value: string;
  /** What it is compared with. @default nothing */
  floor?: { name: string; value: string; ratio: number };
  /** The greatest ratio that is wished for. @default none */
  aim?: number;
}

/** Milliseconds of repeated runs. */
export interface Times {
  median: number;
  min: number;
}

/** Something whose time is taken. */
export type Work = () => Promise<unknown>;

/** The median, and the least, of numbers. */
export function summarise(numbers: readonly number[]): Times {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
  return { median, min: sorted[0] ?? NaN };
}

/**
 * Times several works in turns, so that all of them meet the machine in the same state. A first round warms caches and
 * does not count.
 */
export async function race<Name extends string>(
  works: Record<Name, Work>,
  rounds: number,
): Promise<Record<Name, Times>> {
  const names = Object.keys(works) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const began = performance.now();
      await works[name]();
      if (round > 0) taken[name].push(performance.now() - began);
    }
  }
  return Object.fromEntries(names.map((name) => [name, summarise(taken[name])])) as Record<Name, Times>;
}

/** "1.23 s (least 1.10 s)" */
export function seconds({ median, min }: Times): string {
  return `${(median / 1000).toFixed(2)} s (least ${(min / 1000).toFixed(2)} s)`;
}

/** A figure that is compared with a floor of the same run, by their medians. */
export function compared(name: string, times: Times, floorName: string, floor: Times, aim?: number): Figure {
  const ratio = times.median / floor.median;
  return {
    name,
    value: seconds(times),
    floor: { name: floorName, value: seconds(floor), ratio },
    ...(aim === undefined ? {} : { aim }),
  };
}

/** A figure that is to stay below a number of milliseconds, whatever the machine. */
export function limited(name: string, milliseconds: number, limit: number): Figure {
  const text = (value: number) => (limit < 1 ? `${value.toFixed(3)} ms` : `${(value / 1000).toFixed(2)} s`);
  return {
    name,
    value: text(milliseconds),
    floor: { name: "the limit", value: text(limit), ratio: milliseconds / limit },
    aim: 1,
  };
}
