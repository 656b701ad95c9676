/** For tests: an RTMP server that says what a test has it say, however wrong that is. */
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";
import {
  type AmfValue,
  answerHandshake,
  ChunkReader,
  decodeAmf0,
  HANDSHAKE_SIZE,
  Malformed,
  MESSAGE_TYPE,
  type RtmpMessage,
  writeChunks,
} from "@lectern/media";
import { command, onStatus, status } from "./commands.ts";

/** Of what this server writes. */
const CHUNK_SIZE = 128;

export type TestPeer = {
  readonly socket: Socket;
  /** Commands of the client: name, transaction, values. */
  readonly commands: readonly (readonly AmfValue[])[];
  /** Other messages of the client. */
  readonly messages: readonly RtmpMessage[];
  /** The client has closed its side, or the connection is gone. */
  readonly gone: Promise<unknown>;
  /** The command of this name, as soon as it has come. */
  readonly asked: (name: string) => Promise<readonly AmfValue[]>;
  readonly say: (...values: readonly AmfValue[]) => void;
  readonly status: (level: "status" | "error", code: string, description?: string) => void;
  readonly send: (type: number, timestamp: number, payload: Uint8Array) => void;
};

export type TestRtmpServer = {
  readonly port: number;
  /** The client that connects next; hands are shaken, unless `greet` is false. */
  readonly next: () => Promise<TestPeer>;
};

/** @param greet false: the server says nothing by itself */
export async function testRtmpServer(t: Pick<TestContext, "after">, greet = true): Promise<TestRtmpServer> {
  const peers: TestPeer[] = [];
  let wake = () => {};
  const server = createServer((socket) => {
    t.after(() => socket.destroy());
    peers.push(peerOf(socket, greet));
    wake();
  });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    next: async () => {
      for (;;) {
        const peer = peers.shift();
        if (peer) return peer;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** Answers `connect` and `createStream`, and gives the command after them. @param name play or publish */
export async function accept(peer: TestPeer, name: "play" | "publish"): Promise<readonly AmfValue[]> {
  await peer.asked("connect");
  peer.say("_result", 1, { fmsVer: "FMS/3,5,7,7009" }, { level: "status", code: "NetConnection.Connect.Success" });
  const [, transaction] = await peer.asked("createStream");
  peer.say("_result", transaction, null, 1);
  return peer.asked(name);
}

function peerOf(socket: Socket, greet: boolean): TestPeer {
  const commands: AmfValue[][] = [];
  const messages: RtmpMessage[] = [];
  let greeting: Buffer | null = Buffer.alloc(0);
  let wake = () => {};
  const reader = new ChunkReader({
    onMessage: (message) => {
      const values = message.type === MESSAGE_TYPE.command ? decodeAmf0(message.payload) : null;
      if (values && !(values instanceof Malformed)) commands.push(values);
      else messages.push(message);
      wake();
    },
    maxMessageBytes: 1 << 24,
  });
  socket.on("error", () => {});
  if (greet) {
    socket.on("data", (bytes) => {
      if (!greeting) return void reader.push(bytes);
      greeting = Buffer.concat([greeting, bytes]);
      if (greeting.length < 1 + HANDSHAKE_SIZE) return;
      if (greeting.length === 1 + HANDSHAKE_SIZE) socket.write(answer(greeting));
      if (greeting.length < 1 + 2 * HANDSHAKE_SIZE) return;
      const rest = greeting.subarray(1 + 2 * HANDSHAKE_SIZE);
      greeting = null;
      reader.push(rest);
    });
  }
  return {
    socket,
    commands,
    messages,
    gone: new Promise((resolve) => void socket.once("end", resolve).once("close", resolve)),
    asked: async (name) => {
      for (;;) {
        const found = commands.find(([first]) => first === name);
        if (found) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    say: (...values) => void socket.write(command(0, CHUNK_SIZE, ...values)),
    status: (level, code, description = "") => void socket.write(onStatus(1, CHUNK_SIZE, status(level, code, description))),
    send: (type, timestamp, payload) => void socket.write(writeChunks({ type, streamId: 1, timestamp, payload }, 4, CHUNK_SIZE)),
  };
}

function answer(greeting: Buffer): Uint8Array {
  const hmac = (key: Uint8Array, data: Uint8Array) => createHmac("sha256", key).update(data).digest();
  return answerHandshake(greeting.subarray(1, 1 + HANDSHAKE_SIZE), randomBytes(HANDSHAKE_SIZE), hmac);
}
