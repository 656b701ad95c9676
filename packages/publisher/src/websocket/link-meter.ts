/**
 * Measures the way to the server by the reports of what it has read. The system's send buffer holds seconds of media on a slow uplink, and
 * `bufferedAmount` tells nothing of it: so no more is given to the socket than the server will read soon.
 */

/** `bytes`: of all messages up to this one; times are milliseconds of the machine's clock. */
type Sent = { readonly at: number; readonly encodedAt: number; readonly bytes: number };
type Report = { readonly at: number; readonly bytes: number };

/** Over which the throughput is measured. */
const RATE_MS = 1000;
/** The least delay is of the last so many milliseconds: the network may change. */
const LEAST_MS = 20_000;
/** Before the first report, and for the smallest rates: a key frame of a small picture. */
const LEAST_WINDOW = 48 * 1024;
const FIRST_WINDOW = 256 * 1024;
/** So much of what the server reads may be under way, besides what the delay of the network itself holds. */
const WINDOW_MS = 500;
const MAX_SENT = 5000;

export class LinkMeter {
  private sent: Sent[] = [];
  private reports: Report[] = [];
  private lags: { readonly at: number; readonly ms: number }[] = [];
  private sentBytes = 0;
  private roundTrip: number | null = null;

  /** Bytes under way. */
  get inFlight(): number {
    return this.sentBytes - (this.reports.at(-1)?.bytes ?? 0);
  }

  /** From sending a message to the report that it was read, milliseconds: the least of the last seconds; null before the first. */
  get rttMs(): number | null {
    return this.roundTrip;
  }

  /** How long the oldest tag that the server has not read has waited, beyond what the network itself takes, milliseconds. Null before the first report. */
  get lagMs(): number | null {
    const last = this.lags.at(-1);
    return last ? last.ms - Math.min(...this.lags.map(({ ms }) => ms)) : null;
  }

  /** What the server has read lately, kilobits per second; null before there are two reports. */
  get readKbps(): number | null {
    const [first, last] = [this.reports[0], this.reports.at(-1)];
    if (!first || !last || last.at <= first.at) return null;
    return ((last.bytes - first.bytes) * 8) / (last.at - first.at);
  }

  /** Whether more may be given to the socket. */
  get mayForward(): boolean {
    const rate = this.readKbps;
    if (rate === null) return this.inFlight < FIRST_WINDOW;
    const window = (rate / 8) * (WINDOW_MS + 2 * (this.roundTrip ?? 0));
    return this.inFlight < Math.max(LEAST_WINDOW, window);
  }

  /** A message was given to the socket. @param now milliseconds */
  forwarded(bytes: number, encodedAt: number, now: number): void {
    this.sentBytes += bytes;
    this.sent.push({ at: now, encodedAt, bytes: this.sentBytes });
    if (this.sent.length > MAX_SENT) this.sent.shift();
  }

  /**
   * The server has told how many bytes it has read.
   * @param oldestAt when the oldest tag was encoded that was not given to the socket yet; null: there is none
   * @param now milliseconds
   */
  received(bytes: number, oldestAt: number | null, now: number): void {
    this.reports.push({ at: now, bytes });
    while (this.reports.length > 2 && now - (this.reports[0]?.at ?? now) > RATE_MS) this.reports.shift();
    if (bytes === 0) return;
    let newest: Sent | null = null;
    while (this.sent[0] && this.sent[0].bytes <= bytes) newest = this.sent.shift() ?? null;
    if (newest) this.roundTrip = Math.min(this.roundTrip ?? Number.POSITIVE_INFINITY, now - newest.at);
    this.lags.push({ at: now, ms: now - (this.sent[0]?.encodedAt ?? oldestAt ?? now) });
    this.lags = this.lags.filter(({ at }) => now - at <= LEAST_MS);
  }
}
