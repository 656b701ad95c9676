/** Judges whether the processes of a server grow while small lessons come and go. */

export type ProcessSample = {
  readonly name: string;
  readonly pid: number;
  readonly rssMb: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly udp: number;
  readonly tcp: number;
};

type Figure = "rssMb" | "descriptors" | "threads" | "udp" | "tcp";

export type Growth = {
  readonly process: string;
  readonly what: Figure | "starts";
  /** Median of the second fifth of the time: the first fills pools and caches. */
  readonly before: number;
  /** Median of the last fifth. */
  readonly after: number;
  readonly most: number;
  readonly held: boolean;
};

/**
 * What may be added: the larger of a share and a number. Descriptors and TCP sockets are those of as many people as there are at the moment, which varies;
 * threads and UDP ports do not depend on people.
 */
const ALLOWED: Readonly<Record<Figure, { readonly share: number; readonly number: number }>> = {
  rssMb: { share: 0.1, number: 30 },
  descriptors: { share: 0.15, number: 15 },
  threads: { share: 0, number: 2 },
  udp: { share: 0, number: 1 },
  tcp: { share: 0.15, number: 15 },
};
const FIGURES: readonly Figure[] = ["rssMb", "descriptors", "threads", "udp", "tcp"];

/** @param samples the processes at equal distances in time, at least five times. @throws Error for fewer */
export function judgeGrowth(samples: readonly (readonly ProcessSample[])[]): Growth[] {
  if (samples.length < 5) throw new Error(`${samples.length} samples are too few to judge`);
  const fifth = samples.length / 5;
  const before = samples.slice(Math.floor(fifth), Math.floor(2 * fifth)).flat();
  const after = samples.slice(Math.floor(4 * fifth)).flat();
  const names = [...new Set(samples.flat().map(({ name }) => name))];
  return names.flatMap((name) => {
    const is = (one: ProcessSample) => one.name === name;
    const starts = new Set(
      samples
        .flat()
        .filter(is)
        .map(({ pid }) => pid),
    ).size;
    const once: Growth = { process: name, what: "starts", before: 1, after: starts, most: 1, held: starts === 1 };
    if (!before.some(is) || !after.some(is)) return [{ ...once, held: false }];
    const grown = FIGURES.map((what): Growth => {
      const [first, last] = [before, after].map((some) => medianOf(some.filter(is).map((one) => one[what]))) as [number, number];
      const most = first + Math.max(first * ALLOWED[what].share, ALLOWED[what].number);
      return { process: name, what, before: first, after: last, most, held: last <= most };
    });
    // A process that was started again would hide what it grew to.
    return starts === 1 ? grown : [...grown, once];
  });
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}
