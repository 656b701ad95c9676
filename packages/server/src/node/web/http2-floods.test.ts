/** Frames of HTTP/2 that cost the server more than the client: a batch of them reaches no door, and others are answered beside. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { makeCertificate } from "../../../../../e2e/certificate.ts";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import type { Door } from "../../live/http/door.ts";
import { loadConfig } from "../../platform/config/load.ts";
import { takePort } from "../../platform/listen.ts";
import { openLog } from "../../platform/log.ts";
import { Clients } from "./clients.ts";
import { DoorList } from "./door-list.ts";
import { WebServer } from "./web-server.ts";

/** RFC 9113 section 3.4, and a SETTINGS frame without settings. */
const PREFACE = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4, 0, 0)]);
/** `:method GET`, `:scheme https`, `:path /`: RFC 7541 appendix A, and `:authority x`. */
const GET = Buffer.from([0x82, 0x87, 0x84, 0x41, 0x01, 0x78]);

/** RFC 9113 section 4.1. */
function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A whole request, END_STREAM and END_HEADERS. */
const request = (stream: number) => frame(1, 0x5, stream, GET);
/** A request whose body is to come, and its reset with CANCEL. */
const resetRequest = (stream: number) =>
  Buffer.concat([frame(1, 0x4, stream, GET), frame(3, 0, stream, Buffer.from([0, 0, 0, 8]))]);
const streams = (count: number) => Array.from({ length: count }, (_, i) => 2 * i + 1);

type Served = { readonly open: () => Promise<TLSSocket>; readonly handled: () => number };

async function serve(t: TestContext): Promise<Served> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-http2-"));
  const { cert, key } = makeCertificate(directory, "localhost");
  let handled = 0;
  const door: Door<true> = {
    name: "test",
    match: () => true,
    handle: (_request, response) => {
      handled++;
      response.writeHead(200);
      response.end(Buffer.from("answered"));
    },
    close: () => {},
  };
  const limits = new AddressLimits(() => ({ connections: 1000, connectionsPerSecond: 100_000, requestsPerSecond: 100_000 }));
  const list = new DoorList([door], new Clients({ limits, trustedProxies: [], isNode: () => false }));
  const port = await takePort("127.0.0.1", 0);
  const set: [string, string][] = [
    ["http.host", "127.0.0.1"],
    ["http.tls", JSON.stringify({ cert, key, port })],
  ];
  const web = new WebServer(loadConfig({ file: null, env: {}, set }).http, openLog("silent"), list);
  await web.listen(await takePort("127.0.0.1", 0));
  t.after(async () => {
    await web.close(0);
    rmSync(directory, { recursive: true });
  });
  const open = async (): Promise<TLSSocket> => {
    const socket = connect({ port, host: "127.0.0.1", ALPNProtocols: ["h2"], rejectUnauthorized: false });
    socket.on("error", () => {});
    t.after(() => socket.destroy());
    await once(socket, "secureConnect");
    return socket;
  };
  return { open, handled: () => handled };
}

test("streams that are opened and reset in one packet reach no door, and their connection is closed", async (t) => {
  const { open, handled } = await serve(t);
  const socket = await open();
  socket.resume().write(Buffer.concat([PREFACE, ...streams(1000).map(resetRequest)]));
  await once(socket, "close");
  assert.equal(handled(), 0);
});

test("a hundred requests in one packet are all answered, as a browser sends them, also where a few are reset at once", async (t) => {
  const { open, handled } = await serve(t);
  const socket = await open();
  const ids = streams(100);
  const sent = ids.map((id, i) => (i % 10 === 9 ? resetRequest(id) : request(id)));
  let text = "";
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
  });
  socket.write(Buffer.concat([PREFACE, ...sent]));
  while (text.split("answered").length <= 90) await once(socket, "data");
  assert.equal(handled(), 90);
  socket.write(request(301));
  while (text.split("answered").length <= 91) await once(socket, "data");
});

/** One setting: RFC 9113 section 6.5.1. */
const setting = (identifier: number, value: number) => {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(identifier, 0);
  payload.writeUInt32BE(value, 2);
  return frame(4, 0, 0, payload);
};
const HEADER_TABLE_SIZE = 1;
const INITIAL_WINDOW_SIZE = 4;
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const many = (count: number, one: (i: number) => Buffer) => Buffer.concat(Array.from({ length: count }, (_, i) => one(i)));

/** What costs a client little, after CVE-2019-9511 to 9518, CVE-2024-27316 and CVE-2016-6581. Each ends the connection that sends it. */
const ENDED: Readonly<Record<string, () => Buffer>> = {
  "SETTINGS that nobody reads the answers of": () => many(20_000, (i) => setting(HEADER_TABLE_SIZE, i % 4096)),
  "a head that never ends": () =>
    Buffer.concat([frame(1, 0x1, 1, GET), many(2000, () => frame(9, 0, 1, Buffer.from([0x00, 0x01, 0x78, 0x01, 0x79])))]),
  "a head that never ends, without content": () => Buffer.concat([frame(1, 0x1, 1, GET), many(20_000, () => frame(9, 0, 1))]),
  "a window beyond 2^31 - 1": () => many(2, () => frame(8, 0, 0, uint32(0x7fff_ffff))),
  "a setting beyond its bounds": () => setting(INITIAL_WINDOW_SIZE, 0x8000_0000),
};

for (const [what, bytes] of Object.entries(ENDED))
  test(`${what}: the connection ends, no door is reached, and others are answered`, async (t) => {
    const { open, handled } = await serve(t);
    const hostile = await open();
    hostile.pause();
    const closed = once(hostile, "close");
    hostile.write(PREFACE);
    hostile.write(bytes());
    const other = await open();
    other.write(Buffer.concat([PREFACE, request(1)]));
    let text = "";
    while (!text.includes("answered")) text += (await once(other, "data"))[0].toString("latin1");
    assert.equal(handled(), 1);
    // What the server has said is still to be read.
    hostile.resume();
    await closed;
    assert.equal(handled(), 1);
  });

/** What is allowed, and keeps nothing from others. */
const HELD: Readonly<Record<string, () => Buffer>> = {
  "answers for which there is no window": () =>
    Buffer.concat([
      setting(INITIAL_WINDOW_SIZE, 0),
      ...streams(100).map(request),
      ...streams(100).map((id) => frame(8, 0, id, uint32(1))),
    ]),
  "twenty thousand PINGs": () => many(20_000, () => frame(6, 0, 0, Buffer.alloc(8))),
  "a thousand changes of priority": () => many(1000, (i) => frame(2, 0, 2 * i + 1, Buffer.from([0, 0, 0, 0, i % 256]))),
  "frames of a type that nobody knows": () => many(1000, () => frame(0x42, 0, 0, Buffer.alloc(16))),
};

for (const [what, bytes] of Object.entries(HELD))
  test(`${what}: others are answered`, async (t) => {
    const { open } = await serve(t);
    const hostile = await open();
    hostile.resume().write(PREFACE);
    hostile.write(bytes());
    const other = await open();
    other.write(Buffer.concat([PREFACE, request(1)]));
    let text = "";
    while (!text.includes("answered")) text += (await once(other, "data"))[0].toString("latin1");
  });
