/**
 * Sends captions to the owner of a room: one request at a time, the final ones in their order and each once, of the provisional ones the newest, at most one
 * a second. What cannot be sent for a while is left out, the oldest first.
 */
import type { Caption } from "@lectern/room";
import type { HeardCaption } from "../../contracts/rooms/room-requests.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/id.ts";

export type SendCaptions = (captions: readonly HeardCaption[]) => Promise<unknown>;

const PROVISIONAL_MS = 1000;
const RETRY_MS = 1000;
/** Final captions that wait; a minute of fast speech. */
const MAX_WAITING = 50;

export class CaptionSender {
  private readonly send: SendCaptions;
  private readonly clock: Clock;
  private finals: HeardCaption[] = [];
  private provisional: Caption | null = null;
  private provisionalAt = Number.NEGATIVE_INFINITY;
  private isSending = false;
  private cancel = () => {};
  private closed = false;

  constructor(send: SendCaptions, clock: Clock) {
    this.send = send;
    this.clock = clock;
  }

  put(caption: Caption): void {
    if (caption.isFinal) {
      this.finals.push({ id: newId(), caption });
      if (this.finals.length > MAX_WAITING) this.finals.shift();
      if (this.provisional?.ref === caption.ref) this.provisional = null;
    } else this.provisional = caption;
    this.next();
  }

  /** What waits is left out. */
  close(): void {
    this.closed = true;
    this.cancel();
  }

  private next(): void {
    if (this.isSending || this.closed) return;
    const captions = [...this.finals];
    const waitMs = this.provisionalAt + PROVISIONAL_MS - this.clock.monotonic();
    if (this.provisional && waitMs <= 0) {
      captions.push({ id: newId(), caption: this.provisional });
      this.provisional = null;
      this.provisionalAt = this.clock.monotonic();
    } else if (this.provisional && captions.length === 0) this.later(waitMs);
    if (captions.length === 0) return;
    this.isSending = true;
    this.send(captions).then(
      () => {
        const sent = new Set(captions);
        this.finals = this.finals.filter((one) => !sent.has(one));
        this.isSending = false;
        this.next();
      },
      () => {
        this.isSending = false;
        this.later(RETRY_MS);
      },
    );
  }

  private later(milliseconds: number): void {
    this.cancel();
    if (!this.closed) this.cancel = this.clock.after(milliseconds, () => this.next());
  }
}
