/** For tests: RTMP sessions of a server without rules, and a publisher that says what a test has it say. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { TestContext } from "node:test";
import {
  type AmfObject,
  type AmfValue,
  ChunkReader,
  decodeAmf0,
  encodeAmf0,
  HANDSHAKE_SIZE,
  isAmfObject,
  Malformed,
  MESSAGE_TYPE,
  openHandshake,
  writeChunks,
} from "@lectern/media";
import type { AccessRequest } from "../../access/access.ts";
import type { Admission } from "../../access/admission.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Refusal } from "../../platform/refusal.ts";
import type { PublishSession, Streams } from "../streams/index.ts";
import { soleStreams } from "../streams/test-streams.ts";
import type { RtmpDoorOptions } from "./door-options.ts";
import { RtmpSession } from "./session.ts";

const CHUNK_SIZE = 128;
/** Where an answer does not come, the test fails with what came instead. */
const ANSWER_MS = 5000;

export type TestRtmpSessions = {
  readonly port: number;
  readonly streams: Streams;
  /** Who asked for what. */
  readonly requests: readonly AccessRequest[];
  /** `broken RULE`, `refused NAME CODE`, `publishing NAME`, `unpublished NAME REASON`, in the order in which they happened. */
  readonly events: readonly string[];
};

/** @param answer to who wants to publish or play; default: everybody may */
export async function testRtmpSessions(
  t: Pick<TestContext, "after">,
  answer: (request: AccessRequest) => Refusal | null = () => null,
): Promise<TestRtmpSessions> {
  const events: string[] = [];
  const requests: AccessRequest[] = [];
  const streams = soleStreams(systemClock);
  const admission = (name: string): Admission => ({ name, viewer: null, onWithdrawn: () => {}, close: () => {} });
  const nameOf = ({ stream }: PublishSession) => `${stream.app}/${stream.name}`;
  const options: RtmpDoorOptions = {
    streams,
    ask: async (request) => {
      requests.push(request);
      return answer(request) ?? admission(request.name);
    },
    callbacks: { wants: () => false, ask: async () => ({ name: null }), opened: () => {}, closed: () => {} },
    apps: () => ["live"],
    chunkSize: CHUNK_SIZE,
    batchMs: () => 0,
    present: async () => null,
    served: async () => null,
    redirectTarget: () => null,
    events: {
      refused: (_what, _protocol, stream, _ip, { code }) => events.push(`refused ${stream} ${code}`),
      broken: (_ip, rule) => events.push(`broken ${rule}`),
      unheard: () => {},
      publishing: (session) => events.push(`publishing ${nameOf(session)}`),
      unpublished: (session, reason) => events.push(`unpublished ${nameOf(session)} ${reason}`),
      joined: () => {},
    },
  };
  const server = createServer((socket) => {
    t.after(() => socket.destroy());
    new RtmpSession(socket, "127.0.0.1", options, null);
  });
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, streams, requests, events };
}

export type TestPublisher = {
  readonly command: (...values: readonly AmfValue[]) => void;
  readonly send: (type: number, payload: Uint8Array, timestamp?: number) => void;
  /** The information of the next command that the server says with it: an answer's last value, an `onStatus`'s information. */
  readonly answer: (name: string) => Promise<AmfValue | undefined>;
  /** The next status: its code and description. */
  readonly status: () => Promise<string>;
  /** Opens a message stream, and asks to publish on it. */
  readonly publish: (address: string) => Promise<string>;
  /** The server has closed the connection. */
  readonly closed: Promise<unknown>;
};

/** Shakes hands, and connects to an app unless that is null. */
export async function testPublisher(
  t: Pick<TestContext, "after">,
  port: number,
  app: string | null = "live",
  facts: AmfObject = {},
): Promise<TestPublisher> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  t.after(() => socket.destroy());
  socket.on("error", () => {});
  const said: AmfValue[][] = [];
  let wake = () => {};
  let skip = 1 + 2 * HANDSHAKE_SIZE;
  let isClosed = false;
  const reader = new ChunkReader({
    onMessage: ({ type, payload }) => {
      const values = type === MESSAGE_TYPE.command ? decodeAmf0(payload) : null;
      if (values && !(values instanceof Malformed)) said.push(values);
    },
    maxMessageBytes: 1 << 20,
  });
  socket.on("data", (bytes) => {
    const skipped = Math.min(skip, bytes.length);
    skip -= skipped;
    reader.push(bytes.subarray(skipped));
    wake();
  });
  const closed = once(socket, "close").then(() => {
    isClosed = true;
    wake();
  });
  const send = (type: number, payload: Uint8Array, timestamp = 0) =>
    void socket.write(writeChunks({ type, streamId: 1, timestamp, payload }, 4, CHUNK_SIZE));
  const next = async (isWanted: (values: readonly AmfValue[]) => boolean): Promise<readonly AmfValue[]> => {
    const limit = setTimeout(() => socket.destroy(), ANSWER_MS);
    try {
      for (;;) {
        const at = said.findIndex(isWanted);
        if (at >= 0) return said.splice(0, at + 1).at(-1) ?? [];
        if (isClosed) throw new Error(`the connection is closed after ${JSON.stringify(said)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      clearTimeout(limit);
    }
  };
  const publisher: TestPublisher = {
    command: (...values) => send(MESSAGE_TYPE.command, encodeAmf0(...values)),
    send,
    answer: async (name) => (await next((values) => values[0] === name)).at(-1),
    status: async () => {
      const information = (await next((values) => values[0] === "onStatus")).at(-1);
      return isAmfObject(information) ? `${information["code"]} ${information["description"]}` : "";
    },
    publish: async (address) => {
      publisher.command("createStream", 2, null);
      await publisher.answer("_result");
      publisher.command("publish", 3, null, address, "live");
      return publisher.status();
    },
    closed,
  };
  await once(socket, "connect");
  socket.write(openHandshake(randomBytes(HANDSHAKE_SIZE), null));
  socket.write(new Uint8Array(HANDSHAKE_SIZE));
  if (app === null) return publisher;
  publisher.command("connect", 1, { app, tcUrl: `rtmp://127.0.0.1:${port}/${app}`, flashVer: "test", ...facts });
  await publisher.answer("_result");
  return publisher;
}
