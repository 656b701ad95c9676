/**
 * Provides a client of rooms that was written from docs/room-protocol.md alone, section by section, to prove that the page says enough. It shares
 * nothing with Lectern's own pages and with other tests; when the page changes, it changes with the page.
 */
import WebSocket from "ws";

type Json = { readonly [field: string]: unknown };
export type Entry = Json & { readonly epoch: string; readonly seq: number; readonly kind: string; readonly key?: string };
export type Ack = { readonly id: string | null; readonly seq?: number; readonly code?: string; readonly detail?: string } & Json;
type Waiting = { readonly text: string; readonly resolve: (ack: Ack) => void };
type Message = {
  readonly you?: Json;
  readonly epoch?: string;
  readonly seq?: number;
  readonly snapshot?: readonly Entry[];
  readonly entries?: readonly Entry[];
  readonly older?: readonly Entry[];
  readonly signals?: readonly Json[];
  readonly acks?: readonly Ack[];
};

/** "Snapshots have the newest entry of each key, at most 300 of a kind." */
const SNAPSHOT_KEYS = 300;
/** "Send it again with the same id, after retryAfter seconds." */
const AGAIN: readonly unknown[] = ["control-away", "database-away", "draining"];

export class PageClient {
  you: Json = {};
  /** By key, newest only. */
  readonly held = new Map<string, Entry>();
  /** By kind and key. */
  readonly signals = new Map<string, Json>();
  /** Everything that came as it happened, once. */
  readonly happened: Entry[] = [];
  /** What the page promises never to happen. */
  readonly faults: string[] = [];
  snapshots = 0;
  connections = 0;
  readonly acks: Ack[] = [];
  private readonly address: () => string;
  private readonly waiting = new Map<string, Waiting>();
  private position: { readonly epoch: string; readonly seq: number } | null = null;
  private socket: WebSocket | null = null;
  private delayMs = 500;
  private isClosed = false;

  /** @param address `wss://HOST/api/v1/rooms/CODE/socket?QUERY`, of each attempt */
  constructor(address: () => string) {
    this.address = address;
    this.connect();
  }

  send(kind: string, fields: Json, id = Math.random().toString(16).slice(2)): Promise<Ack> {
    const text = JSON.stringify({ ...fields, id, kind });
    return new Promise((resolve) => {
      this.waiting.set(id, { text, resolve });
      if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
    });
  }

  /** The texts of lines, in the order in which they were written: "sorting lines by key gives the order". */
  lines(kind = "chat"): string[] {
    const ofKind = [...this.held].filter(([key]) => key.startsWith(`${kind}/`));
    return ofKind.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, { text }]) => String(text));
  }

  cut(): void {
    this.socket?.terminate();
  }

  close(): void {
    this.isClosed = true;
    this.cut();
  }

  private connect(): void {
    const after = this.position ? `&after=${this.position.epoch}.${this.position.seq}` : "";
    const socket = new WebSocket(`${this.address()}${after}`, "lectern.room.v1");
    this.socket = socket;
    let isFirst = true;
    socket.on("message", (data) => {
      this.take(JSON.parse(String(data)), isFirst);
      if (isFirst) for (const { text } of this.waiting.values()) socket.send(text);
      isFirst = false;
    });
    socket.on("error", () => {});
    socket.on("open", () => {
      this.connections++;
      this.delayMs = 500;
    });
    socket.on("close", () => {
      if (this.isClosed) return;
      setTimeout(() => this.connect(), this.delayMs * (0.5 + Math.random()));
      this.delayMs = Math.min(20_000, this.delayMs * 2);
    });
  }

  private take(message: Message, isFirst: boolean): void {
    if (isFirst && !message.you) this.faults.push("the first message does not say who you are");
    if (message.you) this.you = message.you;
    for (const ack of message.acks ?? []) this.answer(ack);
    if (message.snapshot && message.epoch !== undefined) this.replace(message.snapshot, message.epoch);
    const before = this.position?.seq ?? 0;
    for (const entry of message.entries ?? []) {
      if (entry.seq <= before) this.faults.push(`entry ${entry.seq} at position ${before}`);
      this.happened.push(entry);
      this.hold(entry);
    }
    for (const entry of message.older ?? []) this.hold(entry);
    for (const signal of message.signals ?? []) this.signals.set(`${signal["kind"]} ${signal["key"]}`, signal);
    if (message.epoch !== undefined && message.seq !== undefined) this.position = { epoch: message.epoch, seq: message.seq };
  }

  private replace(snapshot: readonly Entry[], epoch: string): void {
    this.snapshots++;
    const before = this.position?.epoch === epoch ? [...this.held.values()] : [];
    this.held.clear();
    this.signals.clear();
    for (const entry of snapshot) this.hold(entry);
    const kindOf = ({ key = "" }: Entry) => key.split("/")[0];
    for (const kind of new Set(before.map(kindOf))) {
      if (snapshot.filter((entry) => kindOf(entry) === kind).length < SNAPSHOT_KEYS) continue;
      for (const entry of before) if (kindOf(entry) === kind) this.hold(entry);
    }
  }

  private hold(entry: Entry): void {
    const { key, seq } = entry;
    if (key === undefined || (this.held.get(key)?.seq ?? 0) > seq) return;
    if (entry["gone"] === true) this.held.delete(key);
    else this.held.set(key, entry);
  }

  private answer(ack: Ack): void {
    const waiting = ack.id === null ? undefined : this.waiting.get(ack.id);
    if (ack.code !== undefined && !ack.detail) this.faults.push(`${ack.code} without words`);
    this.acks.push(ack);
    if (!waiting || ack.id === null) return;
    if (AGAIN.includes(ack.code)) {
      setTimeout(
        () => this.socket?.readyState === WebSocket.OPEN && this.socket.send(waiting.text),
        Number(ack["retryAfter"]) * 1000,
      );
      return;
    }
    this.waiting.delete(ack.id);
    waiting.resolve(ack);
  }
}
