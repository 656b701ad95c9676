/**
 * Reads a publisher's socket in rounds. Publishers send some 70 small packets a second, and a read costs the same whatever it brings: after a
 * round, the socket waits for the next one, in which one read takes all that has come meanwhile.
 *
 * A round lasts a few milliseconds. The kernel acknowledges what is read, and a publisher with Nagle's algorithm (RFC 896; ffmpeg's default) sends
 * only then what it has held back: in a network that is near, these bytes come in the same round, and would wait for the next one otherwise.
 *
 * How long it may wait depends on who watches. How long it can wait depends on the publisher: what has come has to fit into the kernel's
 * receive buffer, or TCP slows the publisher down.
 */
import type { Socket } from "node:net";
import type { SharedTicks } from "../../platform/shared-ticks.ts";

/** Intervals of rounds, milliseconds. */
const ROUNDS_MS = [100, 40, 20, 10] as const;
/** A read of more bytes was a round too long: the receive buffer of a new connection holds 64 kB. */
const LARGE_READ_BYTES = 32 * 1024;
/** After a round of fewer bytes, the next longer interval brings fewer than `LARGE_READ_BYTES`. */
const FEW_BYTES = 8 * 1024;

/** When sockets are read: the rounds in which reading begins, and those in which it ends. */
export type ReadingTimes = { readonly begin: SharedTicks; readonly end: SharedTicks };

/** What Node.js reads a socket by. It is no public interface: a socket without it is read as its bytes come. */
type ReadHandle = { readonly reading: boolean; readonly readStart: () => number; readonly readStop: () => number };

function isReadHandle(value: unknown): value is ReadHandle {
  const { reading, readStart, readStop } = Object(value);
  return typeof reading === "boolean" && typeof readStart === "function" && typeof readStop === "function";
}

/** The handle of a socket that Node.js reads at present: not of one that is paused. */
function handleOf(socket: Socket): ReadHandle | null {
  const handle: unknown = Reflect.get(socket, "_handle");
  return isReadHandle(handle) && handle.reading ? handle : null;
}

/** The rounds of one publisher's socket. */
export class PacedReading {
  private readonly socket: Socket;
  private readonly times: ReadingTimes;
  private readonly allowedMs: () => number;
  /** Place in `ROUNDS_MS` of the longest interval that suits the publisher. */
  private pace = 0;
  private bytesOfRound = 0;

  /**
   * @param times of all sockets of the process
   * @param allowedMs how long bytes may wait at present, milliseconds; 0: not at all
   */
  constructor(socket: Socket, times: ReadingTimes, allowedMs: () => number) {
    this.socket = socket;
    this.times = times;
    this.allowedMs = allowedMs;
  }

  /** A read has brought so many bytes. Reading stops when the round ends, unless there is reason to go on. */
  hasRead(bytes: number): void {
    this.bytesOfRound += bytes;
    if (bytes > LARGE_READ_BYTES) this.pace = Math.min(ROUNDS_MS.length, this.pace + 1);
    else if (bytes < FEW_BYTES && this.pace === ROUNDS_MS.length) this.pace--;
    const interval = this.interval();
    if (interval !== null && bytes <= LARGE_READ_BYTES) this.times.end.wait(interval, this.stop);
  }

  /** How long bytes wait at present, milliseconds; null: not at all. */
  private interval(): number | null {
    const allowed = this.allowedMs();
    return ROUNDS_MS.find((milliseconds, i) => i >= this.pace && milliseconds <= allowed) ?? null;
  }

  private readonly start = (): void => {
    this.bytesOfRound = 0;
    handleOf(this.socket)?.readStart();
  };

  private readonly stop = (): void => {
    if (this.bytesOfRound < FEW_BYTES) this.pace = Math.max(0, this.pace - 1);
    const [interval, handle] = [this.interval(), handleOf(this.socket)];
    if (interval === null || !handle) return;
    handle.readStop();
    this.times.begin.wait(interval, this.start);
  };
}
