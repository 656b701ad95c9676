/**
 * Gives the control process what many candidates send within milliseconds as one question, because a transaction for all costs hardly more than one for each.
 * While it cannot store, requests wait, and are refused after a while; what nobody waits for stays.
 */
import type { Clock } from "../../platform/clock.ts";
import { Refusal, type RefusalCode } from "../../platform/refusal.ts";

export type GroupQueueOptions<Item, Result> = {
  /** Answers in the order of the items. Fails where nobody can answer now. */
  readonly ask: (items: readonly Item[]) => Promise<readonly (Result | { readonly refused: RefusalCode })[]>;
  readonly clock: Clock;
};

/** What comes within this goes together; while one group is being stored, the next one collects. */
const COLLECT_MS = 10;
/** What nobody waits for goes with the next group, or alone after this: thousands begin in one second, which is for their keys. */
const NOTE_MS = 3000;
/** Of a group: it is a line of JSON, and a transaction that others wait for. */
const MOST_ITEMS = 500;
const MOST_BYTES = 2 * 1024 * 1024;
/** Of all that wait: beyond it, requests are refused at once. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Memory of an item beside its text. */
const OVERHEAD_BYTES = 500;
/** A request waits so long for a database that is unreachable. */
const GIVE_UP_MS = 8000;
/** Between attempts. */
const RETRY_MS = 500;
/** Seconds until a refused device tries again. */
const AGAIN_AFTER = 3;
/** Refusals that pass by themselves: the group is asked again. */
const PASSING: readonly RefusalCode[] = ["database-away", "control-away", "draining", "not-yet"];

type Waiting<Item, Result> = {
  readonly item: Item;
  readonly bytes: number;
  readonly since: number;
  /** Null: nobody waits. */
  readonly settle: ((result: Result | Refusal) => void) | null;
};

export class GroupQueue<Item, Result extends object> {
  private readonly options: GroupQueueOptions<Item, Result>;
  /** Requests, which come first, and what nobody waits for. */
  private waiting: Waiting<Item, Result>[] = [];
  private notes: Waiting<Item, Result>[] = [];
  private bytes = 0;
  private sending: Promise<void> | null = null;
  /** Of the next group, where none is being stored. */
  private timer: { readonly at: number; readonly cancel: () => void } | null = null;
  private isClosed = false;
  /** Why the last attempt failed. */
  private reason: RefusalCode = "control-away";

  constructor(options: GroupQueueOptions<Item, Result>) {
    this.options = options;
  }

  /** @param bytes of the item as JSON, roughly */
  ask(item: Item, bytes: number): Promise<Result | Refusal> {
    if (!this.hasRoom(bytes)) return Promise.resolve(this.away());
    return new Promise((settle) => this.push(item, bytes, settle));
  }

  /** The item stays until it is stored, however long that takes. False: there is no room. */
  tell(item: Item, bytes: number): boolean {
    if (!this.hasRoom(bytes)) return false;
    this.push(item, bytes, null);
    return true;
  }

  get size(): number {
    return this.waiting.length + this.notes.length;
  }

  /** Sends what waits, once, and refuses what could not be stored. May be called twice. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.timer?.cancel();
    await this.sending;
    for (let isDone = true; isDone && this.size > 0; ) isDone = await this.sendGroup();
    for (const { settle } of this.waiting) settle?.(new Refusal("draining").after(AGAIN_AFTER));
    this.waiting = [];
    this.notes = [];
  }

  private hasRoom(bytes: number): boolean {
    return !this.isClosed && this.bytes + bytes + OVERHEAD_BYTES <= MAX_WAITING_BYTES;
  }

  private push(item: Item, bytes: number, settle: Waiting<Item, Result>["settle"]): void {
    const cost = bytes + OVERHEAD_BYTES;
    this.bytes += cost;
    (settle ? this.waiting : this.notes).push({ item, bytes: cost, since: this.options.clock.monotonic(), settle });
    if (!this.sending) this.sendAfter(settle ? COLLECT_MS : NOTE_MS);
  }

  private sendAfter(milliseconds: number): void {
    const at = this.options.clock.monotonic() + milliseconds;
    if (this.isClosed || (this.timer && this.timer.at <= at)) return;
    this.timer?.cancel();
    const cancel = this.options.clock.after(milliseconds, () => {
      this.timer = null;
      if (!this.sending && !this.isClosed) this.sending = this.sendAll();
    });
    this.timer = { at, cancel };
  }

  private async sendAll(): Promise<void> {
    let isDone = true;
    while (isDone && this.size > 0 && !this.isClosed) isDone = await this.sendGroup();
    this.sending = null;
    if (this.size > 0) this.sendAfter(RETRY_MS);
  }

  /** False: it could not be answered, and waits again. */
  private async sendGroup(): Promise<boolean> {
    const group = this.takeGroup();
    let results: readonly (Result | { readonly refused: RefusalCode })[];
    try {
      results = await this.options.ask(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error("a group was answered in part");
    } catch {
      return this.back(group, "control-away");
    }
    const again: Waiting<Item, Result>[] = [];
    let reason: RefusalCode = "database-away";
    for (const [i, one] of group.entries()) {
      const result = results[i];
      if (result === undefined) continue;
      if (!isRefused(result)) this.settle(one, result);
      else if (!PASSING.includes(result.refused)) this.settle(one, new Refusal(result.refused));
      else {
        reason = result.refused;
        again.push(one);
      }
    }
    return again.length === 0 || this.back(again, reason);
  }

  private takeGroup(): Waiting<Item, Result>[] {
    const group: Waiting<Item, Result>[] = [];
    let bytes = 0;
    for (const list of [this.waiting, this.notes]) {
      const count = list.findIndex((one, i) => {
        const isFull = group.length + i === MOST_ITEMS || (group.length + i > 0 && bytes + one.bytes > MOST_BYTES);
        if (!isFull) bytes += one.bytes;
        return isFull;
      });
      group.push(...list.splice(0, count < 0 ? list.length : count));
      if (count >= 0) break;
    }
    return group;
  }

  /** They were first, and are again, but for those that have waited too long. */
  private back(group: readonly Waiting<Item, Result>[], reason: RefusalCode): false {
    this.reason = reason;
    const before = this.options.clock.monotonic() - GIVE_UP_MS;
    this.notes = [...group.filter(({ settle }) => settle === null), ...this.notes];
    this.waiting = [...group.filter(({ settle }) => settle !== null), ...this.waiting].filter((one) => {
      const stays = one.since > before;
      if (!stays) this.settle(one, this.away());
      return stays;
    });
    return false;
  }

  private settle({ bytes, settle }: Waiting<Item, Result>, result: Result | Refusal): void {
    this.bytes -= bytes;
    settle?.(result);
  }

  private away(): Refusal {
    return new Refusal(this.reason).after(AGAIN_AFTER);
  }
}

function isRefused(result: object): result is { readonly refused: RefusalCode } {
  return "refused" in result;
}
