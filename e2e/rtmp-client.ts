/** Provides an RTMP client for tests that controls every byte: own timestamps, pauses, aborts, invalid messages. */

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import {
  type AmfValue,
  ChunkReader,
  decodeAmf0,
  encodeAmf0,
  FlvReader,
  type FlvTag,
  HANDSHAKE_SIZE,
  Malformed,
  MESSAGE_TYPE,
  openHandshake,
  type RtmpMessage,
  writeChunks,
} from "@lectern/media";

export class RtmpClient {
  readonly socket: Socket;
  readonly messages: RtmpMessage[] = [];
  private readonly reader = new ChunkReader({ onMessage: (message) => this.messages.push(message), maxMessageBytes: 1 << 24 });
  private toSkip = 1 + 2 * HANDSHAKE_SIZE;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      const skipped = Math.min(this.toSkip, bytes.length);
      this.toSkip -= skipped;
      this.reader.push(bytes.subarray(skipped));
    });
  }

  /** Shakes hands and connects to an app. */
  static async open(
    port: number,
    app = "live",
    host = "127.0.0.1",
    {
      agent = "test",
      localAddress,
      pageUrl,
      fourCcList,
    }: {
      readonly agent?: string;
      readonly localAddress?: string;
      readonly pageUrl?: string;
      readonly fourCcList?: readonly string[];
    } = {},
  ): Promise<RtmpClient> {
    const socket = connect({ port, host, noDelay: true, ...(localAddress ? { localAddress } : {}) });
    await once(socket, "connect");
    const client = new RtmpClient(socket);
    socket.write(openHandshake(randomBytes(HANDSHAKE_SIZE), null));
    socket.write(new Uint8Array(HANDSHAKE_SIZE));
    client.send(MESSAGE_TYPE.setChunkSize, 0, Uint8Array.of(0, 1, 0, 0), 128, 2);
    const optional = { ...(pageUrl ? { pageUrl } : {}), ...(fourCcList ? { fourCcList } : {}) };
    client.command("connect", 1, { app, tcUrl: `rtmp://${host}:${port}/${app}`, flashVer: agent, ...optional });
    return client;
  }

  command(name: string, id: number, ...values: readonly AmfValue[]): void {
    this.send(MESSAGE_TYPE.command, name === "connect" || name === "createStream" ? 0 : 1, encodeAmf0(name, id, ...values));
  }

  send(type: number, timestamp: number, payload: Uint8Array, chunkSize = 65536, chunkStream = 4): void {
    const streamId = type === MESSAGE_TYPE.audio || type === MESSAGE_TYPE.video || type === MESSAGE_TYPE.data ? 1 : 0;
    this.socket.write(writeChunks({ type, streamId, timestamp: timestamp >>> 0, payload }, chunkStream, chunkSize));
  }

  /** Asks to publish, and gives the code of the answer. */
  async publish(name: string): Promise<string> {
    this.command("createStream", 2, null);
    this.command("publish", 3, null, name, "live");
    return (await this.status()).code;
  }

  async play(name: string): Promise<string> {
    this.command("createStream", 2, null);
    this.command("play", 3, null, name);
    return (await this.status("NetStream.Play.Reset")).code;
  }

  /** The next onStatus that is not `passing`. */
  async status(passing = ""): Promise<{ code: string; description: string }> {
    return (await this.said(([name, , , information]) => name === "onStatus" && fields(information)["code"] !== passing)) as {
      code: string;
      description: string;
    };
  }

  /** What the answer to `connect` says. */
  connected(): Promise<Readonly<Record<string, unknown>>> {
    return this.said(([name, id]) => (name === "_result" || name === "_error") && id === 1);
  }

  /** What the next command says that is wanted; those before it are passed over. */
  private async said(wanted: (values: readonly AmfValue[]) => boolean): Promise<Readonly<Record<string, unknown>>> {
    for (let seen = 0; ; ) {
      for (; seen < this.messages.length; seen++) {
        const message = this.messages[seen];
        const values = message?.type === MESSAGE_TYPE.command ? decodeAmf0(message.payload) : null;
        if (!values || values instanceof Malformed || !wanted(values)) continue;
        this.messages.splice(0, seen + 1);
        return fields(values[3]);
      }
      if (this.socket.destroyed || this.socket.readableEnded) throw new Error("the server has closed the connection");
      await Promise.race([once(this.socket, "data"), once(this.socket, "close")]);
    }
  }

  /** Sends a tag of a file. */
  tag(tag: FlvTag, timestamp = tag.timestamp): void {
    this.send(tag.type, timestamp, tag.body, 65536, tag.type === MESSAGE_TYPE.video ? 6 : tag.type === MESSAGE_TYPE.audio ? 4 : 5);
  }

  /** Breaks off without a word, as a cable that is pulled out. One that the server has ended cannot be reset: Node.js would never close it. */
  break(): void {
    if (this.socket.writableEnded) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }
}

/** The tags of an FLV file, or of what a live FLV address has sent. */
export function readTags(flv: Uint8Array | string): FlvTag[] {
  const tags: FlvTag[] = [];
  new FlvReader({ maxTagBytes: 1 << 24, onTag: (tag) => tags.push(tag) }).push(typeof flv === "string" ? readFileSync(flv) : flv);
  return tags;
}

function fields(value: AmfValue | undefined): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(value ?? {}));
}
