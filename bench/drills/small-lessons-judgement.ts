/** Judges whether the processes of a server grow while small lessons come and go. */

export type ProcessSample = {
  readonly name: string;
  readonly pid: number;
  /** What JavaScript holds once garbage is collected; `rssMb` is taken after that too. */
  readonly retainedMb: number;
  readonly rssMb: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly udp: number;
  readonly tcp: number;
};

export type Sample = {
  /** How many are over. */
  readonly lessons: number;
  readonly processes: readonly ProcessSample[];
};

type Figure = "retainedMb" | "rssMb" | "descriptors" | "threads" | "udp" | "tcp";

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
 * threads and UDP ports do not depend on people. Of each lesson, figures of its streams are kept for two hours (docs/monitoring.md), and its policy
 * until ten thousand others have come: what is held may grow by that, and by what people who are there hold.
 */
const ALLOWED: Readonly<Record<Figure, { readonly share: number; readonly number: number; readonly perLesson: number }>> = {
  retainedMb: { share: 0, number: 3, perLesson: 0.012 },
  rssMb: { share: 0.1, number: 30, perLesson: 0 },
  descriptors: { share: 0.15, number: 15, perLesson: 0 },
  threads: { share: 0, number: 2, perLesson: 0 },
  udp: { share: 0, number: 1, perLesson: 0 },
  tcp: { share: 0.15, number: 15, perLesson: 0 },
};
/** Media workers hold the newest media of the streams that they have at the moment: one has some more, or some fewer, each time. */
const OF_STREAMS_MB = 8;
const FIGURES: readonly Figure[] = ["retainedMb", "rssMb", "descriptors", "threads", "udp", "tcp"];

/** @param samples the processes at equal distances in time, at least five times. @throws Error for fewer */
export function judgeGrowth(samples: readonly Sample[]): Growth[] {
  if (samples.length < 5) throw new Error(`${samples.length} samples are too few to judge`);
  const fifth = samples.length / 5;
  const before = samples.slice(Math.floor(fifth), Math.floor(2 * fifth));
  const after = samples.slice(Math.floor(4 * fifth));
  const lessons = medianOf(after.map((one) => one.lessons)) - medianOf(before.map((one) => one.lessons));
  const all = processesIn(samples);
  return [...new Set(all.map(({ name }) => name))].flatMap((name) => {
    const is = (one: ProcessSample) => one.name === name;
    const starts = new Set(all.filter(is).map(({ pid }) => pid)).size;
    const once: Growth = { process: name, what: "starts", before: 1, after: starts, most: 1, held: starts === 1 };
    const [first, last] = [processesIn(before).filter(is), processesIn(after).filter(is)];
    if (first.length === 0 || last.length === 0) return [{ ...once, held: false }];
    const grown = FIGURES.map((what) => growthOf(name, what, first, last, lessons));
    // A process that was started again would hide what it grew to.
    return starts === 1 ? grown : [...grown, once];
  });
}

function growthOf(
  name: string,
  what: Figure,
  first: readonly ProcessSample[],
  last: readonly ProcessSample[],
  lessons: number,
): Growth {
  const [before, after] = [medianOf(first.map((one) => one[what])), medianOf(last.map((one) => one[what]))];
  const { share, number, perLesson } = ALLOWED[what];
  const ofStreams = what === "retainedMb" && name.startsWith("media-") ? OF_STREAMS_MB : 0;
  const most = before + Math.max(before * share, number) + ofStreams + perLesson * lessons;
  return { process: name, what, before, after, most, held: after <= most };
}

function processesIn(samples: readonly Sample[]): ProcessSample[] {
  return samples.flatMap(({ processes }) => processes);
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
}
