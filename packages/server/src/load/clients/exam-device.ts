/**
 * Provides a candidate's device as the page is: it numbers its answers, keeps them until they are acknowledged, sends the lowest numbers first, and goes on after
 * failures. It notes what was acknowledged, to be compared with what is stored.
 */
import type { Answer, AnswerValue } from "@lectern/exam";
import { HttpLine, type LineAnswer, type LineTarget } from "./http-line.ts";

export type DeviceOrder = { readonly exam: string; readonly attempt: string; readonly seat: number; readonly token: string };

type DoorAnswer = {
  readonly stored: number;
  readonly endsAt: number | null;
  readonly handedIn: boolean;
  readonly handedInAt: number | null;
  readonly late?: readonly number[];
};

/** Of a request. */
const MAX_AT_ONCE = 200;

export class ExamDevice {
  readonly order: DeviceOrder;
  readonly line: HttpLine;
  /** By number. */
  readonly acknowledged = new Map<number, Answer>();
  /** Written, and not acknowledged. */
  readonly pending = new Map<number, Answer>();
  /** Numbers that the server refused as too late. */
  readonly late = new Set<number>();
  key: string | null = null;
  endsAt: number | null = null;
  handedInAt: number | null = null;
  private next = 1;
  private atOnce = MAX_AT_ONCE;
  private readonly clock: () => number;
  /** What the device's clock is wrong by, as the server told. */
  private correction = 0;

  /** @param clock of the device, right or wrong */
  constructor(order: DeviceOrder, targetOf: () => LineTarget, clock: () => number = Date.now, withinMs = 30_000) {
    this.order = order;
    this.clock = clock;
    this.line = new HttpLine(targetOf, withinMs);
  }

  write(question: string, value: AnswerValue): void {
    const seq = this.next++;
    this.pending.set(seq, { seq, question, value, writtenAt: this.now });
  }

  async fetchKey(): Promise<LineAnswer> {
    const answer = await this.ask("POST", "key", "");
    if (answer.status !== 200) return answer;
    const { key, endsAt, now } = JSON.parse(answer.body.toString()) as Readonly<Record<"endsAt" | "now", number>> & {
      readonly key: string;
    };
    this.correction = now - this.clock();
    this.key = key;
    this.endsAt = endsAt;
    return answer;
  }

  /** Sends what is pending. */
  save(): Promise<LineAnswer> {
    return this.send("answers");
  }

  handIn(): Promise<LineAnswer> {
    return this.send("hand-in");
  }

  /** What the server has. The device numbers on from there. */
  async read(): Promise<LineAnswer> {
    const answer = await this.ask("GET", "answers", null);
    if (answer.status === 200) {
      const { seq } = JSON.parse(answer.body.toString()) as { readonly seq: number };
      this.next = Math.max(this.next, seq + 1);
    }
    return answer;
  }

  /** After `exam-open-twice`, and `read`: an answer whose number is used gets another one. Of several, each is tried alone first: some may be stored. */
  renumber(): void {
    if (this.atOnce > 1 && this.pending.size > 1) {
      this.atOnce = 1;
      return;
    }
    const answers = [...this.pending.values()];
    this.pending.clear();
    for (const { question, value, writtenAt } of answers) {
      const seq = this.next++;
      this.pending.set(seq, { seq, question, value, writtenAt });
    }
  }

  private get now(): number {
    return this.clock() + this.correction;
  }

  private async send(way: "answers" | "hand-in"): Promise<LineAnswer> {
    const answers = [...this.pending.values()].slice(0, this.atOnce);
    const answer = await this.ask("POST", way, JSON.stringify({ answers, facts: [] }));
    if (answer.status === 200) this.take(answers, JSON.parse(answer.body.toString()));
    return answer;
  }

  private take(answers: readonly Answer[], { late = [], endsAt, handedInAt }: DoorAnswer): void {
    this.endsAt = endsAt;
    this.handedInAt = handedInAt;
    this.atOnce = Math.min(MAX_AT_ONCE, this.atOnce * 2);
    for (const answer of answers) {
      this.pending.delete(answer.seq);
      if (late.includes(answer.seq)) this.late.add(answer.seq);
      else this.acknowledged.set(answer.seq, answer);
    }
  }

  private ask(method: "GET" | "POST", way: string, body: string | null): Promise<LineAnswer> {
    return this.line.request({ method, path: `/exams/${this.order.exam}/${way}`, token: this.order.token, body });
  }
}
