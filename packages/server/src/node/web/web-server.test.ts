/**
 * HTTP/1.1 with and without `node:http`: two servers have the same doors, and one of them says of none that it answers at once. Clients must not
 * be able to tell them apart.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import type { Door } from "../../live/http/door.ts";
import { Http1Request } from "../../live/http/http1-exchange.ts";
import { type MediaRequest, type MediaResponse, sendShared } from "../../live/http/media-request.ts";
import { sendPermission, sendRefusal } from "../../live/http/responses.ts";
import { SharedAnswer } from "../../live/http/shared-answer.ts";
import { readSmallBody } from "../../live/http/small-body.ts";
import { loadConfig } from "../../platform/config/load.ts";
import { takePort } from "../../platform/listen.ts";
import { openLog } from "../../platform/log.ts";
import { Refusal } from "../../platform/refusal.ts";
import { Clients } from "./clients.ts";
import { DoorList } from "./door-list.ts";
import { WebServer } from "./web-server.ts";

type Scope = { after: (end: () => unknown) => void };
type Answer = (request: MediaRequest, response: MediaResponse) => void;

const SMALL = new SharedAnswer(200, { "content-type": "text/plain" }, Buffer.from("small"));
const LARGE = new SharedAnswer(200, { "content-type": "text/plain" }, Buffer.alloc(300_000, "large "));

/** What the door does by the last word of the path. */
const ANSWERS: { readonly [word: string]: Answer } = {
  small: (request, response) => sendShared(request, response, SMALL),
  large: (request, response) => sendShared(request, response, LARGE),
  empty: (request, response) => sendShared(request, response, new SharedAnswer(200, {}, Buffer.alloc(0))),
  body: async (request, response) => {
    const text = await readSmallBody(request, 10_000);
    if (text instanceof Refusal) return sendRefusal(request, response, text);
    const body = Buffer.from(`${request.method} ${text.length} ${text.slice(0, 20)}`);
    response.writeHead(200, { "content-length": body.length });
    if (request.method === "HEAD") response.end();
    else response.end(body);
  },
  own: (request, response) => {
    const body = Buffer.from(`${request.address.url} ${request.headers["x-own"]} ${request.ip}`);
    response.writeHead(200, { "content-length": body.length, "x-two": ["a", "b"] });
    if (request.method === "HEAD") response.end();
    else response.end(body);
  },
  lengthless: (_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    response.end(Buffer.from("no length"));
  },
  nothing: (_request, response) => {
    response.writeHead(200, {});
    response.end();
  },
  permission: (_request, response) => sendPermission(response),
  closing: (_request, response) => {
    response.writeHead(200, { connection: "close", "content-length": 3 });
    response.end(Buffer.from("end"));
  },
  refused: (request, response) => sendRefusal(request, response, new Refusal("full")),
  later: (request, response) => void setTimeout(() => sendShared(request, response, SMALL), 20),
  aborted: (_request, response) => void response.destroy(),
  claimed: (request) => {
    request.claimConnection();
    request.socket.write("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nstream");
  },
};

type Served = { readonly port: number; readonly seen: MediaRequest[] };

async function serve(
  t: Scope,
  isWhole: boolean,
  more: Partial<typeof ANSWERS> = {},
  requestsPerSecond = 1_000_000,
  restMs?: number,
): Promise<Served> {
  const seen: MediaRequest[] = [];
  const door: Door<Answer> = {
    name: "test",
    match: ({ address }) => {
      const word = address.segments[0] === "test" ? (address.segments[1] ?? "") : "";
      return { ...ANSWERS, ...more }[word] ?? null;
    },
    handle: (request, response, answer) => {
      seen.push(request);
      answer(request, response);
    },
    close: () => {},
    ...(isWhole ? { isWhole: () => true } : {}),
  };
  const limits = new AddressLimits(() => ({ connections: 5000, connectionsPerSecond: 100_000, requestsPerSecond }));
  const list = new DoorList([door], new Clients({ limits, trustedProxies: [], isNode: () => false }));
  const { http } = loadConfig({ file: null, env: {}, set: [["http.host", "127.0.0.1"]] });
  const web = new WebServer(http, openLog("silent"), list, restMs);
  const port = await takePort("127.0.0.1", 0);
  await web.listen(port);
  t.after(() => web.close(0));
  return { port, seen };
}

function open(t: Scope, port: number): Socket {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  socket.on("error", () => {});
  t.after(() => socket.destroy());
  return socket;
}

/** Everything that the server sends until it closes the connection. Pieces are sent one after the other. */
async function talk(t: Scope, port: number, pieces: Iterable<string>, isHalfClosed = false): Promise<string> {
  const socket = open(t, port);
  let received = "";
  socket.on("data", (bytes: Buffer) => {
    received += bytes.toString("latin1");
  });
  const ended = Promise.race([once(socket, "end"), once(socket, "close")]);
  for (const piece of pieces) {
    if (socket.destroyed || !socket.writable) break;
    await new Promise((resolve) => socket.write(piece, "latin1", resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (isHalfClosed) socket.end();
  await ended;
  return received.replace(/^Date: .{29}\r$/gm, "Date: …\r");
}

const get = (word: string, ...fields: readonly string[]) =>
  `GET /test/${word} HTTP/1.1\r\nHost: school.example\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;
const post = (body: string, ...fields: readonly string[]) =>
  `POST /test/body HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body, "latin1")}\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n${body}`;
const LAST = get("small", "Connection: close");

/** What a client sends: each ends with a request that the server closes the connection behind, or with something that makes it. */
const CONVERSATIONS: readonly (readonly string[])[] = [
  ...Object.keys(ANSWERS).map((word) => [get(word), LAST]),
  ...Object.keys(ANSWERS)
    .filter((word) => word !== "claimed")
    .map((word) => [get(word).replace("GET", "HEAD"), LAST]),
  ...["small", "own", "lengthless", "later", "refused", "permission"].map((word) => [get(word, "Connection: close")]),
  ...["small", "own", "lengthless", "nothing", "permission", "refused"].map((word) => [`GET /test/${word} HTTP/1.0\r\n\r\n`]),
  ["GET /test/small HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", LAST],
  ["HEAD /test/own HTTP/1.0\r\nHost: x\r\n\r\n"],
  // One after the other, and at once.
  [get("small"), get("own", "x-own: a"), get("large"), get("refused", "Accept-Language: zh"), LAST],
  [`${get("small")}${get("own", "x-own: a")}${get("large")}${get("later")}${get("refused")}${LAST}`],
  [`${get("later")}${get("later")}${get("small")}${LAST}`],
  [get("small").repeat(50) + LAST],
  // Split at odd places.
  [...`${get("own", "x-own:   b \t")}${LAST}`],
  [get("own").slice(0, 5), get("own").slice(5, 40), `${get("own").slice(40)}GE`, LAST.slice(2)],
  [`${get("small")}${LAST.slice(0, 30)}`, LAST.slice(30)],
  // Requests for node:http, alone, first, between and behind others.
  [get("small", "TE: trailers"), LAST],
  [get("small"), `POST /test/small HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc${get("own")}${LAST}`],
  [
    `${get("small")}POST /test/own HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n${get("own")}${LAST}`,
  ],
  [get("own", "Content-Length: 0"), get("own", "Content-Length: 5"), `hello${LAST}`],
  [get("own", "Transfer-Encoding: chunked", "Content-Length: 3"), "abc", LAST],
  [get("own", "Transfer-Encoding: chunked"), `0\r\n\r\n${LAST}`],
  [get("own", "Expect: 100-continue"), LAST],
  [get("own", "Expect: the-unexpected"), LAST],
  [get("own", "Upgrade: h2c", "Connection: upgrade"), LAST],
  [get("own", "x-own: a", "X-Own: b"), LAST],
  [get("own", "Cookie: a=1", "Cookie: b=2"), LAST],
  [get("own", `x-own: ${"a".repeat(9000)}`), LAST],
  [get("own", `x-own: ${"a".repeat(20_000)}`), LAST],
  [get("missing"), get("small"), LAST],
  [get("small"), get("missing"), get("small"), LAST],
  ["\r\n\r\n", get("small"), LAST],
  [`${get("small")}\r\n${get("small")}`, LAST],
  // Small bodies: whole, in pieces, at once, last, empty, longer than told, and of wrong lengths.
  [post("hello"), LAST],
  [...`${post("hello")}${LAST}`],
  [`${post("one")}${post("two")}${get("own")}${post("x".repeat(5000))}${post("last", "Connection: close")}`],
  [post("x".repeat(9000)).slice(0, 4000), post("x".repeat(9000)).slice(4000), LAST],
  [post("x".repeat(12_000)), LAST],
  [post("x".repeat(40_000)), LAST],
  [`${post("a", "Connection: close")}b`],
  [`${post("GET /test/own HTTP/1.1\r\n")}${LAST}`],
  [post(""), LAST],
  [post("abc", "Content-Length: 2"), LAST],
  [post("abc", "Transfer-Encoding: chunked"), LAST],
  [post("abc", "Expect: 100-continue"), LAST],
  [post("abc").replace("Length: 3", "Length: +3"), LAST],
  [post("abc").replace("Length: 3", "Length: 03"), LAST],
  [post("abc").replace("Length: 3", "Length: 3, 3"), LAST],
  [post("abc").replace("Length: 3", "Length: 0x3"), LAST],
  [post("abc").replace("POST", "PUT"), LAST],
  [post("abc").replace("POST", "GET"), LAST],
  [post("abc").replace("HTTP/1.1", "HTTP/1.0"), LAST],
  [post("abc").replace("/test/body", "/missing"), LAST],
  // What is wrong.
  ["GET /test/small HTTP/1.1\r\n\r\n", LAST],
  ["GET /test/small HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", LAST],
  ["GET /test/small HTTP/1.1\r\nHost: a b\r\n\r\n", LAST],
  ["GET /test/small HTTP/1.1\r\nHost:\r\n\r\n", LAST],
  ["GET /test/small HTTP/1.1\nHost: x\n\n", LAST],
  ["GET /test/small HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", LAST],
  ["GET /test/small HTTP/1.1\r\nHost: x\r\nBad : x\r\n\r\n", LAST],
  ["GET /test/small HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", LAST],
  ["GET /test/small HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n", LAST],
  ["GET http://x/test/small HTTP/1.1\r\nHost: x\r\n\r\n", LAST],
  ["GET /test/own?a=<b> HTTP/1.1\r\nHost: x\r\n\r\n", LAST],
  ["GET /test/own/\xe9 HTTP/1.1\r\nHost: x\r\n\r\n", LAST],
  ["GET /test/small HTTP/1.2\r\nHost: x\r\n\r\n", LAST],
  ["GET /test/small HTTP/3.0\r\nHost: x\r\n\r\n"],
  ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["\x16\x03\x01\x02\x00\x01\x00"],
  ["nonsense\r\n\r\n"],
  // Nothing may follow the last request, or the request of a stream.
  [`${get("later", "Connection: close")}${get("small")}`],
  [get("later", "Connection: close"), get("small")],
  [get("claimed"), get("small")],
  [`${get("claimed")}${get("small")}`],
];

test("clients get the same bytes with and without node:http, whatever they send", async (t) => {
  const [whole, byNode] = [await serve(t, true), await serve(t, false)];
  for (const pieces of CONVERSATIONS) {
    const [without, through] = await Promise.all([talk(t, whole.port, pieces), talk(t, byNode.port, pieces)]);
    assert.equal(without, through, JSON.stringify(pieces.join("").slice(0, 300)));
  }
  const plain = whole.seen.filter(({ raw }) => raw instanceof Http1Request).length;
  assert.ok(plain > whole.seen.length / 2, `${plain} of ${whole.seen.length} requests were read without node:http`);
  // Behind the last request and on a stream's connection, `node:http` still reads what it then closes the connection for.
  const distinct = ({ seen }: Served) =>
    new Set(seen.map(({ method, address, headers }) => JSON.stringify([method, address.url, Object.entries(headers).sort()])));
  assert.deepEqual(distinct(whole), distinct(byNode));
});

test("a client that closes its side gets what is ready, with and without node:http", async (t) => {
  // Answers when the client has closed its side.
  const afterwards: Answer = async (request, response) => {
    while (!request.socket.readableEnded && !request.socket.destroyed) await new Promise((resolve) => setTimeout(resolve, 2));
    sendShared(request, response, SMALL);
  };
  const [whole, byNode] = [await serve(t, true, { afterwards }), await serve(t, false, { afterwards })];
  const conversations = [
    [get("small")],
    [get("large")],
    [get("small").repeat(40)],
    [get("large").repeat(3)],
    [get("small"), get("own").slice(0, 30)],
    [get("afterwards")],
    [get("claimed")],
    [],
  ];
  for (const pieces of conversations) {
    const [without, through] = await Promise.all([talk(t, whole.port, pieces, true), talk(t, byNode.port, pieces, true)]);
    assert.equal(without, through, JSON.stringify(pieces.join("").slice(0, 100)));
  }
});

test("ten thousand requests at once are answered in order, and others have their turn between them", async (t) => {
  const { port } = await serve(t, true);
  const count = 10_000;
  const socket = open(t, port);
  let received = "";
  socket.on("data", (bytes: Buffer) => {
    received += bytes.toString("latin1");
  });
  const ended = once(socket, "end");
  const requests = Array.from({ length: count }, (_, i) => get(`own/${i}`));
  socket.write(requests.join("") + LAST);
  let between = 0;
  while (!socket.readableEnded) {
    await Promise.race([talk(t, port, [LAST]).then(() => between++), ended]);
  }
  const order = [...received.matchAll(/^\/test\/own\/(\d+) /gm)].map(([, number]) => Number(number));
  assert.deepEqual(
    order,
    Array.from({ length: count }, (_, i) => i),
  );
  assert.ok(between >= 3, `${between} other requests were answered meanwhile`);
});

test("a client that does not read its answers gets no more than the kernel takes, and all of them once it reads", async (t) => {
  const { port, seen } = await serve(t, true);
  const count = 400;
  const socket = open(t, port);
  socket.pause();
  socket.write(get("large").repeat(count) + LAST);
  let before = -1;
  // The kernel's buffers fill in no time.
  while (seen.length !== before) {
    before = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  assert.ok(seen.length < count / 2, `${seen.length} of ${count} answers were made`);
  let bytes = 0;
  socket.on("data", (piece: Buffer) => {
    bytes += piece.length;
  });
  socket.resume();
  await once(socket, "end");
  assert.equal(seen.length, count + 1);
  assert.ok(bytes > count * LARGE.body.length);
});

test("a response is closed when its client has gone, before its answer or while it is sent", async (t) => {
  const closed: string[] = [];
  const note =
    (word: string, answer: Answer): Answer =>
    (request, response) => {
      response.on("close", () => closed.push(word));
      answer(request, response);
    };
  const held: MediaResponse[] = [];
  const { port, seen } = await serve(t, true, {
    waits: note("waits", (_request, response) => void held.push(response)),
    sends: note("sends", (request, response) => sendShared(request, response, new SharedAnswer(200, {}, Buffer.alloc(32 << 20)))),
    ends: note("ends", (request, response) => sendShared(request, response, SMALL)),
  });
  const until = async (word: string) => {
    while (!closed.includes(word)) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  for (const word of ["waits", "sends"]) {
    const socket = open(t, port);
    socket.pause();
    socket.write(get(word));
    while (!seen.some(({ address }) => address.path.endsWith(word))) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(!closed.includes(word));
    socket.destroy();
    await until(word);
  }
  await talk(t, port, [get("ends"), LAST]);
  await until("ends");
  // An answer for a client that has gone is no error.
  const [waiting] = held;
  assert.equal(waiting?.destroyed, true);
  waiting?.writeHead(200, {});
  waiting?.end();
  assert.deepEqual(closed, ["waits", "sends", "ends"]);
});

test("limits of an address hold without node:http, and a request for node:http is counted once", async (t) => {
  for (const isWhole of [true, false]) {
    const { port } = await serve(t, isWhole, {}, 5);
    const answer = await talk(t, port, [
      `${get("small").repeat(5)}${get("small", "TE: trailers").repeat(5)}${get("small").repeat(3)}${LAST}`,
    ]);
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    // Twice as many as in a second at once; a few more have been given back until the last.
    assert.equal(statuses.length, 14);
    assert.deepEqual(
      statuses.slice(0, 10),
      Array.from({ length: 10 }, () => "200"),
    );
    assert.ok(statuses.slice(10).includes("429"));
  }
});

test("a request that two servers could read in two ways is refused in words before the connection ends", async (t) => {
  const { port } = await serve(t, true);
  const CHUNKS = "2\r\n{}\r\n0\r\n\r\n";
  const cases: readonly (readonly [string, number, string])[] = [
    ["GET /test/small HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad-request"],
    ["GET /test/small\r\nHost: a\r\n\r\n", 400, "bad-request"],
    ["GET /test/small HTTP/2.0\r\nHost: a\r\n\r\n", 400, "bad-request"],
    [`POST /test/body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n${CHUNKS}`, 501, "not-implemented"],
    [`POST /test/body HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`, 400, "bad-request"],
    [`GET /test/small HTTP/1.1\r\nHost: a\r\nx: ${"a".repeat(40_000)}\r\n\r\n`, 431, "header-too-large"],
    ["GET /test/small HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 400, "bad-request"],
  ];
  for (const [request, status, code] of cases) {
    const said = await talk(t, port, [request]);
    assert.match(said, new RegExp(`^HTTP/1\\.1 ${status} [^]*"code":"${code}"`), request);
  }
});

test("a connection is closed whose body goes on after its answer; one whose body ends by itself is kept", async (t) => {
  const { port } = await serve(t, false, {}, 1_000_000, 300);
  const begun = "POST /test/small HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc";
  const [endless, ending] = [open(t, port), open(t, port)];
  const received = { text: "" };
  ending.on("data", (bytes: Buffer) => {
    received.text += bytes;
  });
  endless.resume().write(begun);
  ending.write(`${begun}def`);
  await Promise.race([once(endless, "end"), once(endless, "close")]);
  ending.write(get("own", "x-own: again", "Connection: close"));
  await once(ending, "end");
  assert.match(received.text, /again/);
});

test("a refusal is never written into an answer that is under way", async (t) => {
  const { port } = await serve(t, true);
  const said = await talk(t, port, [`${get("large", "TE: trailers")}GET /test/small HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`]);
  assert.equal(said.match(/HTTP\/1\.1 \d/g)?.length ?? 0, said === "" ? 0 : 1, said.slice(0, 200));
});
