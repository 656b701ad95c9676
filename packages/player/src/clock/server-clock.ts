/**
 * Provides the server's time on a device whose own clock may be wrong, jump, or stop while the device sleeps. Each answer of the server bounds the
 * difference between the server's clock and the monotonic clock of the browser (F. Cristian, "Probabilistic clock synchronization", 1989); the bounds
 * of several answers are intersected (RFC 5905 section 11.2.1). Between answers the time is monotonic. The device's clock counts only until the first
 * answer. This is the one file of the pages and the player that reads it: the house rules refuse it elsewhere.
 */

/** What the clock reads of the device; tests bring their own. */
export type DeviceClocks = {
  /** Milliseconds; may stand still while the device sleeps. */
  readonly monotonic: () => number;
  /** Milliseconds since 1970, as the device believes. */
  readonly wall: () => number;
};

/** The server's time in an answer: milliseconds since 1970. */
export type TimeAnswer = {
  readonly earliest: number;
  /** Default: `earliest`. */
  readonly latest?: number;
  /** Of `monotonic`, when the request was sent. Null: it is not known, the answer says only how late it is at least. */
  readonly sentAt: number | null;
  /** Of `monotonic`. Default: now. */
  readonly receivedAt?: number;
};

/** The quartz of a device is that exact, and better: 100 ppm. */
const DRIFT = 1e-4;
/** The device's clocks differ by more than this all at once: one was set, or the device has slept. */
const JUMP_MS = 1000;
/** HTTP dates have whole seconds (RFC 9110 section 5.6.7). */
const DATE_MS = 1000;

export class ServerClock {
  private readonly device: DeviceClocks;
  private readonly listeners = new Set<() => void>();
  /** The server's time less the monotonic one: known to be within these, as of `boundedAt`. */
  private low = Number.NEGATIVE_INFINITY;
  private high = Number.POSITIVE_INFINITY;
  private boundedAt = 0;
  /** In use. Null: no answer yet. */
  private offset: number | null = null;
  private told = Number.NEGATIVE_INFINITY;
  /** The device's time less the monotonic one, as last seen. */
  private deviceOffset: number;
  private asleepMs = 0;
  private measure = (): void => {};

  constructor(device: DeviceClocks) {
    this.device = device;
    this.deviceOffset = device.wall() - device.monotonic();
  }

  /** Milliseconds since 1970 by the server's clock. It does not go back, unless the server's answers show that it was wrong by more than a second. */
  now(): number {
    this.look();
    const { offset } = this;
    if (offset === null) return this.device.wall();
    this.told = Math.max(this.told, this.device.monotonic() + offset);
    return this.told;
  }

  /** Milliseconds that `now` may be wrong by; infinite before the first answer, and after a jump until the next one. */
  get uncertainty(): number {
    if (this.offset === null) return Number.POSITIVE_INFINITY;
    const drift = DRIFT * (this.device.monotonic() - this.boundedAt);
    return Math.max(this.high - this.offset, this.offset - this.low) + drift;
  }

  /** Milliseconds, for spans of time: monotonic, and the time in which the device slept counts. */
  elapsed(): number {
    this.look();
    return this.device.monotonic() + this.asleepMs;
  }

  /** A time that a library read from the device's clock, by the server's. */
  ofDevice(milliseconds: number): number {
    return milliseconds + this.now() - this.device.wall();
  }

  /** Notices that the device has slept or its clock was set: the time has to be measured again. Called every few seconds, and with each reading. */
  look(): void {
    const deviceOffset = this.device.wall() - this.device.monotonic();
    const jumped = deviceOffset - this.deviceOffset;
    this.deviceOffset = deviceOffset;
    if (Math.abs(jumped) < JUMP_MS) return;
    // Which of the two it was, only an answer of the server tells.
    this.asleepMs += Math.max(0, jumped);
    this.low = Number.NEGATIVE_INFINITY;
    this.high = Number.POSITIVE_INFINITY;
    this.measure();
  }

  /** @param measure asks the server for the time; called when the clock is not sure any more */
  measureBy(measure: () => void): void {
    this.measure = measure;
  }

  /** Told when the time has changed by more than a second at once: what waits for a time looks at it again. @returns the function that ends it */
  onStep(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** For `sentAt` and `receivedAt`. */
  monotonic(): number {
    return this.device.monotonic();
  }

  /** Takes the time of an answer. */
  take({ earliest, latest = earliest, sentAt, receivedAt = this.device.monotonic() }: TimeAnswer): void {
    this.look();
    const before = this.now();
    const low = earliest - receivedAt;
    const high = sentAt === null ? Number.POSITIVE_INFINITY : latest - sentAt;
    if (!(low <= high)) return;
    const drift = DRIFT * Math.max(0, receivedAt - this.boundedAt);
    const known = { low: Math.max(low, this.low - drift), high: Math.min(high, this.high + drift) };
    // One of the two is wrong, and the answer is newer.
    const { low: least, high: most } = known.low <= known.high ? known : { low, high };
    this.low = least;
    this.high = most;
    this.boundedAt = receivedAt;
    this.offset = this.within(least, most);
    if (Math.abs(this.device.monotonic() + this.offset - before) < JUMP_MS) return;
    this.told = Number.NEGATIVE_INFINITY;
    for (const listener of this.listeners) listener();
  }

  /** Takes the time of an answer by HTTP, where the page may read it. @param sentAt when its request was sent, of `monotonic` */
  takeResponse({ headers }: Pick<Response, "headers">, sentAt: number): void {
    const date = Date.parse(headers.get("date") ?? "");
    // A cache has kept the answer.
    if (Number.isNaN(date) || Number(headers.get("age") ?? 0) > 0) return;
    this.take({ earliest: date, latest: date + DATE_MS, sentAt });
  }

  /** As little as possible is changed, so that the time runs evenly. */
  private within(low: number, high: number): number {
    const { offset } = this;
    if (offset !== null && offset >= low && offset <= high) return offset;
    const isNear = offset !== null && Math.abs(offset - (offset < low ? low : high)) < JUMP_MS;
    if (isNear) return offset < low ? low : high;
    return high === Number.POSITIVE_INFINITY ? low : (low + high) / 2;
  }
}

/** Of this page, or of this worker. */
export const serverClock = new ServerClock({ monotonic: () => performance.now(), wall: () => Date.now() });
