/**
 * Provides the members of a room before a board, as a process of their own: one of them writes without a rest, all note how old each stroke is when
 * it comes; others come late. The order is JSON on the standard input, the figures are JSON on the standard output. Commands follow, one a line.
 */
import { Agent, get } from "node:http";
import { createInterface } from "node:readline";
import { BATCH_MS, itemIds, Page, type PageState } from "@lectern/board";
import { WebSocketLine } from "../../packages/server/src/load/clients/websocket-line.ts";
import { type Delays, Histogram } from "../../packages/server/src/load/measure/histogram.ts";
import { Handwriting } from "./handwriting.ts";
import { inStep, pause } from "./room-members.ts";

export type BoardOrder = {
  readonly port: number;
  /** One for each member; the first one writes. */
  readonly paths: readonly string[];
  readonly joinsPerSecond: number;
  readonly page: string;
};

/** `join`: all connect. `write`: measure for so long. `late`: so many more come a second while one writes. */
export type BoardCommand =
  | { readonly do: "join" }
  | { readonly do: "write"; readonly seconds: number }
  | { readonly do: "late"; readonly perSecond: number; readonly seconds: number };

export type BoardFigures = {
  readonly open: number;
  readonly closed: number;
  readonly refused: number;
  readonly batches: number;
  readonly items: number;
  /** From the writer's socket to a member's. */
  readonly strokes: Delays;
  /** Of messages with strokes, of a member, a minute. */
  readonly bytesAMinute: number;
  /** From the connection to the whole page, unpacked and made. */
  readonly late: Delays;
  readonly lateFailed: number;
  readonly bytesOfPage: number;
  readonly cpuSeconds: number;
};

const PROTOCOL = "lectern.room.v1";
/** After the last batch, for it to come to all. */
export const DRAIN_MS = 1500;
/** The head of a server's WebSocket frame. */
const HEAD_BYTES = 4;
const EPOCH = Buffer.from('"epoch":');
const SEQ = Buffer.from('"seq":');
const STROKE = Buffer.from('"stroke"');

type Member = { seq: number; isOpen: boolean; isIn: boolean };
/** Strokes that came: at how many members, by the millisecond. */
type Arrivals = Map<number, number>;

class BoardMembers {
  private readonly order: BoardOrder;
  private readonly members: Member[] = [];
  private writer: WebSocketLine | null = null;
  private readonly hand: Handwriting;
  /** When an action was sent, and when the one with a number was. */
  private readonly sentAt = new Map<string, number>();
  private readonly writtenAt = new Map<number, number>();
  private arrivals = new Map<string, Arrivals>();
  private strokes = new Histogram();
  private late = new Histogram();
  private lateFailed = 0;
  private bytes = 0;
  private seconds = 1;
  private actions = 0;
  private closed = 0;
  private refused = 0;
  private cpu = 0;
  private last: PageState | null = null;
  private bytesOfPage = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 200 });
  private isMeasuring = false;

  constructor(order: BoardOrder) {
    this.order = order;
    this.hand = new Handwriting(itemIds("abcd"));
  }

  async join(): Promise<void> {
    const { paths, joinsPerSecond } = this.order;
    await inStep(joinsPerSecond, paths.length / joinsPerSecond, (i) => void this.enter(i));
    const end = performance.now() + 20_000;
    while (performance.now() < end && this.members.some(({ isIn }) => !isIn)) await pause(10);
  }

  async write(seconds: number): Promise<void> {
    this.arrivals = new Map();
    this.strokes = new Histogram();
    Object.assign(this, { bytes: 0, seconds, isMeasuring: true });
    const before = process.cpuUsage();
    await inStep(1000 / BATCH_MS, seconds, () => this.send());
    await pause(DRAIN_MS);
    const used = process.cpuUsage(before);
    this.cpu = (used.user + used.system) / 1e6;
    this.isMeasuring = false;
    this.resolve();
  }

  async comeLate(perSecond: number, seconds: number): Promise<void> {
    this.late = new Histogram();
    this.lateFailed = 0;
    const coming: Promise<void>[] = [];
    const { paths } = this.order;
    await Promise.all([
      inStep(1000 / BATCH_MS, seconds + 1, () => this.send()),
      inStep(perSecond, seconds, (i) => void coming.push(this.comeOne(paths[i % paths.length] ?? ""))),
    ]);
    await Promise.all(coming);
  }

  get figures(): BoardFigures {
    const open = this.members.filter(({ isOpen }) => isOpen).length;
    return {
      open,
      closed: this.closed,
      refused: this.refused,
      batches: this.writtenAt.size,
      strokes: this.strokes.delays,
      items: this.last ? Page.of(this.last.operations).items().length : 0,
      bytesAMinute: ((this.bytes / Math.max(1, open)) * 60) / this.seconds,
      late: this.late.delays,
      lateFailed: this.lateFailed,
      bytesOfPage: this.bytesOfPage,
      cpuSeconds: this.cpu,
    };
  }

  private enter(i: number): void {
    const { port, paths } = this.order;
    const member: Member = { seq: 0, isOpen: false, isIn: false };
    const line = new WebSocketLine({
      target: { host: "127.0.0.1", port, isTls: false },
      path: paths[i] ?? "",
      protocol: PROTOCOL,
      onOpen: () => Object.assign(member, { isOpen: true }),
      onText: (text) => this.take(member, text),
      onClose: () => {
        if (member.isOpen) this.closed++;
        Object.assign(member, { isOpen: false, isIn: true });
      },
    });
    this.members.push(member);
    this.writer ??= line;
  }

  private take(member: Member, text: Buffer): void {
    // The writer alone is acknowledged, often with what has happened.
    if (text.subarray(0, 9).includes('"acks"')) this.acknowledged(text);
    const position = text.indexOf(EPOCH);
    if (position < 0) return;
    const at = text.indexOf(SEQ, position);
    let seq = 0;
    for (let i = at + SEQ.length; at > 0 && i < text.length && (text[i] ?? 0) >= 0x30 && (text[i] ?? 0) <= 0x39; i++)
      seq = seq * 10 + (text[i] ?? 0) - 0x30;
    const before = member.seq;
    Object.assign(member, { seq: Math.max(before, seq), isIn: true });
    if (!this.isMeasuring || before === 0 || !text.includes(STROKE)) return;
    this.bytes += text.length + HEAD_BYTES;
    const now = Math.round(performance.now());
    const key = `${before} ${seq}`;
    const known = this.arrivals.get(key) ?? new Map<number, number>();
    this.arrivals.set(key, known);
    known.set(now, (known.get(now) ?? 0) + 1);
  }

  private acknowledged(text: Buffer): void {
    for (const { id, seq, code } of JSON.parse(String(text)).acks) {
      const sent = this.sentAt.get(id);
      if (code !== undefined) this.refused++;
      else if (sent !== undefined) this.writtenAt.set(seq, sent);
      this.sentAt.delete(id);
    }
  }

  private send(): void {
    const now = performance.now();
    const ops = this.hand.next(now);
    if (ops.length === 0) return;
    const id = `w${++this.actions}`;
    this.sentAt.set(id, now);
    this.writer?.send(JSON.stringify({ id, kind: "stroke", page: this.order.page, ops }));
  }

  /** Only the acknowledgement says which number a batch got. */
  private resolve(): void {
    for (const [key, times] of this.arrivals) {
      const [before = 0, seq = 0] = key.split(" ").map(Number);
      for (let one = before + 1; one <= seq; one++) {
        const sent = this.writtenAt.get(one);
        if (sent === undefined) continue;
        for (const [at, count] of times) this.strokes.addMany(at - sent, count);
      }
    }
  }

  /** Enters the room and asks for the page, as somebody does who opens the lesson. */
  private async comeOne(path: string): Promise<void> {
    const begun = performance.now();
    try {
      const position = await this.positionOf(path);
      const address = path.replace("/socket?", `/pages/${this.order.page}?after=${position}&`);
      const state = await this.page(address);
      Page.of(state.operations).items();
      this.last = state;
      this.late.add(performance.now() - begun);
    } catch {
      this.lateFailed++;
    }
  }

  private positionOf(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const line = new WebSocketLine({
        target: { host: "127.0.0.1", port: this.order.port, isTls: false },
        path,
        protocol: PROTOCOL,
        onOpen: () => {},
        onText: (text) => {
          const { epoch, seq } = JSON.parse(String(text));
          resolve(`${epoch}.${seq}`);
          line.close();
        },
        onClose: reject,
      });
    });
  }

  private page(path: string): Promise<PageState> {
    return new Promise((resolve, reject) => {
      const request = get(
        { port: this.order.port, path, host: "127.0.0.1", agent: this.agent, headers: { "accept-encoding": "identity" } },
        (response) => {
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => pieces.push(piece));
          response.on("end", () => {
            const body = Buffer.concat(pieces);
            this.bytesOfPage = body.length;
            if (response.statusCode === 200) resolve(JSON.parse(String(body)));
            else reject(new Error(String(body)));
          });
          response.on("error", reject);
        },
      );
      request.on("error", reject);
    });
  }
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const first = await lines.next();
  const members = new BoardMembers(JSON.parse(first.value ?? "null"));
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const command: BoardCommand | { readonly do: "leave" } = JSON.parse(next.value);
    if (command.do === "join") await members.join();
    if (command.do === "write") await members.write(command.seconds);
    if (command.do === "late") await members.comeLate(command.perSecond, command.seconds);
    if (command.do === "leave") break;
    process.stdout.write(`${JSON.stringify(members.figures)}\n`);
  }
  process.exit(0);
}

if (import.meta.main) await main();
