/**
 * Owns one room: gathers actions into groups, has each group decided, stamped and stored in one transaction, acknowledges the actions, and tells
 * followers. What is acknowledged is stored; what followers hear is stored.
 */

import {
  RetainedEntries,
  type RoomAction,
  type RoomEntry,
  type RoomPerson,
  type RoomPosition,
  type RoomSignal,
} from "@lectern/room";
import type { ActionResult, PageFile, RoomContent, RoomUpdate } from "../../contracts/rooms/room-requests.ts";
import type { Logger } from "../../platform/log.ts";
import { textIn } from "../../platform/messages/message.ts";
import { brokenUniqueness, isDatabaseUnavailable } from "../../platform/store/database-errors.ts";
import { talkText } from "../foundation/messages/talk-texts.ts";
import { type QueuedEvent, queueEvents } from "../foundation/store/events.ts";
import { actionKey, commitGroup, type GroupAction, type GroupRoom, roomView, TermLost } from "./commit-group.ts";
import type { RoomHandle } from "./domain.ts";
import { loadOlder, loadRetained, loadTail, storedAction } from "./entry-store.ts";

export type RoomOwnerOptions = Pick<GroupRoom, "db" | "lesson" | "self" | "term" | "domains" | "people" | "now"> & {
  readonly log: Logger;
  readonly onUpdate: (update: RoomUpdate) => void;
  readonly onDeliveriesQueued: () => void;
  /** The time that a group waited and took, which grows where the database is busy. */
  readonly onCommitted: (milliseconds: number, actions: number) => void;
};

type WaitingAction = GroupAction & {
  readonly since: number;
  readonly resolve: (result: ActionResult) => void;
  readonly reject: (error: unknown) => void;
};

const BUSY = textIn("en", talkText("room-busy"));
/** The constraint of the table that an action is done once. */
const STORED_ONCE = "room_entries_once";
/** Actions that come while a group is stored, or within this time of its beginning, are the next group. */
const GROUP_MS = 40;
/** The first action after a pause waits so long for others of the same moment. */
const FIRST_MS = 5;
const MAX_GROUP = 2000;
/** More waiting actions are refused: the database does not keep up. */
const MAX_WAITING = 50_000;
/** Entries in memory for followers that missed some. */
const MAX_TAIL = 3000;
/** Results that are remembered: of actions without an entry, nothing else tells that they were done. */
const MAX_DONE = 20_000;
/** Entries of a page of what newcomers do not get. */
const OLDER_PAGE = 200;
/** Entries that a worker is told at once are no more than that as JSON: nodes take messages of some megabytes. */
const MAX_RECENT_BYTES = 1_000_000;
const SIGNAL_MS = 100;
const RETRY_MS = 1000;

export class RoomOwner {
  readonly handle: RoomHandle;
  private readonly options: RoomOwnerOptions;
  private readonly room: GroupRoom;
  private readonly retained = new RetainedEntries();
  private readonly done = new Map<string, ActionResult>();
  private readonly signals = new Map<string, RoomSignal>();
  private changedSignals = new Map<string, RoomSignal>();
  private signalTimer: NodeJS.Timeout | null = null;
  private tail: RoomEntry[] = [];
  private head: number;
  private waiting: WaitingAction[] = [];
  private working: Promise<void> | null = null;
  private committedAt = 0;
  /** A group failed: its entries may be among those held. */
  private isHeldStale = false;
  private lost = false;

  private constructor(options: RoomOwnerOptions) {
    this.options = options;
    this.head = options.term.head;
    this.handle = {
      lessonId: options.lesson.id,
      signal: (signal) => this.signal(signal),
      act: (action) => this.actAsServer({ ...action, mediaTime: null }),
    };
    const { db, lesson, self, term, domains, people, now } = options;
    const { retained, handle, done } = this;
    this.room = { db, lesson, self, term, domains, people, now, retained, handle, done };
  }

  /** Loads a room whose term this process holds. */
  static async open(options: RoomOwnerOptions): Promise<RoomOwner> {
    const owner = new RoomOwner(options);
    const { db, lesson, term, domains } = options;
    await owner.loadRetained();
    for (const { entry, answer } of await loadTail(db, lesson.id, term.epoch, MAX_TAIL)) {
      owner.tail.push(entry);
      owner.done.set(actionKey(entry.from, entry), storedAction(entry.seq, answer));
    }
    for (const domain of domains.values()) await domain.prepare?.(lesson);
    for (const domain of domains.values()) await owner.openDomain(domain.opened);
    // Followers learn the new term.
    owner.tell([], []);
    return owner;
  }

  /** Whether another process stamps the room's entries now. */
  get isLost(): boolean {
    return this.lost;
  }

  get isIdle(): boolean {
    return this.waiting.length === 0 && this.working === null;
  }

  /**
   * Does what a person wants. Rejects where the database is unavailable, or the term is lost: the action may be sent again with its id.
   * @param person null: the server
   * @param wait seconds; above 0 the person has done more than is allowed, and the action is acknowledged only if it was done before
   */
  send(person: RoomPerson | null, action: RoomAction, wait = 0): Promise<ActionResult> {
    if (this.lost) return Promise.reject(new TermLost());
    const known = this.done.get(actionKey(person, action));
    if (known) return Promise.resolve(known);
    if (this.waiting.length >= MAX_WAITING) return Promise.resolve({ refused: "too-many", detail: BUSY, retryAfter: 5 });
    return new Promise((resolve, reject) => {
      this.waiting.push({ person, action, wait, resolve, reject, since: performance.now() });
      this.work();
    });
  }

  signal(signal: RoomSignal): void {
    const key = `${signal.to} ${signal.kind} ${signal.key}`;
    this.signals.set(key, signal);
    this.changedSignals.set(key, signal);
    this.signalTimer ??= setTimeout(() => {
      this.signalTimer = null;
      const changed = [...this.changedSignals.values()];
      this.changedSignals = new Map();
      this.tell([], changed);
    }, SIGNAL_MS);
  }

  /** @param recent so many of the newest entries are told as well, where those after the position are not known */
  content(after: RoomPosition | null, recent = 0): RoomContent {
    const { epoch, term } = this.options.term;
    const before = this.head - this.tail.length;
    const isNext = after !== null && after.epoch === epoch && after.seq >= before && after.seq <= this.head;
    const entries = isNext ? this.tail.slice(after.seq - before) : this.retained.all().sort((a, b) => a.seq - b.seq);
    const signals = [...this.signals.values()];
    return { epoch, term, head: this.head, isNext, entries, signals, ...(isNext ? {} : { recent: newestOf(this.tail, recent) }) };
  }

  /** A page of what newcomers do not get, the newest first. None: there is nothing older. */
  async older(epoch: string, before: number): Promise<readonly RoomEntry[]> {
    const { db, lesson, term } = this.options;
    return epoch === term.epoch ? await loadOlder(db, lesson.id, epoch, before, OLDER_PAGE) : [];
  }

  /** A page of the board. Null: there is none. */
  async page(page: string): Promise<PageFile | null> {
    const { lesson, term, domains } = this.options;
    const position = () => ({ epoch: term.epoch, seq: this.head });
    for (const { readPage } of domains.values())
      if (readPage) return await readPage({ lessonId: lesson.id, retained: this.retained, position }, page);
    return null;
  }

  /** Waits for the group that is being stored; actions that have not begun are given back. */
  async close(): Promise<void> {
    this.lose();
    await this.working;
    for (const domain of this.options.domains.values()) domain.closed?.(this.options.lesson.id);
  }

  /** Timers of domains have nobody to report to: the action is repeated until it is done, or the room is another process's. */
  private async actAsServer(action: RoomAction): Promise<void> {
    while (!this.lost) {
      try {
        await this.send(null, action);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  }

  private work(): void {
    this.working ??= this.commitNext().finally(() => {
      this.working = null;
      if (this.waiting.length > 0) this.work();
    });
  }

  private async commitNext(): Promise<void> {
    const wait = Math.max(FIRST_MS, this.committedAt + GROUP_MS - performance.now());
    await new Promise((resolve) => setTimeout(resolve, wait));
    this.committedAt = performance.now();
    await this.commit(this.waiting.splice(0, MAX_GROUP));
  }

  /** @param isRepeated whether actions may have been done so long ago that nothing in memory tells */
  private async commit(group: readonly WaitingAction[], isRepeated = false): Promise<void> {
    try {
      if (this.isHeldStale) await this.loadRetained();
      const { results, entries, hasDeliveries, afterCommit } = await commitGroup(this.room, this.head, group, isRepeated);
      this.take(entries);
      for (const [i, one] of group.entries()) this.settle(one, results[i]);
      for (const call of afterCommit) call();
      if (hasDeliveries) this.options.onDeliveriesQueued();
      this.options.onCommitted(performance.now() - (group[0]?.since ?? performance.now()), group.length);
    } catch (error) {
      await this.failed(group, error);
    }
  }

  private async failed(group: readonly WaitingAction[], error: unknown): Promise<void> {
    this.isHeldStale = true;
    if (brokenUniqueness(error) === STORED_ONCE) return await this.commit(group, true);
    if (error instanceof TermLost) this.lose();
    const isLasting = error instanceof TermLost || isDatabaseUnavailable(error);
    if (!isLasting && group.length > 1) {
      // One action that a domain cannot take must not fail the others.
      for (const one of group) await this.commit([one]);
      return;
    }
    if (!isLasting) this.options.log.error({ err: error, lesson: this.options.lesson.id }, "actions of a room failed");
    for (const { reject } of group) reject(error);
  }

  private settle(one: WaitingAction, result: ActionResult | undefined): void {
    if (!result) return one.reject(new Error("an action without a result"));
    if (!("refused" in result)) {
      this.done.set(actionKey(one.person, one.action), result);
      const oldest = this.done.size > MAX_DONE ? this.done.keys().next().value : undefined;
      if (oldest !== undefined) this.done.delete(oldest);
    }
    one.resolve(result);
  }

  private take(entries: readonly RoomEntry[]): void {
    this.head = entries.at(-1)?.seq ?? this.head;
    for (const domain of this.options.domains.values()) domain.committed?.(this.options.lesson.id, entries);
    this.tail.push(...entries);
    if (this.tail.length > 2 * MAX_TAIL) this.tail = this.tail.slice(-MAX_TAIL);
    const signals = [...this.changedSignals.values()];
    this.changedSignals = new Map();
    if (entries.length > 0 || signals.length > 0) this.tell(entries, signals);
  }

  private tell(entries: readonly RoomEntry[], signals: readonly RoomSignal[]): void {
    const { lesson, term, onUpdate } = this.options;
    if (!this.lost) onUpdate({ room: lesson.id, epoch: term.epoch, term: term.term, entries, signals });
  }

  private lose(): void {
    this.lost = true;
    if (this.signalTimer) clearTimeout(this.signalTimer);
    for (const { reject } of this.waiting.splice(0)) reject(new TermLost());
  }

  private async loadRetained(): Promise<void> {
    const { db, lesson, term } = this.options;
    const entries = await loadRetained(db, lesson.id, term.epoch);
    this.retained.clear();
    for (const entry of entries) this.retained.take(entry);
    this.isHeldStale = false;
  }

  private async openDomain(
    opened: ((...of: [ReturnType<typeof roomView>, RoomHandle]) => Promise<void>) | undefined,
  ): Promise<void> {
    if (!opened) return;
    const calls: (() => void)[] = [];
    const hasDeliveries = await this.options.db.transaction().execute(async (trx) => {
      const events: QueuedEvent[] = [];
      const view = roomView(
        this.room,
        trx,
        (call) => calls.push(call),
        (event) => events.push(event),
      );
      await opened(view, this.handle);
      return await queueEvents(trx, this.options.lesson.schoolId, events);
    });
    for (const call of calls) call();
    if (hasDeliveries) this.options.onDeliveriesQueued();
  }
}

/** As many of the newest entries as were asked for and fit into a message, in their order. */
function newestOf(tail: readonly RoomEntry[], count: number): readonly RoomEntry[] {
  let bytes = 0;
  let first = tail.length;
  while (first > 0 && tail.length - first < count) {
    bytes += JSON.stringify(tail[first - 1]).length;
    if (bytes > MAX_RECENT_BYTES) break;
    first--;
  }
  return tail.slice(first);
}
