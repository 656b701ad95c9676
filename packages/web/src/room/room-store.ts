/**
 * Defines what a page knows of a room: the newest entry of each key, the newest signals, and who the person is. Each entry counts once. A snapshot
 * replaces all that was held. It knows no network and no framework.
 */
import type { Frame, RoomPerson, WireEntry, WireSignal } from "@lectern/room";

/** @param since the entry may stand for several, of numbers after this one: what is written on the board comes so */
export type EntryListener = (entry: WireEntry, since: number) => void;
export type SignalListener = (signal: WireSignal) => void;

/** Older keys of a kind are dropped. */
const MAX_HELD_OF_KIND = 2000;
/** Snapshots have so many keys of a kind at the most: what the page has besides is older. */
const MAX_SNAPSHOT_OF_KIND = 300;
const MAX_SIGNALS = 2000;
/** Entries that are told apart by their number; older ones count as seen. */
const MAX_SEEN = 5000;
const NONE: readonly WireEntry[] = [];

export class RoomStore {
  you: RoomPerson | null = null;
  private epoch: string | null = null;
  private seq = 0;
  /** Entries up to this one count as seen. */
  private floor = 0;
  private readonly seen = new Set<number>();
  /** By kind, then by key, in the order in which the keys appeared first. */
  private kinds = new Map<string, Map<string, WireEntry>>();
  /** The lists that `held` has given: equal as long as nothing of the kind changes. */
  private readonly lists = new Map<string, readonly WireEntry[]>();
  private signals = new Map<string, WireSignal>();
  private readonly listeners = new Set<EntryListener>();
  private readonly snapshotListeners = new Set<() => void>();
  private readonly signalListeners = new Set<SignalListener>();

  /** The newest entry that the page has; null before the first frame. */
  get place(): { readonly epoch: string; readonly seq: number } | null {
    return this.epoch === null ? null : { epoch: this.epoch, seq: this.seq };
  }

  /** `EPOCH.SEQ`; null before the first frame, and while the server does not know the room's log itself. */
  get position(): string | null {
    return this.epoch === null || this.epoch === "" ? null : `${this.epoch}.${this.seq}`;
  }

  /** @returns false when the frame is of another epoch and is no snapshot: the page has to ask for one */
  take(frame: Frame): boolean {
    const isSame = frame.you !== null && frame.you.role === this.you?.role;
    if (frame.you) {
      this.you = frame.you;
      // The first frame of a connection has all signals that there are.
      this.signals = new Map();
    }
    const first = frame.snapshot?.at(0) ?? frame.entries.at(0) ?? frame.older.at(0);
    const epoch = frame.position?.epoch ?? first?.epoch ?? null;
    if (frame.snapshot) this.replace(frame.snapshot, epoch, frame.position?.seq ?? 0, isSame);
    else if (epoch !== null && this.epoch === null) this.epoch = epoch;
    else if (epoch !== null && epoch !== this.epoch) return false;
    const since = this.seq;
    const fresh = frame.entries.toSorted((one, other) => one.seq - other.seq).filter((entry) => this.add(entry));
    this.seq = Math.max(this.seq, frame.position?.seq ?? 0);
    if (frame.older.length > 0) this.addOlder(frame.older);
    for (const signal of frame.signals) this.takeSignal(signal);
    if (frame.snapshot) for (const listener of this.snapshotListeners) listener();
    for (const [i, entry] of fresh.entries()) for (const listener of this.listeners) listener(entry, fresh[i - 1]?.seq ?? since);
    return true;
  }

  /** Keys that begin with `KIND/`, and the key `KIND` itself, in the order in which they appeared first. */
  held(kind: string): readonly WireEntry[] {
    const known = this.lists.get(kind);
    if (known) return known;
    const keys = this.kinds.get(kind);
    const list = keys ? [...keys.values()] : NONE;
    this.lists.set(kind, list);
    return list;
  }

  one(key: string): WireEntry | null {
    return this.kinds.get(kindOf(key))?.get(key) ?? null;
  }

  signal(kind: string, key = ""): WireSignal | null {
    return this.signals.get(`${kind} ${key}`) ?? null;
  }

  /** Told of each entry once, as it happens; not of those in a snapshot. @returns the function that ends it */
  onEntry(listener: EntryListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Told when a snapshot has replaced everything: entries that pass by may have been missed. @returns the function that ends it */
  onSnapshot(listener: () => void): () => void {
    this.snapshotListeners.add(listener);
    return () => this.snapshotListeners.delete(listener);
  }

  /** Told of each signal as it comes. @returns the function that ends it */
  onSignal(listener: SignalListener): () => void {
    this.signalListeners.add(listener);
    return () => this.signalListeners.delete(listener);
  }

  /** @param isSame the person sees what it saw before */
  private replace(snapshot: readonly WireEntry[], epoch: string | null, seq: number, isSame: boolean): void {
    const before = isSame && epoch === this.epoch ? this.kinds : new Map<string, Map<string, WireEntry>>();
    this.epoch = epoch;
    this.kinds = new Map();
    this.signals = new Map();
    this.lists.clear();
    this.seen.clear();
    for (const entry of snapshot) this.hold(entry);
    for (const [kind, held] of before) {
      // What has changed of them since follows as older entries.
      if ((this.kinds.get(kind)?.size ?? 0) >= MAX_SNAPSHOT_OF_KIND) this.addOlder([...held.values()]);
    }
    this.seq = Math.max(seq, ...snapshot.map((entry) => entry.seq));
    this.floor = this.seq;
  }

  /** Keys of a kind sort by creation. */
  private addOlder(entries: readonly WireEntry[]): void {
    for (const entry of entries) this.hold(entry, Number.POSITIVE_INFINITY);
    for (const kind of new Set(entries.map(({ key }) => kindOf(key ?? "")))) {
      const held = [...(this.kinds.get(kind) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
      this.kinds.set(kind, new Map(held.slice(-MAX_HELD_OF_KIND)));
    }
  }

  private isNew({ epoch, seq }: WireEntry): boolean {
    return epoch === this.epoch && seq > this.floor && !this.seen.has(seq);
  }

  /** @returns false for an entry that was seen */
  private add(entry: WireEntry): boolean {
    if (!this.isNew(entry)) return false;
    this.seen.add(entry.seq);
    this.seq = Math.max(this.seq, entry.seq);
    if (this.seen.size > MAX_SEEN) this.forgetOldest();
    this.hold(entry);
    return true;
  }

  private forgetOldest(): void {
    const [oldest] = this.seen;
    if (oldest === undefined) return;
    this.seen.delete(oldest);
    this.floor = Math.max(this.floor, oldest);
  }

  private hold(entry: WireEntry, most = MAX_HELD_OF_KIND): void {
    if (entry.key === null) return;
    const kind = kindOf(entry.key);
    const held = this.kinds.get(kind) ?? new Map<string, WireEntry>();
    this.kinds.set(kind, held);
    this.lists.delete(kind);
    const before = held.get(entry.key);
    // A private entry may arrive after a newer one of the same key.
    if (before && before.seq > entry.seq) return;
    if (entry.gone) held.delete(entry.key);
    else held.set(entry.key, entry);
    const oldest = held.size > most ? held.keys().next().value : undefined;
    if (oldest !== undefined) held.delete(oldest);
  }

  private takeSignal(signal: WireSignal): void {
    this.signals.set(`${signal.kind} ${signal.key}`, signal);
    const oldest = this.signals.size > MAX_SIGNALS ? this.signals.keys().next().value : undefined;
    if (oldest !== undefined) this.signals.delete(oldest);
    for (const listener of this.signalListeners) listener(signal);
  }
}

function kindOf(key: string): string {
  return key.split("/", 1)[0] ?? key;
}
