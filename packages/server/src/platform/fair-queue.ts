/**
 * Shares a limited number of slots among clients: waiting keys (such as addresses) take turns, so a key with a thousand waiting tasks delays
 * another key by the one that runs. A key that may hold a place for long cannot take all of them: it gets another place only while `SHARE` times as many
 * are free as it holds (the dynamic threshold of Choudhury and Hahne, IEEE/ACM ToN 6(2), 1998).
 */
import { type Clock, systemClock } from "./clock.ts";

export type FairQueueOptions = {
  /** Tasks that run at once. */
  readonly slots: number;
  /** Tasks of one key that may wait; further ones are refused. */
  readonly maxWaitingPerKey: number;
  /** Tasks of all keys that may wait; those of keys that rest have as many slots besides. */
  readonly maxWaiting: number;
  /** Places that one key may hold, whatever is free. Default: by the threshold. A number suits short tasks, whose slots become free by themselves. */
  readonly slotsPerKey?: number;
};

/** A task's place. */
export type Slot = {
  /** Resolves when the task may run; never after `end`. */
  readonly ready: Promise<void>;
  /** Gives the place back, or leaves the queue. May be called twice. */
  readonly end: () => void;
};

/** How long a key gets no turn after a task, for the task's result and the milliseconds that it took. */
export type RestAfter<T> = (result: T, tookMs: number) => number;

type Waiting = { readonly start: () => void };
type Key = { held: number; readonly waiting: Waiting[] };

/** With four, one key holds a fifth of all slots at most. What it holds is what others wait behind where one process serves all slots. */
const SHARE = 4;
/** The weight of the newest task in the mean duration of tasks. */
const NEWEST = 0.1;
/** What a task is assumed to take before one has ended. */
const ASSUMED_MS = 50;

export class FairQueue {
  private readonly options: FairQueueOptions;
  private readonly clock: Clock;
  /** Keys that get no turn now, and for how long in all. */
  private readonly resting = new Map<string, { readonly ms: number }>();
  /** Keys that hold a place or wait, in the order of their next turn. */
  private readonly keys = new Map<string, Key>();
  private free: number;
  private waitingCount = 0;
  private meanMs = ASSUMED_MS;

  constructor(options: FairQueueOptions, clock: Clock = systemClock) {
    this.options = options;
    this.clock = clock;
    this.free = options.slots;
  }

  /** Tasks that wait. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** Tasks that run. */
  get running(): number {
    return this.options.slots - this.free;
  }

  /** Whether `take` would refuse. */
  isFull(name: string): boolean {
    const key = this.keys.get(name);
    if (this.free > 0 && !this.resting.has(name) && this.mayStart(key)) return false;
    if ((key?.waiting.length ?? 0) >= this.options.maxWaitingPerKey) return true;
    // Those that rest leave the others room.
    const others = this.resting.has(name) ? this.waitingCount : this.waitingCount - this.waitingOfResting();
    return others >= this.options.maxWaiting;
  }

  /** The task's place; null: the key has too many waiting tasks, or the queue has. */
  take(name: string): Slot | null {
    if (this.isFull(name)) return null;
    const key = this.keys.get(name) ?? { held: 0, waiting: [] };
    this.keys.set(name, key);
    let state: "waiting" | "running" | "ended" = "waiting";
    let startedAt = 0;
    let resolve = (): void => {};
    const ready = new Promise<void>((done) => {
      resolve = done;
    });
    const entry = {
      start: (): void => {
        state = "running";
        startedAt = this.clock.monotonic();
        key.held++;
        this.free--;
        resolve();
      },
    };
    const end = (): void => {
      if (state === "ended") return;
      if (state === "waiting") {
        key.waiting.splice(key.waiting.indexOf(entry), 1);
        this.waitingCount--;
      } else {
        key.held--;
        this.free++;
        this.meanMs += (this.clock.monotonic() - startedAt - this.meanMs) * NEWEST;
      }
      if (state === "running") this.putLast(name, key);
      state = "ended";
      if (key.held === 0 && key.waiting.length === 0) this.keys.delete(name);
      this.startWaiting();
    };
    key.waiting.push(entry);
    this.waitingCount++;
    this.startWaiting();
    return { ready, end };
  }

  /** Runs a short task when it is its turn; null: see `take`. */
  run<T>(name: string, task: () => Promise<T>, restAfter: RestAfter<T> = () => 0): Promise<T> | null {
    const place = this.take(name);
    return place && this.runIn(place, name, task, restAfter);
  }

  private async runIn<T>(place: Slot, name: string, task: () => Promise<T>, restAfter: RestAfter<T>): Promise<T> {
    await place.ready;
    const begun = this.clock.monotonic();
    try {
      const result = await task();
      this.rest(name, restAfter(result, this.clock.monotonic() - begun));
      return result;
    } finally {
      place.end();
    }
  }

  /** Gives a key no turn for so long, milliseconds. Others have theirs. */
  private rest(name: string, milliseconds: number): void {
    if (milliseconds <= 0) return;
    const rest = { ms: milliseconds };
    this.resting.set(name, rest);
    this.clock.after(Math.ceil(milliseconds), () => {
      if (this.resting.get(name) !== rest) return;
      this.resting.delete(name);
      this.startWaiting();
    });
  }

  /** When one more task of this key would have had its turn, by how long tasks and rests lately took: whole seconds, at least one. */
  secondsUntilFree(name: string): number {
    const { slots, slotsPerKey = slots } = this.options;
    const restMs = this.resting.get(name)?.ms ?? 0;
    const afterOwn = (((this.keys.get(name)?.waiting.length ?? 0) + 1) * (this.meanMs + restMs)) / slotsPerKey;
    const afterAll = ((this.waitingCount + 1) * this.meanMs) / slots;
    return Math.max(1, Math.ceil(Math.max(afterOwn, afterAll) / 1000));
  }

  private mayStart(key: Key | undefined): boolean {
    const held = key?.held ?? 0;
    const { slotsPerKey } = this.options;
    return slotsPerKey === undefined ? held * SHARE < this.free : held < slotsPerKey;
  }

  private startWaiting(): void {
    while (this.free > 0 && this.waitingCount > 0) {
      const next = this.nextKey();
      if (!next) return;
      const [name, key] = next;
      const entry = key.waiting.shift();
      if (!entry) return;
      this.putLast(name, key);
      this.waitingCount--;
      entry.start();
    }
  }

  private waitingOfResting(): number {
    let count = 0;
    for (const name of this.resting.keys()) count += this.keys.get(name)?.waiting.length ?? 0;
    return count;
  }

  /** The next turn is another key's: also that of one that came while this one's task ran. */
  private putLast(name: string, key: Key): void {
    this.keys.delete(name);
    this.keys.set(name, key);
  }

  private nextKey(): [string, Key] | null {
    for (const entry of this.keys) {
      const [name, key] = entry;
      if (key.waiting.length > 0 && !this.resting.has(name) && this.mayStart(key)) return entry;
    }
    return null;
  }
}
