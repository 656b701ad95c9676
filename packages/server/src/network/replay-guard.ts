/** Recognises messages and rows of the bus that somebody recorded and sends again. */
import type { Stamp } from "./message-stamp.ts";

/** Processes and rows that are remembered; the least recently heard are forgotten first. */
const MAX_REMEMBERED = 20_000;
/** A process that was never heard before is not believed when its message is so old: a recording, or a clock that nobody can work with. */
const MAX_AGE_MS = 24 * 3600 * 1000;

export class ReplayGuard {
  private readonly utc: () => number;
  /** The highest number of each sender and subject. */
  private readonly numbers = new Map<string, number>();
  /** The revision at which a sender's row was first seen. */
  private readonly rows = new Map<string, number>();
  /** The revision of each row when it was last read. */
  private readonly revisions = new Map<string, number>();

  /** @param utc milliseconds since 1970 */
  constructor(utc: () => number) {
    this.utc = utc;
  }

  /** Whether a message is new. Messages of a process arrive in their order, or not at all. */
  isNewMessage(subject: string, { by, at, number }: Stamp): boolean {
    const key = `${subject} ${by}`;
    const last = this.numbers.get(key);
    if (last === undefined ? Math.abs(at - this.utc()) > MAX_AGE_MS : number <= last) return false;
    remember(this.numbers, key, number);
    return true;
  }

  /** Whether a row is what its writer wrote at this revision: not an older text that was put back later. */
  isOwnRevision(place: string, { by, number, after }: Stamp, revision: number): boolean {
    const known = this.revisions.get(place) ?? 0;
    const written = `${place} ${by} ${number}`;
    const first = this.rows.get(written) ?? revision;
    if (first !== revision || (revision > known && after !== 0 && after < known)) return false;
    remember(this.rows, written, revision);
    this.saw(place, revision);
    return true;
  }

  /** A row was read, written or removed at this revision. */
  saw(place: string, revision: number): void {
    // Also a lower one: revisions begin again where the bus has lost its data.
    remember(this.revisions, place, revision);
  }
}

function remember(map: Map<string, number>, key: string, value: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
