/**
 * Begins more work than a run usually does at once while the machine has nothing to do: most of what tests do is waiting, and how much they wait for a
 * program's own pace differs from file to file. Beside other programs nothing more begins.
 */
import { cpus } from "node:os";
import { setTimeout } from "node:timers/promises";

/** What all cores together have done since the machine began, in one unit. */
export type CoreTimes = { readonly idle: number; readonly all: number };

/** So often the cores are looked at; so many looks in a row make a judgement, long enough for a server's start not to. */
const LOOK_MS = 1000;
const LOOKS = 8;
/** On two cores, as much as a file takes and a little more: two fifths of a core. */
const SPARE_SHARE = 0.25;

function readCoreTimes(): CoreTimes {
  const sums = cpus().map(({ times }) => ({ idle: times.idle, all: times.user + times.nice + times.sys + times.idle + times.irq }));
  return sums.reduce((one, other) => ({ idle: one.idle + other.idle, all: one.all + other.all }), { idle: 0, all: 0 });
}

/** Judges from what the cores have done of late. */
export class SpareTime {
  /** The oldest first. */
  private looks: CoreTimes[] = [];

  look(times: CoreTimes): void {
    this.looks = [...this.looks.slice(-LOOKS), times];
  }

  /** Whether there is time for more. Then what it begins must have shown before the next is judged. */
  take(): boolean {
    const [first, last] = [this.looks[0], this.looks[LOOKS]];
    if (!first || !last || last.idle - first.idle < SPARE_SHARE * (last.all - first.all)) return false;
    this.looks = [];
    return true;
  }
}

export type SpareWork = {
  /** So much of it is done at once. */
  readonly most: number;
  /** None where nothing is left to begin. */
  readonly begin: () => Promise<void> | null;
  /** When the usual work has ended, no more begins. */
  readonly until: Promise<unknown>;
  /** How the cores are looked at. */
  readonly watch?: { readonly read: () => CoreTimes; readonly everyMs: number };
};

/** Ends with all that it has begun. */
export async function useSpareTime({ most, begin, until, watch }: SpareWork): Promise<void> {
  const { read, everyMs } = watch ?? { read: readCoreTimes, everyMs: LOOK_MS };
  const spare = new SpareTime();
  const running = new Set<Promise<void>>();
  let isOver = false;
  const over = until.finally(() => {
    isOver = true;
  });
  while (most > 0 && !isOver) {
    await Promise.race([over, setTimeout(everyMs)]);
    spare.look(read());
    if (isOver || running.size >= most || !spare.take()) continue;
    const work = begin();
    if (!work) continue;
    running.add(work);
    void work.finally(() => running.delete(work));
  }
  await Promise.all([over, ...running]);
}
