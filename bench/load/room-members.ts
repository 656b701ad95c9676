/**
 * Provides the members of a room, as a process of their own: they join at a rate, some of them talk, and all of them note how old each line is when
 * it comes. The order is JSON on the standard input, the figures are JSON on the standard output. Commands follow, one a line.
 */
import { createInterface } from "node:readline";
import { type MarkedKind, markedText, readMarks } from "../../packages/server/src/load/clients/sent-marks.ts";
import { WebSocketLine } from "../../packages/server/src/load/clients/websocket-line.ts";
import { type Delays, Histogram } from "../../packages/server/src/load/measure/histogram.ts";
import { DIALECTS, type DialectName } from "./room-dialects.ts";

export type MembersOrder = {
  readonly dialect: DialectName;
  readonly port: number;
  /** For those that use TLS; null: none does. */
  readonly tlsPort: number | null;
  /** Of those by TLS, 0 to 1. */
  readonly tlsShare: number;
  /** One for each member. */
  readonly paths: readonly string[];
  readonly joinsPerSecond: number;
  readonly chatPerSecond: number;
  readonly bulletCommentsPerSecond: number;
};

/** `join`: all connect. `talk`: measure for so long. `answers`: all send a message at once, and wait until each is acknowledged. */
export type MembersCommand =
  | { readonly do: "join" }
  | { readonly do: "talk"; readonly seconds: number }
  | { readonly do: "answers"; readonly quiz: string }
  | { readonly do: "leave" };

export type MembersFigures = {
  readonly open: number;
  readonly closed: number;
  readonly reasons: readonly string[];
  /** From the connection to the first message, which has the room's content. */
  readonly joins: Delays;
  readonly chat: Delays;
  readonly danmaku: Delays;
  readonly sent: { readonly chat: number; readonly danmaku: number };
  /** Lines that came at the member that got the fewest. */
  readonly fewestChat: number;
  readonly refused: number;
  readonly cpuSeconds: number;
  readonly answers: { readonly acknowledged: number; readonly seconds: number } | null;
};

const TICK_MS = 10;
/** Lines on their way when the talk ends. */
const DRAIN_MS = 1500;
const ANSWERS_WITHIN_MS = 60_000;
const ANSWER_ID = "answer-";

type Member = { line: WebSocketLine; isOpen: boolean; isIn: boolean; chat: number };

class Members {
  private readonly order: MembersOrder;
  private readonly members: Member[] = [];
  private readonly reasons = new Set<string>();
  private readonly joins = new Histogram();
  private histograms = { chat: new Histogram(), danmaku: new Histogram() };
  private sent = { chat: 0, danmaku: 0 };
  private closed = 0;
  private refused = 0;
  private isMeasuring = false;
  private cpu = 0;
  private answers: MembersFigures["answers"] = null;
  private acknowledged = 0;

  constructor(order: MembersOrder) {
    this.order = order;
  }

  async join(): Promise<void> {
    const { paths, joinsPerSecond } = this.order;
    await inStep(joinsPerSecond, paths.length / joinsPerSecond, (i) => {
      const path = paths[i];
      if (path !== undefined) this.open(path, i);
    });
    const end = performance.now() + 20_000;
    while (performance.now() < end && this.members.some(({ isIn }) => !isIn)) await pause(TICK_MS);
  }

  async talk(seconds: number): Promise<void> {
    const { chatPerSecond, bulletCommentsPerSecond } = this.order;
    this.histograms = { chat: new Histogram(), danmaku: new Histogram() };
    this.sent = { chat: 0, danmaku: 0 };
    for (const member of this.members) member.chat = 0;
    this.isMeasuring = true;
    const before = process.cpuUsage();
    await Promise.all([
      inStep(chatPerSecond, seconds, (i) => this.say("chat", i * 7)),
      inStep(bulletCommentsPerSecond, seconds, (i) => this.say("danmaku", i)),
    ]);
    await pause(DRAIN_MS);
    const used = process.cpuUsage(before);
    this.cpu = (used.user + used.system) / 1e6;
    this.isMeasuring = false;
  }

  async answer(quiz: string): Promise<void> {
    this.acknowledged = 0;
    const open = this.members.filter(({ isOpen }) => isOpen);
    const begun = performance.now();
    await inStep(open.length, 1, (i) =>
      open[i]?.line.send(JSON.stringify({ id: `${ANSWER_ID}${i}`, kind: "answer", quiz, choice: [i % 3] })),
    );
    while (this.acknowledged < open.length && performance.now() < begun + ANSWERS_WITHIN_MS) await pause(TICK_MS);
    this.answers = { acknowledged: this.acknowledged, seconds: (performance.now() - begun) / 1000 };
  }

  leave(): void {
    for (const { line } of this.members) line.close();
  }

  get figures(): MembersFigures {
    const { chat, danmaku } = this.histograms;
    const open = this.members.filter(({ isOpen }) => isOpen);
    return {
      open: open.length,
      closed: this.closed,
      reasons: [...this.reasons].slice(0, 5),
      joins: this.joins.delays,
      chat: chat.delays,
      danmaku: danmaku.delays,
      sent: this.sent,
      refused: this.refused,
      cpuSeconds: this.cpu,
      fewestChat: Math.min(...open.map((member) => member.chat)),
      answers: this.answers,
    };
  }

  private open(path: string, i: number): void {
    const { dialect, port, tlsPort, tlsShare } = this.order;
    const { protocol, hello, answerTo, isPast } = DIALECTS[dialect];
    const isTls = tlsPort !== null && (i * tlsShare) % 1 >= 1 - tlsShare;
    const begun = performance.now();
    const enter = (): void => {
      if (!member.isIn) this.joins.add(performance.now() - begun);
      member.isIn = true;
    };
    const member: Member = {
      isOpen: false,
      isIn: false,
      chat: 0,
      line: new WebSocketLine({
        target: { host: "127.0.0.1", port: isTls ? tlsPort : port, isTls },
        path,
        protocol,
        onOpen: () => {
          member.isOpen = true;
          if (hello !== null) member.line.send(hello);
          // A plain server says nothing to newcomers.
          if (dialect === "ws") enter();
        },
        onText: (text) => {
          enter();
          const answer = answerTo(text);
          if (answer !== null) return member.line.send(answer);
          if (!isPast(text)) this.take(member, text);
        },
        onClose: (reason) => {
          if (member.isOpen || !member.isIn) this.closed++;
          member.isOpen = false;
          member.isIn = true;
          if (reason !== "") this.reasons.add(reason);
        },
      }),
    };
    this.members.push(member);
  }

  private take(member: Member, text: Buffer): void {
    if (text.includes('"acks"')) {
      if (text.includes('"code"')) {
        this.refused++;
        this.reasons.add(text.toString("utf8", 0, 200));
      } else if (text.includes(`"${ANSWER_ID}`)) this.acknowledged += text.toString().split(`"${ANSWER_ID}`).length - 1;
    }
    if (!this.isMeasuring) return;
    const { chat, danmaku } = this.histograms;
    readMarks(text, "chat", (age) => {
      member.chat++;
      chat.add(age);
    });
    readMarks(text, "danmaku", (age) => danmaku.add(age));
  }

  private say(kind: MarkedKind, i: number): void {
    const open = this.members[i % this.members.length];
    if (!open?.isOpen) return;
    open.line.send(DIALECTS[this.order.dialect].say(kind, markedText(kind)));
    this.sent[kind]++;
  }
}

/** Calls at a rate, and catches up where a timer was late. */
export async function inStep(perSecond: number, seconds: number, call: (i: number) => void): Promise<void> {
  const begun = performance.now();
  const all = Math.round(perSecond * seconds);
  for (let i = 0; i < all; ) {
    const due = Math.min(all, Math.floor(((performance.now() - begun) / 1000) * perSecond) + 1);
    while (i < due) call(i++);
    await pause(TICK_MS);
  }
}

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const first = await lines.next();
  const members = new Members(JSON.parse(first.value ?? "null"));
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const command: MembersCommand = JSON.parse(next.value);
    if (command.do === "join") await members.join();
    if (command.do === "talk") await members.talk(command.seconds);
    if (command.do === "answers") await members.answer(command.quiz);
    if (command.do === "leave") break;
    process.stdout.write(`${JSON.stringify(members.figures)}\n`);
  }
  members.leave();
  process.exit(0);
}

if (import.meta.main) await main();
