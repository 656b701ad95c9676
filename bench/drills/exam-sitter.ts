/**
 * Provides a candidate who writes an answer each second, and whose device saves it as the page does: again after failures, under other numbers where another tab has
 * used them, and not any more where another device has taken over.
 */
import { type DeviceOrder, ExamDevice } from "../../packages/server/src/load/clients/exam-device.ts";
import type { LineAnswer } from "../../packages/server/src/load/clients/http-line.ts";

const WRITE_MS = 1000;
const AGAIN_MS = 1000;
/** The page does not wait longer for an answer. */
const WITHIN_MS = 15_000;

let sitters = 0;

export class ExamSitter {
  readonly device: ExamDevice;
  private readonly number = sitters++;
  /** Statuses and codes of refusals, with how often. */
  readonly refused = new Map<string, number>();
  /** The longest time between two acknowledgements since the last question, in milliseconds. */
  private longest = 0;
  private acknowledgedAt = performance.now();
  private cutUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private isWriting = true;
  private saving: Promise<void> | null = null;
  private written = 0;
  /** Another device has the seat, or nothing counts any more. */
  isOver = false;

  /** @param portOf a server that is there @param clock of the device */
  constructor(order: DeviceOrder, portOf: () => number, clock: () => number = Date.now) {
    this.device = new ExamDevice(order, () => ({ host: "127.0.0.1", port: portOf(), isTls: false }), clock, WITHIN_MS);
  }

  /** Asks for the key until it comes, and writes from then on. */
  async start(): Promise<void> {
    for (;;) {
      const answer = await this.device.fetchKey();
      if (answer.status === 200) break;
      this.note(answer);
      await wait(AGAIN_MS);
    }
    this.acknowledgedAt = performance.now();
    this.timer = setInterval(() => this.write(), WRITE_MS);
  }

  /** As when the network is gone: nothing is sent, and nothing arrives. The candidate goes on writing. */
  cut(milliseconds: number): void {
    this.cutUntil = performance.now() + milliseconds;
    this.device.line.drop();
  }

  takeLongestPause(): number {
    const longest = Math.max(this.longest, this.isOver ? 0 : performance.now() - this.acknowledgedAt);
    this.longest = 0;
    this.acknowledgedAt = performance.now();
    return longest;
  }

  /** Writes no more; what is pending is sent still. */
  stopWriting(): void {
    this.isWriting = false;
  }

  get isSettled(): boolean {
    return this.isOver || this.device.pending.size === 0;
  }

  close(): void {
    clearInterval(this.timer);
    this.isOver = true;
    this.device.line.drop();
  }

  private write(): void {
    if (this.isOver) return;
    // Each says something else, so that one that is stored twice is found.
    if (this.isWriting) this.device.write(`q${1 + (this.written % 60)}`, `${this.number} ${this.written++}`);
    this.saving ??= this.save().finally(() => {
      this.saving = null;
    });
  }

  private async save(): Promise<void> {
    if (this.device.pending.size === 0 || performance.now() < this.cutUntil) return;
    const answer = await this.device.save();
    if (answer.status === 200) {
      this.longest = Math.max(this.longest, performance.now() - this.acknowledgedAt);
      this.acknowledgedAt = performance.now();
      return;
    }
    const code = this.note(answer);
    if (code === "exam-open-twice") {
      await this.device.read();
      this.device.renumber();
    } else if (code === "exam-ended") {
      // Nothing of the request counts, and what follows was written later.
      for (const seq of this.device.pending.keys()) this.device.late.add(seq);
      this.device.pending.clear();
    } else if (answer.status === 409 || answer.status === 404) this.isOver = true;
    else await wait((answer.retryAfter ?? 1) * 1000);
  }

  private note({ status, body }: LineAnswer): string {
    const code = status === 0 ? "no answer" : codeOf(body);
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
    return code;
  }
}

function codeOf(body: Buffer): string {
  try {
    return String((JSON.parse(body.toString()) as { readonly code?: string }).code);
  } catch {
    return "no words";
  }
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
