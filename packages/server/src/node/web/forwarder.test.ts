/** What one client can take from the others on the way to the control process: half requests, slow requests, answers that are not read. */
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  type Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { DEVICE_COOKIE } from "../../access/credentials/device-cookie.ts";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import { type Clock, ManualClock } from "../../platform/clock.ts";
import { loadConfig } from "../../platform/config/load.ts";
import { takePort } from "../../platform/listen.ts";
import { openLog } from "../../platform/log.ts";
import { Clients } from "./clients.ts";
import { controlDoor } from "./control-door.ts";
import { DoorList } from "./door-list.ts";
import { Forwarder } from "./forwarder.ts";
import { MAX_BODY_BYTES } from "./request-body.ts";
import { WebServer } from "./web-server.ts";

type Control = { readonly server: Server; readonly seen: string[]; readonly held: ServerResponse[] };

const BIG = Buffer.alloc(8 * 1024 * 1024, "x");
const INNOCENT = "127.0.0.2";
const HOSTILE = "127.0.0.3";

/** A control process that notes what reaches it. Where an address says `hold` it does not answer until the test says so, and `/big` is a large answer. */
async function startControl(t: TestContext): Promise<Control> {
  const control: Control = { server: createServer(), seen: [], held: [] };
  control.server.on("request", (asked: IncomingMessage, response: ServerResponse) => {
    let length = 0;
    asked.on("data", (piece: Buffer) => {
      length += piece.length;
    });
    asked.on("end", () => {
      const address = String(asked.headers["x-lectern-address"]);
      control.seen.push(`${asked.method} ${asked.url} ${length} ${address}`);
      if (asked.url?.includes("hold")) control.held.push(response);
      else if (asked.url === "/big") response.end(BIG);
      else response.end(`${asked.url} ${length}`);
    });
  });
  await once(control.server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    control.server.closeAllConnections();
    control.server.close();
  });
  return control;
}

/** Requests of one address that may wait; the program lets 2048. */
const MOST_WAITING = 256;
const TURNS = { slots: 64, maxWaitingPerKey: MOST_WAITING, maxWaiting: 8 * MOST_WAITING } as const;

async function serve(t: TestContext, { server }: Control, clock?: Clock): Promise<number> {
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const route = { name: "test", connect: () => connect(address.port, "127.0.0.1") };
  const door = controlDoor(new Forwarder(undefined, null, TURNS, clock), () => route);
  const limits = new AddressLimits(() => ({ connections: 10_000, connectionsPerSecond: 100_000, requestsPerSecond: 100_000 }));
  const list = new DoorList([door], new Clients({ limits, trustedProxies: [], isNode: () => false }));
  const { http } = loadConfig({ file: null, env: {}, set: [["http.host", "127.0.0.1"]] });
  const web = new WebServer({ ...http, host: "0.0.0.0" }, openLog("silent"), list);
  const port = await takePort("0.0.0.0", 0);
  await web.listen(port);
  t.after(async () => {
    list.close();
    await web.close(0);
  });
  return port;
}

async function ask(
  port: number,
  path: string,
  from = INNOCENT,
  body?: Buffer,
  headers: OutgoingHttpHeaders = {},
): Promise<{ status: number; text: string }> {
  const options = {
    port,
    path,
    localAddress: from,
    host: "127.0.0.1",
    method: body ? "POST" : "GET",
    agent: false as false | Agent,
    headers,
  };
  const asked = request(options);
  asked.end(body);
  const [answer]: IncomingMessage[] = await once(asked, "response");
  assert.ok(answer);
  let text = "";
  for await (const piece of answer) text += piece;
  return { status: answer.statusCode ?? 0, text };
}

async function rawSocket(t: TestContext, port: number, from: string, text: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: from });
  socket.on("error", () => {});
  t.after(() => socket.destroy());
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

const untilTrue = async (what: () => boolean): Promise<void> => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 10));
};

test("requests whose bodies do not come reach nobody, and hold up nobody, their own address included", async (t) => {
  const control = await startControl(t);
  const port = await serve(t, control);
  const half = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{";
  const chunked = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n";
  for (let i = 0; i < 200; i++) await rawSocket(t, port, HOSTILE, i % 2 === 0 ? half : chunked);
  for (const from of [INNOCENT, HOSTILE]) assert.deepEqual(await ask(port, "/page", from), { status: 200, text: "/page 0" });
  assert.deepEqual(control.seen, [`GET /page 0 ${INNOCENT}`, `GET /page 0 ${HOSTILE}`]);
});

test("a body arrives whole, in pieces too, and one that is too large is refused", async (t) => {
  const port = await serve(t, await startControl(t));
  assert.equal((await ask(port, "/a", INNOCENT, Buffer.alloc(300_000))).text, "/a 300000");
  const socket = await rawSocket(t, port, INNOCENT, "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
  socket.write("3\r\ncde\r\n0\r\n\r\n");
  const [answer]: Buffer[] = await once(socket, "data");
  assert.match(String(answer), /^HTTP\/1.1 200 .*\/b 5$/s);
  const large = await rawSocket(t, port, INNOCENT, `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`);
  const [refusal]: Buffer[] = await once(large, "data");
  assert.match(String(refusal), /^HTTP\/1.1 413 .*"too-large"/s);
});

test("a body that stops is refused in words, held or passed on, and nothing of it is answered a second time", async (t) => {
  const control = await startControl(t);
  const clock = new ManualClock();
  const port = await serve(t, control, clock);
  const head = "HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nabc";
  const upload = await rawSocket(t, port, INNOCENT, `PUT /api/v1/address-lists/a/entries ${head}`);
  const held = await rawSocket(t, port, INNOCENT, `POST /api/v1/sessions ${head}`);
  for (const socket of [upload, held]) {
    let text = "";
    socket.on("data", (bytes: Buffer) => {
      text += bytes;
    });
    await untilTrue(() => {
      clock.advance(1000);
      return socket.readableEnded;
    });
    assert.match(text, /^HTTP\/1.1 408 .*"too-slow"/s);
  }
  assert.equal((await ask(port, "/page")).status, 200);
  assert.deepEqual(control.seen, [`GET /page 0 ${INNOCENT}`]);
});

test("an address whose requests are answered slowly leaves places to others, and its waiting ones are refused beyond a limit", async (t) => {
  const control = await startControl(t);
  const port = await serve(t, control);
  const slow = Array.from({ length: 13 + MOST_WAITING + 100 }, () => ask(port, "/hold", HOSTILE));
  await untilTrue(() => control.held.length === 13);
  const refused: { status: number }[] = [];
  for (const asked of slow) void asked.then((answer) => answer.status === 429 && refused.push(answer));
  await untilTrue(() => refused.length === 100);
  assert.equal((await ask(port, "/page")).status, 200);
  assert.equal((await ask(port, "/api/v1/sessions", HOSTILE)).status, 200, "password checks have turns of their own");
  assert.equal(control.held.length, 13);
  const answering = setInterval(() => {
    for (const response of control.held.splice(0)) response.end();
  }, 10);
  t.after(() => clearInterval(answering));
  const statuses = (await Promise.all(slow)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 200).length, 13 + MOST_WAITING);
});

test("an address has four requests with passwords at once; known devices there, and other addresses, do not wait for them", async (t) => {
  const control = await startControl(t);
  const port = await serve(t, control);
  const slow = Array.from({ length: 230 }, () => ask(port, "/api/v1/sessions?hold", HOSTILE));
  const refused: number[] = [];
  for (const asked of slow) void asked.then(({ status }) => status === 429 && refused.push(status));
  await untilTrue(() => refused.length === 230 - 4 - 200);
  const known = { cookie: `a=b; ${DEVICE_COOKIE}=mark` };
  assert.equal((await ask(port, "/api/v1/sessions", HOSTILE, Buffer.from("{}"), known)).status, 200);
  for (const [path, from] of [
    ["/api/v1/sessions", INNOCENT],
    ["/page", HOSTILE],
  ] as const)
    assert.equal((await ask(port, path, from)).status, 200, `${path} ${from}`);
  assert.equal(control.held.length, 4);
  const answering = setInterval(() => {
    for (const response of control.held.splice(0)) response.end();
  }, 10);
  t.after(() => clearInterval(answering));
  await Promise.all(slow);
});

test("clients that do not read their answers hold no place, and others are answered", async (t) => {
  const control = await startControl(t);
  const port = await serve(t, control);
  for (let i = 0; i < 100; i++) {
    const socket = await rawSocket(t, port, `127.0.1.${i % 2}`, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.pause();
  }
  for (let i = 0; i < 5; i++) assert.equal((await ask(port, `/page${i}`)).status, 200);
  const whole = await ask(port, "/big");
  assert.equal(whole.text.length, BIG.length);
});

test("a client that leaves while it waits frees its place in the queue", async (t) => {
  const control = await startControl(t);
  const port = await serve(t, control);
  const waiting: Socket[] = [];
  for (let i = 0; i < 13 + MOST_WAITING; i++)
    waiting.push(await rawSocket(t, port, HOSTILE, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n"));
  await untilTrue(() => control.held.length === 13);
  for (const socket of waiting) socket.destroy();
  assert.equal((await ask(port, "/page", HOSTILE)).status, 200);
});

test("a request on a kept connection that is closed meanwhile is sent again, and one that changes something is not", async (t) => {
  const control = await startControl(t);
  const answered = new WeakSet<Socket>();
  // Each connection takes one request, and is closed without a word when a second one comes.
  control.server.prependListener("request", (asked: IncomingMessage) => {
    if (answered.has(asked.socket)) asked.socket.destroy();
    answered.add(asked.socket);
  });
  const port = await serve(t, control);
  for (let i = 0; i < 3; i++) assert.equal((await fetch(`http://127.0.0.1:${port}/twice`)).status, 200);
  const changed = await Promise.all([1, 2].map(() => fetch(`http://127.0.0.1:${port}/change`, { method: "POST", body: "x" })));
  assert.ok(
    changed.some(({ status }) => status === 503),
    "sent once, whether it arrived or not",
  );
});
