/** The log of a room: entries in order, each encoded once, and the newest entry of each kind for clients that join. */

/** The right to append to a room's log. A new owner takes the next term. */
export type RoomTerm = {
  /** Random; a log that begins again has another one. */
  readonly epoch: string;
  readonly term: number;
  /** The process that appends, `NODE/WORKER`. */
  readonly owner: string;
};

export type RoomEntry = {
  readonly epoch: string;
  /** Counts from 1 within the epoch. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The stream's time that the sender saw, in milliseconds; null: none. */
  readonly mediaTime: number | null;
  readonly id: string;
  /** The participant; null: the server. */
  readonly from: string | null;
  readonly kind: string;
};

export type NewEntry = Pick<RoomEntry, "id" | "from" | "kind" | "mediaTime"> & { readonly body: Readonly<Record<string, unknown>> };

type Encoded = { readonly entry: RoomEntry; readonly text: string };

/** Older entries are dropped; a follower that still needs one lags too far. */
const MAX_ENTRIES = 1000;

export class RoomLog {
  readonly term: RoomTerm;
  private readonly entries: Encoded[] = [];
  private readonly newest = new Map<string, Encoded>();
  private readonly now: () => number;
  private lastSeq = 0;

  constructor(term: RoomTerm, now: () => number = Date.now) {
    this.term = term;
    this.now = now;
  }

  /** The sequence number of the newest entry; 0: none. */
  get head(): number {
    return this.lastSeq;
  }

  append({ body, ...fields }: NewEntry): RoomEntry {
    const entry: RoomEntry = { epoch: this.term.epoch, seq: ++this.lastSeq, at: this.now(), ...fields };
    const encoded = { entry, text: JSON.stringify({ ...body, ...entry }) };
    this.entries.push(encoded);
    if (this.entries.length > MAX_ENTRIES) this.entries.shift();
    this.newest.set(entry.kind, encoded);
    return entry;
  }

  /** The entries after a position, as the items of a JSON array; null when some of them have been dropped. */
  after(seq: number): string | null {
    const first = this.lastSeq - this.entries.length + 1;
    if (seq + 1 < first) return null;
    return this.entries
      .slice(seq + 1 - first)
      .map(({ text }) => text)
      .join(",");
  }

  /** The newest entry of each kind, as the items of a JSON array. */
  snapshot(): string {
    return [...this.newest.values()].map(({ text }) => text).join(",");
  }
}
