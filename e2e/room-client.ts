/** Provides a person in a room for tests: connects again by itself, goes on after the last entry, and repeats what was not acknowledged. */
import { isPassing } from "@lectern/room";
import WebSocket from "ws";
import { until } from "./lectern.ts";

// What an entry has is each test's own business.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Entry = any;

type Ack = {
  readonly id: string;
  readonly seq?: number;
  readonly code?: string;
  readonly answer?: Entry;
  readonly retryAfter?: number;
};
type Pending = { readonly text: string; readonly resolve: (ack: Ack) => void };

const RETRY_MS = 100;

export class RoomClient {
  /** In the order in which they came; a line that replaces another is one more. */
  readonly entries: Entry[] = [];
  readonly signals = new Map<string, Entry>();
  /** Entries that came twice, or in the wrong order. */
  readonly faults: string[] = [];
  readonly acknowledged = new Map<string, number>();
  you: Entry = null;
  connections = 0;
  /** Milliseconds between two frames, at the most. */
  longestPauseMs = 0;
  private readonly addresses: () => string;
  private readonly pending = new Map<string, Pending>();
  private socket: WebSocket | null = null;
  private position: { epoch: string; seq: number } | null = null;
  private isClosed = false;
  private count = 0;
  private heardAt = 0;
  private refused: string | null = null;

  /** @param addresses the address of each attempt, with its signed link */
  constructor(addresses: () => string) {
    this.addresses = addresses;
    this.connect();
  }

  /** Does something, until it is acknowledged. */
  send(kind: string, body: Record<string, unknown>, id = `d${++this.count}`): Promise<Ack> {
    const text = JSON.stringify({ id, kind, ...body });
    return new Promise((resolve) => {
      this.pending.set(id, { text, resolve });
      if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
    });
  }

  /** The code by which the connection was refused or closed for good; null: none. */
  get refusal(): string | null {
    return this.refused;
  }

  texts(kind: string): string[] {
    return this.entries.filter((entry) => entry.kind === kind).map(({ text }) => text);
  }

  async saw(what: (entry: Entry) => boolean, name: string): Promise<Entry> {
    await until(() => this.entries.some(what), name);
    return this.entries.find(what);
  }

  /** Breaks the connection, as a line that is cut does. */
  cut(): void {
    this.socket?.terminate();
  }

  close(): void {
    this.isClosed = true;
    this.socket?.terminate();
  }

  private connect(): void {
    const after = this.position ? `&after=${this.position.epoch}.${this.position.seq}` : "";
    const socket = new WebSocket(`${this.addresses()}${after}`, "lectern.room.v1");
    this.socket = socket;
    let isHeard = false;
    socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(String(data));
      const now = performance.now();
      if (isHeard && this.heardAt > 0) this.longestPauseMs = Math.max(this.longestPauseMs, now - this.heardAt);
      this.heardAt = now;
      if (!isHeard) for (const { text } of this.pending.values()) socket.send(text);
      isHeard = true;
      this.take(frame);
    });
    socket.on("unexpected-response", (_request, response) => {
      if (response.statusCode === 403 || response.statusCode === 404) this.refused = String(response.statusCode);
      response.resume();
      socket.terminate();
    });
    socket.on("error", () => {});
    socket.on("close", (code, reason) => {
      if (code === 1008) this.refused = String(reason);
      if (!this.isClosed && this.refused === null) setTimeout(() => this.connect(), RETRY_MS);
    });
    socket.on("open", () => this.connections++);
  }

  private settle(ack: Ack): void {
    this.pending.get(ack.id)?.resolve(ack);
    this.pending.delete(ack.id);
  }

  private repeat({ id, retryAfter }: Ack): void {
    const again = (): void => {
      const waiting = this.pending.get(id);
      if (waiting && this.socket?.readyState === WebSocket.OPEN) this.socket.send(waiting.text);
    };
    setTimeout(again, (retryAfter ?? 1) * 1000);
  }

  private take(frame: Entry): void {
    if (frame.you) this.you = frame.you;
    for (const signal of frame.signals ?? []) this.signals.set(`${signal.kind} ${signal.key}`, signal);
    for (const ack of frame.acks ?? []) {
      if (ack.seq !== undefined) {
        const known = this.acknowledged.get(ack.id);
        if (known !== undefined && known !== ack.seq) this.faults.push(`${ack.id} has the numbers ${known} and ${ack.seq}`);
        this.acknowledged.set(ack.id, ack.seq);
      }
      // As the pages do it.
      if (ack.code !== undefined && isPassing(ack.code)) this.repeat(ack);
      else this.settle(ack);
    }
    if (frame.seq === undefined) return;
    if (this.position !== null && frame.epoch !== this.position.epoch) this.faults.push("the epoch has changed");
    const before = this.position?.seq ?? -1;
    if (frame.snapshot) {
      this.entries.push(...frame.snapshot.filter(({ seq }: Entry) => seq > before));
    } else {
      let last = before;
      for (const entry of frame.entries ?? []) {
        if (entry.seq <= last) this.faults.push(`entry ${entry.seq} after ${last}`);
        last = entry.seq;
        this.entries.push(entry);
      }
    }
    this.position = { epoch: frame.epoch, seq: Math.max(before, frame.seq) };
  }
}

/**
 * A person who has joined a lesson, in its room.
 * @param http of the server; @param link any signed address of the answer to the joining
 */
export async function enterRoom(http: string, code: string, link: string): Promise<RoomClient> {
  const { search } = new URL(link, http);
  const client = new RoomClient(() => `${http.replace("http", "ws")}/api/v1/rooms/${code}/socket${search}`);
  await until(() => client.you !== null, "the person in the room").catch((error: unknown) => {
    client.close();
    throw error;
  });
  return client;
}
