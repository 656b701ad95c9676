/**
 * Sends beacons in their order, and again with the same number when an answer was lost, so that the server counts each once. A server that
 * refuses is left in peace.
 */

export type SendBeacon = (body: string) => Promise<{ readonly status: number; readonly retryAfter: number | null }>;

/** What waits while the network is down: a minute. */
const MAX_WAITING = 6;
const DEFAULT_WAIT_SECONDS = 60;

export class BeaconQueue {
  private readonly send: SendBeacon;
  private waiting: string[] = [];
  private isSending = false;
  /** Milliseconds of the caller's clock; infinite when the server does not want this session's beacons. */
  private silentUntil = 0;

  constructor(send: SendBeacon) {
    this.send = send;
  }

  get isRefused(): boolean {
    return this.silentUntil === Number.POSITIVE_INFINITY;
  }

  /** @param now milliseconds of a monotonic clock */
  async push(body: string, now: number): Promise<void> {
    if (this.isRefused) return;
    this.waiting.push(body);
    if (this.waiting.length > MAX_WAITING) this.waiting.shift();
    if (this.isSending || now < this.silentUntil) return;
    this.isSending = true;
    try {
      while (this.waiting[0] !== undefined && (await this.sendFirst(this.waiting[0], now))) this.waiting.shift();
    } finally {
      this.isSending = false;
    }
  }

  /** What was not sent, for the moment when the page goes. */
  takeWaiting(): readonly string[] {
    const { waiting } = this;
    this.waiting = [];
    return this.isRefused ? [] : waiting;
  }

  /** False: it waits for the next attempt. */
  private async sendFirst(body: string, now: number): Promise<boolean> {
    const answer = await this.send(body).catch(() => null);
    if (!answer || answer.status >= 500) return false;
    if (answer.status === 429) this.silentUntil = now + (answer.retryAfter ?? DEFAULT_WAIT_SECONDS) * 1000;
    else if (answer.status === 404) {
      // The stream is not there yet: viewers come before the teacher.
      this.silentUntil = now + DEFAULT_WAIT_SECONDS * 1000;
      this.waiting = [];
    } else if (answer.status >= 400) {
      this.silentUntil = Number.POSITIVE_INFINITY;
      this.waiting = [];
    }
    return answer.status < 400;
  }
}
