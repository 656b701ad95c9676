/**
 * The registry's table as this node knows it: a copy of what is on the bus, changed by compare-and-set. While the bus is away, what is decided
 * here holds here, and is brought together with the rest when the bus is there again.
 */
import type { Bus, Row, Table } from "../../../platform/bus/bus.ts";
import type { Clock } from "../../../platform/clock.ts";
import { keyOf, parseEntry, type StreamTableEntry } from "./stream-table-entry.ts";

/** revision: null while the table does not have it. */
export type Known = { readonly entry: StreamTableEntry; readonly revision: number | null };

export type StreamTableEvents = {
  /** An entry is new, or another than before. */
  readonly put: (known: Known, before: Known | null) => void;
  readonly removed: (entry: StreamTableEntry) => void;
  /** The bus is away: tells other nodes what it would tell them. */
  readonly spread: (entry: StreamTableEntry) => void;
  /** Whether this node writes a stream, so that its word counts. */
  readonly isOurs: (entry: StreamTableEntry) => boolean;
  /** An entry says that this node writes a stream, of which it knows nothing: it was killed and has begun anew. */
  readonly orphaned: (known: Known) => void;
};

/** A bus that has lost its memory is told again by the writers within this. */
const TOLD_AGAIN_MS = 5000;
/** Streams that ended while the bus was away, to be taken out of the table. */
const MOST_ENDED = 10_000;

export class StreamTable {
  private readonly bus: Bus;
  private readonly clock: Clock;
  private readonly events: StreamTableEvents;
  private readonly table: Table;
  private readonly known = new Map<string, Known>();
  private readonly endedAway = new Map<string, string>();
  /** What was decided here while the bus did not answer, and is not in the table yet. */
  private readonly untold = new Set<string>();
  private synchronised = false;

  constructor(bus: Bus, clock: Clock, events: StreamTableEvents) {
    this.bus = bus;
    this.clock = clock;
    this.events = events;
    this.table = bus.table("lectern-streams", {
      all: (rows) => this.synchronise(rows),
      changed: (key, value, revision) => this.hear(key, value, revision),
    });
  }

  /** False while the bus is away, or was never there. */
  get connected(): boolean {
    return this.bus.connected && this.synchronised;
  }

  get(key: string): Known | null {
    return this.known.get(key) ?? null;
  }

  all(): Known[] {
    return [...this.known.values()];
  }

  /**
   * Writes an entry over what was known. False when somebody else was faster.
   * @param alone what holds here where the bus does not answer
   */
  async store(entry: StreamTableEntry, before: Known | null, alone = entry): Promise<boolean> {
    const key = keyOf(entry.app, entry.name);
    const text = JSON.stringify(entry);
    let revision: number | null = null;
    try {
      const stored =
        before?.revision == null ? await this.table.create(key, text) : await this.table.update(key, text, before.revision);
      if (stored === null) return false;
      revision = stored;
    } catch {
      this.untold.add(key);
      this.put({ entry: alone, revision: before?.revision ?? null });
      this.events.spread(alone);
      return true;
    }
    this.untold.delete(key);
    // The table may have told more by now.
    if ((this.known.get(key)?.revision ?? 0) < revision) this.put({ entry, revision });
    return true;
  }

  /** Tells the table what it has not been told, now that it may answer. To be called every second or two. */
  async retell(): Promise<void> {
    if (!this.connected) return;
    for (const key of this.untold) {
      const known = this.known.get(key);
      const row = known && (await this.table.get(key).catch(() => undefined));
      if (row === undefined) return;
      this.untold.delete(key);
      if (!known || this.known.get(key) !== known) continue;
      const entry = row && parseEntry(row.value);
      if (row && entry) this.accept(entry, row.revision);
      else await this.restate(known.entry, row?.revision ?? null);
    }
  }

  /** Somebody else has changed an entry: reads it anew. */
  async refresh(key: string): Promise<void> {
    try {
      const row = await this.table.get(key);
      const entry = row && parseEntry(row.value);
      if (row && entry) this.accept(entry, row.revision);
      else this.remove(key);
    } catch {
      // The bus has gone away meanwhile: what is known holds.
    }
  }

  async end({ entry, revision }: Known): Promise<void> {
    const key = keyOf(entry.app, entry.name);
    if (this.known.get(key)?.entry === entry) this.remove(key);
    try {
      if (revision !== null) await this.table.remove(key, revision);
    } catch {
      this.endedAway.set(key, entry.epoch);
      const oldest = this.endedAway.size > MOST_ENDED ? this.endedAway.keys().next().value : undefined;
      if (oldest !== undefined) this.endedAway.delete(oldest);
    }
  }

  /** Another node says what the bus would say, if it were there. */
  heard(text: string): void {
    const entry = parseEntry(text);
    if (!entry || this.bus.connected) return;
    const known = this.get(keyOf(entry.app, entry.name));
    if (known && (known.entry.epoch !== entry.epoch || known.entry.term >= entry.term)) return;
    this.put({ entry, revision: known?.revision ?? null });
  }

  /** The table has an entry. It holds here too, unless this node has gone on from there while nobody could be told. */
  private accept(entry: StreamTableEntry, revision: number): void {
    const ours = this.known.get(keyOf(entry.app, entry.name))?.entry;
    if (ours && this.events.isOurs(ours) && ours.epoch === entry.epoch && ours.term > entry.term) void this.restate(ours, revision);
    else this.put({ entry, revision });
  }

  private put(known: Known): void {
    const key = keyOf(known.entry.app, known.entry.name);
    const before = this.get(key);
    this.known.set(key, known);
    this.events.put(known, before);
  }

  private remove(key: string): void {
    const known = this.known.get(key);
    this.known.delete(key);
    if (known) this.events.removed(known.entry);
  }

  private hear(key: string, value: string | null, revision: number): void {
    const known = this.known.get(key);
    if (known?.revision != null && known.revision >= revision) return;
    const entry = value === null ? null : parseEntry(value);
    if (entry) this.accept(entry, revision);
    // What this node writes and has not told yet is not over.
    else if (known?.revision != null) this.remove(key);
  }

  /** The bus is there, or there again: what it has is brought together with what is known here. */
  private synchronise(rows: ReadonlyMap<string, Row>): void {
    const first = !this.synchronised;
    this.synchronised = true;
    for (const [key, { value, revision }] of rows) {
      const entry = parseEntry(value);
      if (!entry) continue;
      const known = this.known.get(key);
      if (this.endedAway.get(key) === entry.epoch) void this.end({ entry, revision });
      else {
        this.accept(entry, revision);
        if (first && !known && this.events.isOurs(entry)) this.events.orphaned({ entry, revision });
      }
    }
    this.endedAway.clear();
    for (const [key, known] of this.known) {
      if (rows.has(key)) continue;
      if (this.events.isOurs(known.entry)) void this.restate(known.entry, null);
      else
        this.clock.after(TOLD_AGAIN_MS, () => {
          if (this.known.get(key) === known) this.remove(key);
        });
    }
  }

  /** Tells the table what was decided while it was away. */
  private async restate(entry: StreamTableEntry, revision: number | null): Promise<void> {
    const key = keyOf(entry.app, entry.name);
    if (this.known.get(key)?.entry !== entry) return;
    this.known.set(key, { entry, revision });
    if (!(await this.store(entry, { entry, revision }))) await this.refresh(key);
  }
}
