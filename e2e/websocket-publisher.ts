/** Provides a publisher by WebSocket for tests: sends the tags of a clip in real time, and keeps what the server answers. */

import { TAG_TYPE, writeTag } from "@lectern/media";
import WebSocket from "ws";
import type { Scope } from "./lectern.ts";
import { readTags } from "./rtmp-client.ts";

export type Answer = {
  readonly kind: string;
  readonly code?: string;
  readonly detail?: string;
  readonly timestamp?: number;
  readonly bytes?: number;
};

const TICK_MS = 20;

export class WebSocketPublisher {
  readonly socket: WebSocket;
  readonly answers: Answer[] = [];
  /** Null while it is open. */
  closed: { readonly code: number; readonly reason: string } | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(t: Scope, address: string, headers: Readonly<Record<string, string>> = {}) {
    this.socket = new WebSocket(address.replace(/^http/, "ws"), "lectern.flv.v1", { headers });
    this.socket.on("message", (data) => this.answers.push(JSON.parse(String(data))));
    this.socket.on("error", () => {});
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.stop();
    });
    t.after(() => this.socket.terminate());
  }

  has(kind: string): boolean {
    return this.answers.some((answer) => answer.kind === kind);
  }

  get ended(): Answer | null {
    return this.answers.find(({ kind }) => kind === "ended") ?? null;
  }

  send(bytes: Uint8Array): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(bytes);
  }

  /** Sends a clip in real time, one tag in each message. Its frames can begin later than its configurations. */
  play(
    file: string,
    isWanted: (tag: { readonly type: number; readonly body: Uint8Array; readonly timestamp: number }) => boolean = () => true,
  ): void {
    const tags = readTags(file);
    const begun = performance.now();
    let next = 0;
    this.timer = setInterval(() => {
      for (let tag = tags[next]; tag && tag.timestamp <= performance.now() - begun; tag = tags[++next])
        if (isWanted(tag)) this.send(writeTag(tag.type, tag.timestamp, [tag.body]));
    }, TICK_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}

/** Whether a tag is a frame of the picture that is no key frame. */
export function isDeltaFrame({ type, body }: { readonly type: number; readonly body: Uint8Array }): boolean {
  return type === TAG_TYPE.video && (body[0] ?? 0) >> 4 === 2;
}
