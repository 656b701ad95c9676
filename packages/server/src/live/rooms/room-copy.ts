/**
 * Provides a worker's copy of a room: the newest entries in order, the newest entry of each key, and the newest signals. It takes what the owner
 * tells in whatever order it arrives, and says when entries are missing.
 */

import { RetainedEntries, type RoomEntry, type RoomPosition, type RoomSignal } from "@lectern/room";
import type { RoomContent, RoomUpdate } from "../../contracts/rooms/room-requests.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { entryText, signalText } from "./wire-format.ts";

/** all: what everybody may see. staff: everything. */
export type View = "all" | "staff";

export type CopiedEntry = {
  readonly entry: RoomEntry;
  readonly text: string;
  /** Whether the view "all" has it. */
  readonly isForAll: boolean;
};

type CopiedSignal = {
  readonly signal: RoomSignal;
  readonly text: string;
  /** Its place in the order of all changes of signals. */
  readonly change: number;
};

/** A member that needs an older entry gets a snapshot. */
export const MAX_ENTRIES = 1000;
/** The list is cut when it is so much longer. */
const SLACK = 250;
/** Entries, and updates, that arrived before what precedes them. More are asked for again. */
const MAX_EARLY = 1000;
/** Of sampled entries, everybody but staff gets at most so many. */
const SAMPLED = { burst: 20, perSecond: 20 };

export class RoomCopy {
  /** Empty: nothing is known of the room. */
  epoch = "";
  /** The newest entry, with all before it. */
  head = 0;
  /** Counts the changes of signals. */
  signalHead = 0;
  private term = 0;
  private entries: CopiedEntry[] = [];
  private held = new RetainedEntries();
  private sortedHeld: (Omit<RoomPosition, "seq"> & { readonly head: number; readonly entries: readonly RoomEntry[] }) | null = null;
  private readonly signals = new Map<string, CopiedSignal>();
  /** Signals of this worker, which the owner does not know. */
  private readonly ownSignals = new Set<string>();
  private early = new Map<number, RoomEntry>();
  /** Of an epoch that this copy has no content of yet. */
  private earlyUpdates: RoomUpdate[] = [];
  /** The newest entry of each key among the entries here. */
  private readonly newestOfKey = new Map<string, number>();
  /** The newest entry that concerns a participant and is not in the view "all". */
  private readonly personal = new Map<string, number>();
  private readonly sampling: RateLimit;
  private readonly onEntry: (entry: RoomEntry) => void;

  /** @param now monotonic milliseconds; @param onEntry hears of each entry once */
  constructor(now: () => number, onEntry: (entry: RoomEntry) => void = () => {}) {
    this.sampling = new RateLimit(SAMPLED, now);
    this.onEntry = onEntry;
  }

  /** Where the copy is; null: it knows nothing yet. */
  get position(): RoomPosition | null {
    return this.epoch === "" ? null : { epoch: this.epoch, seq: this.head };
  }

  /** Takes what the owner tells. False: something is missing, and the owner must be asked for what follows `position`. */
  take(update: RoomUpdate): boolean {
    if (update.term < this.term) return true;
    if (update.epoch !== this.epoch) {
      if (this.earlyUpdates.length < MAX_EARLY) this.earlyUpdates.push(update);
      return false;
    }
    this.term = update.term;
    for (const signal of update.signals) this.setSignal(signal);
    for (const entry of update.entries) {
      if (entry.seq > this.head && this.early.size < MAX_EARLY) this.early.set(entry.seq, entry);
    }
    return this.appendEarly();
  }

  /** Takes the owner's answer. False: something is missing still. */
  takeContent(content: RoomContent): boolean {
    const { epoch, term, head, isNext, entries, recent, signals } = content;
    if (term < this.term) return false;
    this.term = term;
    const follows = epoch === this.epoch && (isNext || head <= this.head);
    if (follows) {
      for (const entry of entries) if (isNext && entry.seq > this.head) this.early.set(entry.seq, entry);
    } else {
      this.replace(epoch, head, entries, recent ?? []);
    }
    const told = new Set(signals.map(keyOf));
    for (const key of this.signals.keys()) if (!told.has(key) && !this.ownSignals.has(key)) this.signals.delete(key);
    for (const signal of signals) this.setSignal(signal);
    const waiting = this.earlyUpdates.filter((update) => update.epoch === epoch);
    this.earlyUpdates = [];
    for (const update of waiting) this.take(update);
    return this.appendEarly();
  }

  /** @returns whether it has changed */
  setSignal(signal: RoomSignal): boolean {
    const text = signalText(signal);
    const key = keyOf(signal);
    if (this.signals.get(key)?.text === text) return false;
    this.signals.set(key, { signal, text, change: ++this.signalHead });
    return true;
  }

  /** A signal of this worker. @returns whether it has changed */
  setOwnSignal(signal: RoomSignal): boolean {
    this.ownSignals.add(keyOf(signal));
    return this.setSignal(signal);
  }

  /** Whether all entries after a position are here. */
  reaches(after: number): boolean {
    return after >= this.head - this.entries.length;
  }

  /** The entries after a position up to another, as far as they are here. */
  between(after: number, upTo: number): readonly CopiedEntry[] {
    const first = this.head - this.entries.length;
    return this.entries.slice(Math.max(0, after - first), Math.max(0, upTo - first));
  }

  /** Whether another entry has taken the place of this one: nobody is told it any more. */
  isReplaced({ key, seq }: RoomEntry): boolean {
    if (key === null) return false;
    return (this.newestOfKey.get(key) ?? this.held.get(key)?.seq ?? 0) > seq;
  }

  /** Whether newcomers get the entry. */
  isHeld({ key, seq }: RoomEntry): boolean {
    return key !== null && this.held.get(key)?.seq === seq;
  }

  /** Whether newcomers may lack something of what there is: of some kinds they get the newest keys only. */
  get hasOlder(): boolean {
    return this.held.isFull;
  }

  /** Whether entries after a position concern a participant who does not see them in the view "all". */
  hasPersonal(participant: string, after: number): boolean {
    return (this.personal.get(participant) ?? 0) > after;
  }

  /** The signals of a view that have changed since; 0: all of them. */
  signalsAfter(change: number, view: View): readonly string[] {
    if (change === this.signalHead) return [];
    const changed = [...this.signals.values()].filter(
      (one) => one.change > change && (view === "staff" || one.signal.to === "all"),
    );
    return changed.sort((one, other) => one.change - other.change).map(({ text }) => text);
  }

  /** What newcomers get, by key: keys of a kind end in ids, which sort by creation, so a line that was deleted stays at its place. */
  retainedEntries(): readonly RoomEntry[] {
    if (this.sortedHeld?.head !== this.head || this.sortedHeld.epoch !== this.epoch) {
      const entries = this.held
        .all()
        .sort(({ key: one }, { key: other }) => (one === other ? 0 : (one ?? "") < (other ?? "") ? -1 : 1));
      this.sortedHeld = { epoch: this.epoch, head: this.head, entries };
    }
    return this.sortedHeld.entries;
  }

  private replace(epoch: string, head: number, held: readonly RoomEntry[], recent: readonly RoomEntry[]): void {
    this.early = epoch === this.epoch ? new Map([...this.early].filter(([seq]) => seq > head)) : new Map();
    this.epoch = epoch;
    this.head = head;
    this.entries = [];
    this.personal.clear();
    this.newestOfKey.clear();
    this.held = new RetainedEntries();
    for (const entry of held) this.held.take(entry);
    // Without a gap up to the head, or members would miss what is in it.
    if (recent.at(-1)?.seq === head) for (const entry of recent.slice(-MAX_ENTRIES)) this.list(entry);
  }

  private appendEarly(): boolean {
    for (let next = this.early.get(this.head + 1); next; next = this.early.get(this.head + 1)) {
      this.early.delete(next.seq);
      this.append(next);
    }
    return this.early.size === 0;
  }

  private append(entry: RoomEntry): void {
    this.head = entry.seq;
    this.held.take(entry);
    this.list(entry);
    this.onEntry(entry);
    if (this.entries.length < MAX_ENTRIES + SLACK) return;
    this.entries = this.entries.slice(-MAX_ENTRIES);
    const first = this.head - MAX_ENTRIES;
    for (const [participant, seq] of this.personal) if (seq <= first) this.personal.delete(participant);
    for (const [key, seq] of this.newestOfKey) if (seq <= first) this.newestOfKey.delete(key);
  }

  private list(entry: RoomEntry): void {
    const isForAll = entry.to === "all" && (!entry.sampled || this.sampling.take([""]) === 0);
    this.entries.push({ entry, text: entryText(this.epoch, entry), isForAll });
    if (entry.key !== null) this.newestOfKey.set(entry.key, entry.seq);
    if (!isForAll) for (const participant of concerned(entry)) this.personal.set(participant, entry.seq);
  }
}

/** The participants besides staff who see an entry that is not for all: whom it is to, and who sent it. */
export function concerned({ to, from }: RoomEntry): readonly string[] {
  const sender = from === null ? [] : [from.id];
  if (typeof to === "string") return sender;
  return "members" in to ? [...to.members, ...sender] : [to.participant, ...sender];
}

function keyOf({ kind, key, to }: RoomSignal): string {
  return `${to}\n${kind}\n${key}`;
}
