/** Does the work of one kind: looks for what is due, begins what has a place, and sleeps until the next item is due or somebody wakes it. */
import type { Clock } from "../../../platform/clock.ts";
import type { Logger } from "../../../platform/log.ts";
import { RetryDelay } from "../../../platform/retry-delay.ts";
import { chooseItems } from "./fair-slots.ts";
import type { Slots, WorkItem, WorkKind } from "./work-kind.ts";

export type WorkLoopOptions = {
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether this process does the work at present. */
  readonly isWanted: () => boolean;
  /** The longest sleep, milliseconds. */
  readonly sleepMs: () => number;
  readonly signal: AbortSignal;
};

/** Until when an item is left alone, and how often it has failed in a row. */
type Rest = { readonly until: number; readonly errors: number };

const ALL: Slots = {
  total: 8,
  perSchool: Number.POSITIVE_INFINITY,
  perTarget: Number.POSITIVE_INFINITY,
  failing: Number.POSITIVE_INFINITY,
  probeAfter: Number.POSITIVE_INFINITY,
};
const REST_MS = 1000;
/** Delays after errors that nobody planned, such as a database that is gone. */
const ERROR_DELAYS = { first: 2000, most: 60_000 };
/** An item that is not found again has been done by somebody, and its errors are forgotten. */
const FORGET_MS = 2 * ERROR_DELAYS.most;
/** What was found so short a time ago needs no other look when it gets its place: a thousand items are not a thousand looks. */
const FRESH_MS = 1000;

/** The places of a kind. What it leaves open has no bound, but the total has. */
export function slotsOf({ places }: Pick<WorkKind<WorkItem>, "places">): Slots {
  return { ...ALL, ...places };
}

export class WorkLoop<Item extends WorkItem> {
  private readonly kind: WorkKind<Item>;
  private readonly options: WorkLoopOptions;
  private readonly places: Slots;
  private readonly busy = new Map<string, { readonly item: Item; readonly done: Promise<void> }>();
  private readonly rests = new Map<string, Rest>();
  private readonly lookDelay = new RetryDelay(ERROR_DELAYS);
  /** What was found due and has no place yet. */
  private waiting: { readonly items: readonly Item[]; readonly foundAt: number } = { items: [], foundAt: 0 };
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private cancelTimer: (() => void) | null = null;
  private wakes = 0;

  constructor(kind: WorkKind<Item>, options: WorkLoopOptions) {
    this.kind = kind;
    this.options = options;
    this.places = slotsOf(kind);
  }

  /** Something may be due that was not, or was not known. Items rest no longer, but those that fail. */
  wake(): void {
    this.wakes++;
    this.waiting = { items: [], foundAt: 0 };
    for (const [id, { errors }] of this.rests) if (errors === 0) this.rests.delete(id);
    this.look();
  }

  /** Resolves when what was begun is done. Nothing is begun after `signal`. */
  async settled(): Promise<void> {
    this.cancelTimer?.();
    await this.looking;
    await Promise.all([...this.busy.values()].map(({ done }) => done));
  }

  private get mayWork(): boolean {
    return this.options.isWanted() && !this.options.signal.aborted;
  }

  private look(): void {
    this.lookAgain = true;
    if (!this.mayWork) return;
    this.looking ??= this.lookNow();
  }

  private async lookNow(): Promise<void> {
    const { log } = this.options;
    try {
      while (this.lookAgain && this.mayWork) {
        this.lookAgain = false;
        await this.beginDue();
        this.lookDelay.reset();
      }
    } catch (error) {
      log.warn({ work: this.kind.name, reason: String(error) }, "background work not readable, waiting");
      this.sleep(this.lookDelay.next());
    } finally {
      // In the same step as the last look at `lookAgain`: a wake-up in between would be lost.
      this.looking = null;
    }
  }

  private async beginDue(): Promise<void> {
    // What ends looks again.
    if (this.busy.size >= this.places.total) return;
    const { clock, sleepMs } = this.options;
    const now = clock.utc();
    const until = now + sleepMs();
    const found = await this.kind.find({ now, until, busy: [...this.busy.keys()] });
    if (!this.mayWork) return;
    this.forgetRests(now);
    const dueAt = ({ id, dueAt: at }: Item) => Math.max(at, this.rests.get(id)?.until ?? 0);
    this.waiting = { items: found.filter((item) => dueAt(item) <= now), foundAt: now };
    this.beginWaiting();
    const later = found.map(dueAt).filter((at) => at > now);
    this.sleep(Math.min(until, ...later) - now);
  }

  /** Begins what has a place; false: nothing has. */
  private beginWaiting(): boolean {
    const { items, foundAt } = this.waiting;
    const busy = [...this.busy.values()].map(({ item }) => item);
    const chosen = new Set(chooseItems(items, busy, this.places));
    this.waiting = { items: items.filter((item) => !chosen.has(item)), foundAt };
    for (const item of chosen) this.begin(item);
    return chosen.size > 0;
  }

  private begin(item: Item): void {
    const done = this.perform(item).finally(() => {
      this.busy.delete(item.id);
      const isFresh = this.options.clock.utc() - this.waiting.foundAt < FRESH_MS;
      // A look that is under way may show what would be done by then as still due.
      const mayBegin = isFresh && this.looking === null && this.mayWork;
      if (!(mayBegin && this.beginWaiting())) this.look();
    });
    this.busy.set(item.id, { item, done });
  }

  private async perform(item: Item): Promise<void> {
    const { clock, log, signal } = this.options;
    const { wakes } = this;
    try {
      await this.kind.perform(item, { now: clock.utc(), signal });
      // What woke the kind meanwhile may be about this item.
      if (wakes === this.wakes) this.rests.set(item.id, { until: clock.utc() + (this.kind.restMs ?? REST_MS), errors: 0 });
      else this.rests.delete(item.id);
    } catch (error) {
      const errors = (this.rests.get(item.id)?.errors ?? 0) + 1;
      const delay = Math.min(ERROR_DELAYS.first * 2 ** (errors - 1), ERROR_DELAYS.most);
      this.rests.set(item.id, { until: clock.utc() + delay, errors });
      if (!signal.aborted) log.warn({ work: this.kind.name, item: item.id, reason: String(error) }, this.kind.failure);
    }
  }

  private forgetRests(now: number): void {
    for (const [id, { until, errors }] of this.rests)
      if (until + (errors > 0 ? FORGET_MS : 0) <= now && !this.busy.has(id)) this.rests.delete(id);
  }

  private sleep(milliseconds: number): void {
    this.cancelTimer?.();
    if (this.mayWork) this.cancelTimer = this.options.clock.after(Math.ceil(milliseconds), () => this.look());
  }
}
