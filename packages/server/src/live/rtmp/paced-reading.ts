/**
 * Reads a publisher's socket in rounds. Publishers send some 70 small packets a second, and a read costs the same whatever it brings: after a
 * read, the socket waits for the next round, in which one read takes all that has come meanwhile.
 *
 * How long it may wait depends on who watches. How long it can wait depends on the publisher: what has come has to fit into the kernel's
 * receive buffer, or TCP slows the publisher down.
 */
import type { Socket } from "node:net";
import type { Rounds } from "../../platform/rounds.ts";

/** Intervals of rounds, milliseconds. */
const ROUNDS_MS = [100, 40, 20, 10] as const;
/** A read of more bytes was a round too long: the receive buffer of a new connection holds 64 kB. */
const MANY_BYTES = 32 * 1024;
/** After a read of fewer bytes, the next longer interval brings fewer than `MANY_BYTES`. */
const FEW_BYTES = 8 * 1024;

/** What Node.js reads a socket by. It is no public interface: a socket without it is read as its bytes come. */
type ReadHandle = { readonly reading: boolean; readonly readStart: () => number; readonly readStop: () => number };

function isReadHandle(value: unknown): value is ReadHandle {
  const { reading, readStart, readStop } = Object(value);
  return typeof reading === "boolean" && typeof readStart === "function" && typeof readStop === "function";
}

function handleOf(socket: Socket): ReadHandle | null {
  const handle: unknown = Reflect.get(socket, "_handle");
  return isReadHandle(handle) ? handle : null;
}

/** The rounds of one publisher's socket. */
export class PacedReading {
  private readonly socket: Socket;
  private readonly rounds: Rounds;
  private readonly allowedMs: () => number;
  /** Place in `ROUNDS_MS` of the longest interval that suits the publisher. */
  private pace = 0;
  private readonly start = (): void => {
    const handle = handleOf(this.socket);
    if (handle?.reading) handle.readStart();
  };

  /**
   * @param rounds of all sockets of the process
   * @param allowedMs how long bytes may wait at present, milliseconds; 0: not at all
   */
  constructor(socket: Socket, rounds: Rounds, allowedMs: () => number) {
    this.socket = socket;
    this.rounds = rounds;
    this.allowedMs = allowedMs;
  }

  /** A read has brought so many bytes. Stops reading until the next round, unless there is reason to go on. */
  hasRead(bytes: number): void {
    if (bytes > MANY_BYTES) this.pace = Math.min(ROUNDS_MS.length, this.pace + 1);
    else if (bytes < FEW_BYTES) this.pace = Math.max(0, this.pace - 1);
    const allowed = this.allowedMs();
    const interval = ROUNDS_MS.find((milliseconds, i) => i >= this.pace && milliseconds <= allowed);
    if (interval === undefined || bytes > MANY_BYTES) return;
    const handle = handleOf(this.socket);
    // A socket that Node.js does not read at present is paused.
    if (!handle?.reading) return;
    handle.readStop();
    this.rounds.wait(interval, this.start);
  }
}
