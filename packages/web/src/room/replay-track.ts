/**
 * Provides the room of then, beside a picture that plays: what was held at the position that plays, and each entry as its time comes. Seeking ends in
 * the same as playing through: the newest snapshot before, and the entries since. It knows no network and no framework.
 */

import { listOf, textOf, type WireEntry } from "@lectern/room";
import { type EntryListener, RoomStore } from "./room-store.ts";

/** `t`: seconds on the timeline of the source. */
export type TimedEntry = { readonly t: number; readonly entry: WireEntry };
/** From its beginning until before its end, in seconds. */
export type Stretch = { readonly from: number; readonly to: number; readonly entries: readonly TimedEntry[] };
/** What newcomers would have got at a time. */
export type PastState = { readonly at: number; readonly entries: readonly WireEntry[] };

export type ReplaySource = {
  /** The newest state at or before a time. */
  readonly stateAt: (seconds: number) => Promise<PastState>;
  /** The stretch that a time is in. */
  readonly stretchAt: (seconds: number) => Promise<Stretch>;
};

/** A longer step is a seek: bullet comments of the time between are not shown. */
const MAX_STEP_SECONDS = 10;
/** The next stretch is loaded this long before its beginning. */
const AHEAD_SECONDS = 20;
const RETRY_MS = 3000;
/** Where stretches are empty, a walk over them ends. */
const MAX_STRETCHES = 200;
/** Entries have times in milliseconds: this is before all that begin with the next stretch. */
const EPSILON = 0.0001;
/** All entries of a replay count as of one log: they are numbered in the order in which they are shown. */
const EPOCH = "replay";

export class ReplayTrack {
  private readonly source: ReplaySource;
  private readonly onChange: () => void;
  private readonly now: () => number;
  private readonly listeners = new Set<EntryListener>();
  private readonly snapshotListeners = new Set<() => void>();
  private shown = new RoomStore();
  /** What was drawn on each page, in the order of the log: the store keeps none of what passes by. */
  private strokes = new Map<string, unknown[]>();
  private count = 0;
  /** Everything up to here is shown; null: nothing yet. */
  private at: number | null = null;
  private wanted = 0;
  private stretch: Stretch | null = null;
  private next: Stretch | null = null;
  private working: Promise<void> | null = null;
  /** After a failure, or where a stretch is not complete yet. */
  private triedAt = Number.NEGATIVE_INFINITY;

  constructor(source: ReplaySource, onChange: () => void, now: () => number) {
    this.source = source;
    this.onChange = onChange;
    this.now = now;
  }

  get store(): RoomStore {
    return this.shown;
  }

  /** Told of each entry when its time comes; not of those that a seek skips. @returns the function that ends it */
  onEntry(listener: EntryListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Told after each seek. @returns the function that ends it */
  onSnapshot(listener: () => void): () => void {
    this.snapshotListeners.add(listener);
    return () => this.snapshotListeners.delete(listener);
  }

  drawn(page: string): readonly unknown[] {
    return this.strokes.get(page) ?? [];
  }

  /** The picture is at a time. @returns resolves once all of it is shown */
  moveTo(seconds: number): Promise<void> {
    this.wanted = seconds;
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
    return this.working;
  }

  private async work(): Promise<void> {
    if (this.now() - this.triedAt < RETRY_MS) return;
    try {
      while (this.at !== this.wanted) {
        const { at, wanted } = this;
        if (at !== null && wanted > at && wanted - at <= MAX_STEP_SECONDS) await this.playTo(at, wanted);
        else await this.seekTo(wanted);
        if (this.at !== wanted) throw new Error("the source has nothing of this time yet");
      }
    } catch {
      this.triedAt = this.now();
    }
  }

  private async seekTo(seconds: number): Promise<void> {
    const state = await this.source.stateAt(seconds);
    const store = new RoomStore();
    this.count = 0;
    const snapshot = state.entries.map((entry) => this.numbered(entry));
    const since: WireEntry[] = [];
    let covered = state.at;
    for await (const { entries, to } of this.stretches(state.at, seconds)) {
      for (const { t, entry } of entries) if (t >= state.at && t <= seconds) since.push(this.numbered(entry));
      covered = to;
    }
    store.take(frame(snapshot, []));
    store.take(frame(null, since));
    this.shown = store;
    this.strokes = new Map();
    this.draw([...snapshot, ...since]);
    this.at = covered > seconds ? seconds : covered - EPSILON;
    for (const listener of this.snapshotListeners) listener();
    this.onChange();
    this.lookAhead(seconds);
  }

  private async playTo(from: number, to: number): Promise<void> {
    const due: WireEntry[] = [];
    let covered = from + EPSILON;
    for await (const { entries, to: end } of this.stretches(from, to)) {
      for (const { t, entry } of entries) if (t > from && t <= to) due.push(this.numbered(entry));
      covered = Math.max(covered, end);
    }
    this.at = covered > to ? to : covered - EPSILON;
    this.lookAhead(to);
    if (due.length === 0) return;
    this.shown.take(frame(null, due));
    this.draw(due);
    for (const entry of due) for (const listener of this.listeners) listener(entry, entry.seq - 1);
    this.onChange();
  }

  private draw(entries: readonly WireEntry[]): void {
    for (const { kind, body } of entries) {
      const page = kind === "stroke" ? textOf(body, "page") : null;
      if (page === null) continue;
      const drawn = this.strokes.get(page) ?? [];
      drawn.push(...listOf(body["ops"]));
      this.strokes.set(page, drawn);
    }
  }

  private async *stretches(from: number, to: number): AsyncGenerator<Stretch> {
    let position = from;
    for (let i = 0; i < MAX_STRETCHES && position <= to; i++) {
      const stretch = await this.stretchAt(position);
      yield { ...stretch, entries: stretch.entries.filter(({ t }) => t < stretch.to) };
      if (stretch.to <= position) return;
      position = stretch.to;
    }
  }

  private async stretchAt(seconds: number): Promise<Stretch> {
    const known = [this.stretch, this.next].find((one) => one && seconds >= one.from && seconds < one.to);
    const stretch = known ?? (await this.source.stretchAt(seconds));
    this.stretch = stretch;
    return stretch;
  }

  private lookAhead(seconds: number): void {
    const { stretch } = this;
    if (!stretch || seconds + AHEAD_SECONDS < stretch.to || this.next?.from === stretch.to) return;
    this.source.stretchAt(stretch.to).then(
      (next) => {
        this.next = next;
      },
      // It is loaded when its time has come.
      () => {},
    );
  }

  private numbered(entry: WireEntry): WireEntry {
    return { ...entry, epoch: EPOCH, seq: ++this.count };
  }
}

function frame(snapshot: readonly WireEntry[] | null, entries: readonly WireEntry[]) {
  const seq = entries.at(-1)?.seq ?? snapshot?.at(-1)?.seq ?? 0;
  return { you: null, now: null, position: { epoch: EPOCH, seq }, snapshot, entries, older: [], signals: [], acks: [] };
}
