/**
 * Provides a member of a room as pages are: it connects again when its line breaks, says where it was, sends again what was not acknowledged, and
 * notes everything that it is told, to be judged later (`room-judgement.ts`).
 */
import { randomBytes } from "node:crypto";
import { type Acknowledgement, type Frame, isPassing, parseFrame, type WireEntry } from "@lectern/room";
import { WebSocketLine } from "../../packages/server/src/load/clients/websocket-line.ts";

type Entry = Pick<WireEntry, "seq" | "id" | "kind">;

const RETRY_MS = 500;
const RETRY_SPREAD_MS = 500;

export class RoomMember {
  /** Actions that were acknowledged, with the entry that each became. */
  readonly acknowledged = new Map<string, number>();
  /** Of chat, in the order in which they were shown: each counts when it is shown for the first time. */
  readonly shown: Entry[] = [];
  readonly refused: string[] = [];
  /** Entries that came as new ones a second time. */
  repeated = 0;
  /** Entries that came after a later one, as new ones. */
  disordered = 0;
  epochs = new Set<string>();
  firstOpenAt: number | null = null;
  private readonly portOf: () => number;
  private readonly path: string;
  private readonly pending = new Map<string, string>();
  private readonly seen = new Set<string>();
  private line: WebSocketLine | null = null;
  private isOpen = false;
  private position: { readonly epoch: string; readonly seq: number } | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private cutUntil = 0;
  private newestAt = performance.now();
  private longest = 0;

  /** @param portOf a server that is there; asked at each connection */
  constructor(portOf: () => number, path: string) {
    this.portOf = portOf;
    this.path = path;
    this.open();
  }

  get isConnected(): boolean {
    return this.isOpen && this.position !== null;
  }

  get waiting(): number {
    return this.pending.size;
  }

  get head(): number {
    return this.position?.seq ?? 0;
  }

  say(text: string): void {
    const id = randomBytes(12).toString("hex");
    const message = JSON.stringify({ id, kind: "chat", text });
    this.pending.set(id, message);
    if (this.isConnected) this.line?.send(message);
  }

  /** As when the network is gone: nothing arrives, and nothing is sent. */
  cut(milliseconds: number): void {
    this.cutUntil = performance.now() + milliseconds;
    this.line?.close();
  }

  /** The longest time without a new line since the last call, in milliseconds. */
  takeLongestPause(): number {
    const longest = Math.max(this.longest, performance.now() - this.newestAt);
    this.longest = 0;
    this.newestAt = performance.now();
    return longest;
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.line?.close();
  }

  private open(): void {
    const after = this.position ? `&after=${this.position.epoch}.${this.position.seq}` : "";
    this.isOpen = false;
    this.line = new WebSocketLine({
      target: { host: "127.0.0.1", port: this.portOf(), isTls: false },
      path: this.path + after,
      protocol: "lectern.room.v1",
      onOpen: () => {
        this.isOpen = true;
      },
      onText: (text) => {
        const frame = parseFrame(text.toString());
        if (frame) this.take(frame);
      },
      onClose: () => {
        this.isOpen = false;
        if (this.isOver) return;
        const cut = Math.max(0, this.cutUntil - performance.now());
        this.timer = setTimeout(() => this.open(), cut + RETRY_MS + Math.random() * RETRY_SPREAD_MS);
      },
    });
  }

  private take({ you, position, snapshot, entries, acks }: Frame): void {
    if (position !== null && position.epoch !== "") {
      const { epoch, seq } = position;
      this.epochs.add(epoch);
      if (snapshot) for (const entry of snapshot) this.show(epoch, entry, true);
      for (const entry of entries) this.show(epoch, entry, false);
      this.position = { epoch, seq: snapshot ? seq : Math.max(this.position?.epoch === epoch ? this.position.seq : 0, seq) };
    }
    if (you !== null) {
      this.firstOpenAt ??= Date.now();
      for (const message of this.pending.values()) this.line?.send(message);
    }
    for (const one of acks) this.acknowledge(one);
  }

  private show(epoch: string, entry: Entry, isState: boolean): void {
    const key = `${epoch}.${entry.seq}`;
    if (entry.kind !== "chat") return;
    if (this.seen.has(key)) {
      if (!isState) this.repeated++;
      return;
    }
    const last = this.shown.at(-1);
    if (!isState && last && entry.seq < last.seq) this.disordered++;
    this.seen.add(key);
    this.shown.push({ seq: entry.seq, id: entry.id, kind: entry.kind });
    const now = performance.now();
    this.longest = Math.max(this.longest, now - this.newestAt);
    this.newestAt = now;
  }

  private acknowledge(one: Acknowledgement): void {
    const { id } = one;
    const message = this.pending.get(id);
    if (message === undefined) return;
    if ("code" in one && isPassing(one.code)) {
      setTimeout(
        () => this.isConnected && this.pending.has(id) && this.line?.send(message),
        Math.min(2000, (one.retryAfter ?? 1) * 1000),
      );
      return;
    }
    this.pending.delete(id);
    if ("code" in one) this.refused.push(one.code);
    else this.acknowledged.set(id, one.seq);
  }
}
