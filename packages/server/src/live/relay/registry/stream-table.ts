/**
 * This node's copy of the table of live streams, which is on the bus and is changed by compare-and-set. While the bus is unreachable, this
 * node's decisions hold here, and are reconciled with the table when the bus is reachable again.
 */
import type { Bus, Row, Table } from "../../../platform/bus/bus.ts";
import type { Clock } from "../../../platform/clock.ts";
import { formatEntry, keyOf, parseEntry, type StreamTableEntry } from "./stream-table-entry.ts";

/** revision: null while the table does not have the row. */
export type StreamRow = { readonly entry: StreamTableEntry; readonly revision: number | null };

export type StreamTableEvents = {
  /** A row is new, or has changed. */
  readonly put: (row: StreamRow, before: StreamRow | null) => void;
  readonly removed: (entry: StreamTableEntry) => void;
  /** The bus is unreachable: sends the row to the other nodes directly. */
  readonly gossip: (text: string) => void;
  /** Whether this node writes a stream, so that its copy of the row counts. */
  readonly isOurs: (entry: StreamTableEntry) => boolean;
  /** Whether a process of this node writes it at this moment. */
  readonly isWriting: (entry: StreamTableEntry) => boolean;
  /** A row says that this node writes a stream that it does not know: the node was killed and has started again. */
  readonly orphaned: (row: StreamRow) => void;
};

/** Writers put their rows into a bus that has lost its memory within this. */
const REPUBLISH_WITHIN_MS = 5000;
/** Streams that ended while the bus was unreachable, to be removed from the table. */
const MAX_ENDED = 10_000;

export class StreamTable {
  private readonly bus: Bus;
  private readonly clock: Clock;
  private readonly events: StreamTableEvents;
  private readonly table: Table;
  private readonly rows = new Map<string, StreamRow>();
  /** Epochs of streams that ended while the bus was unreachable, by key. */
  private readonly endedOffline = new Map<string, string>();
  /** Keys of rows that the table does not have yet, because the bus did not answer. */
  private readonly unpublished = new Set<string>();
  private synchronised = false;
  private cursor = this.rows.values();

  constructor(bus: Bus, clock: Clock, events: StreamTableEvents) {
    this.bus = bus;
    this.clock = clock;
    this.events = events;
    this.table = bus.table("lectern-streams", {
      all: (rows) => this.synchronise(rows),
      changed: (key, value, revision) => this.onChange(key, value, revision),
    });
  }

  /** False while the bus is unreachable, or was never reached. */
  get connected(): boolean {
    return this.bus.connected && this.synchronised;
  }

  get(key: string): StreamRow | null {
    return this.rows.get(key) ?? null;
  }

  all(): StreamRow[] {
    return [...this.rows.values()];
  }

  /** Some of the rows: each call gives the next ones, and begins again after the last. */
  some(count: number): StreamRow[] {
    if (count >= this.rows.size) return this.all();
    const rows: StreamRow[] = [];
    for (let looked = 0; rows.length < count && looked < 2; ) {
      const next = this.cursor.next();
      if (next.done) {
        this.cursor = this.rows.values();
        looked++;
      } else rows.push(next.value);
    }
    return rows;
  }

  /**
   * Writes an entry over a row. False when another node was faster.
   * @param offline the entry that holds here when the bus does not answer
   */
  async store(entry: StreamTableEntry, before: StreamRow | null, offline = entry): Promise<boolean> {
    const key = keyOf(entry.app, entry.name);
    const text = formatEntry(entry);
    let revision: number | null = null;
    try {
      const stored =
        before?.revision == null ? await this.table.create(key, text) : await this.table.update(key, text, before.revision);
      if (stored === null) return false;
      revision = stored;
    } catch {
      this.unpublished.add(key);
      this.put({ entry: offline, revision: before?.revision ?? null });
      this.events.gossip(formatEntry(offline));
      return true;
    }
    this.unpublished.delete(key);
    // The table may have reported a later change meanwhile.
    if ((this.rows.get(key)?.revision ?? 0) < revision) this.put({ entry, revision });
    return true;
  }

  /** Writes an entry over a row; when another node was faster, reads the row again, and gives false. */
  async storeOrRefresh(entry: StreamTableEntry, before: StreamRow): Promise<boolean> {
    if (await this.store(entry, before)) return true;
    await this.refresh(keyOf(entry.app, entry.name));
    return false;
  }

  /** Puts rows into the table that it did not take while the bus was unreachable. To be called every second or two. */
  async republish(): Promise<void> {
    if (!this.connected) return;
    for (const key of this.unpublished) {
      const ours = this.rows.get(key);
      const row = ours && (await this.table.get(key).catch(() => undefined));
      if (row === undefined) return;
      this.unpublished.delete(key);
      if (!ours || this.rows.get(key) !== ours) continue;
      const entry = row && parseEntry(row.value);
      if (row && entry) this.accept(entry, row.revision);
      else await this.republishRow(ours.entry, row?.revision ?? null);
    }
  }

  /** Reads a row again that another node has changed. */
  async refresh(key: string): Promise<void> {
    try {
      const row = await this.table.get(key);
      const entry = row && parseEntry(row.value);
      if (row && entry) this.accept(entry, row.revision);
      else this.remove(key);
    } catch {
      // The bus is unreachable meanwhile: the row here holds.
    }
  }

  async end({ entry, revision }: StreamRow): Promise<void> {
    const key = keyOf(entry.app, entry.name);
    if (this.rows.get(key)?.entry === entry) this.remove(key);
    try {
      if (revision !== null) await this.table.remove(key, revision);
    } catch {
      this.endedOffline.set(key, entry.epoch);
      const oldest = this.endedOffline.size > MAX_ENDED ? this.endedOffline.keys().next().value : undefined;
      if (oldest !== undefined) this.endedOffline.delete(oldest);
    }
  }

  /**
   * Takes a row that another node has sent directly, because the bus does not answer there. It may answer here: a node can be cut off from the bus
   * alone, and a bus that hangs looks connected for seconds.
   */
  takeGossip(text: string): void {
    const entry = parseEntry(text);
    if (!entry) return;
    const row = this.get(keyOf(entry.app, entry.name));
    if (row && (row.entry.epoch !== entry.epoch || row.entry.term >= entry.term)) return;
    this.put({ entry, revision: row?.revision ?? null });
  }

  /** Takes a row of the table, unless this node has gone on from there while the bus was unreachable, or goes on writing the stream. */
  private accept(entry: StreamTableEntry, revision: number): void {
    const ours = this.rows.get(keyOf(entry.app, entry.name))?.entry;
    const isSame = ours !== undefined && this.events.isOurs(ours) && ours.epoch === entry.epoch;
    if (isSame && ours.term > entry.term) void this.republishRow(ours, revision);
    // Other nodes took this one for gone while it stood still. Nobody has the next term: the publisher that was here is here.
    else if (isSame && entry.writer === null && entry.term === ours.term && this.events.isWriting(ours))
      this.reclaim({ ...entry, writer: ours.writer }, revision);
    else this.put({ entry, revision });
  }

  private reclaim(entry: StreamTableEntry, revision: number | null): void {
    this.put({ entry, revision });
    void this.republishRow(entry, revision);
  }

  private put(row: StreamRow): void {
    const key = keyOf(row.entry.app, row.entry.name);
    const before = this.get(key);
    this.rows.set(key, row);
    this.events.put(row, before);
  }

  private remove(key: string): void {
    const row = this.rows.get(key);
    this.rows.delete(key);
    if (row) this.events.removed(row.entry);
  }

  private onChange(key: string, value: string | null, revision: number): void {
    const row = this.rows.get(key);
    if (row?.revision != null && row.revision >= revision) return;
    const entry = value === null ? null : parseEntry(value);
    if (entry) this.accept(entry, revision);
    // A row that this node has not published yet is not over. A stream that it writes was ended by nodes that took it for gone.
    else if (row && value === null && this.events.isWriting(row.entry)) this.reclaim(row.entry, null);
    else if (row?.revision != null) this.remove(key);
  }

  /** The bus is reachable: reconciles the table with the rows here. */
  private synchronise(rows: ReadonlyMap<string, Row>): void {
    const first = !this.synchronised;
    this.synchronised = true;
    for (const [key, { value, revision }] of rows) {
      const entry = parseEntry(value);
      if (!entry) continue;
      const before = this.rows.get(key);
      if (this.endedOffline.get(key) === entry.epoch) void this.end({ entry, revision });
      else {
        this.accept(entry, revision);
        if (first && !before && this.events.isOurs(entry)) this.events.orphaned({ entry, revision });
      }
    }
    this.endedOffline.clear();
    for (const [key, row] of this.rows) {
      if (rows.has(key)) continue;
      if (this.events.isOurs(row.entry)) void this.republishRow(row.entry, null);
      else
        this.clock.after(REPUBLISH_WITHIN_MS, () => {
          if (this.rows.get(key) === row) this.remove(key);
        });
    }
  }

  private async republishRow(entry: StreamTableEntry, revision: number | null): Promise<void> {
    const key = keyOf(entry.app, entry.name);
    if (this.rows.get(key)?.entry !== entry) return;
    this.rows.set(key, { entry, revision });
    if (!(await this.store(entry, { entry, revision }))) await this.refresh(key);
  }
}
