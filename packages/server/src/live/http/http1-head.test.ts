/** The parser of plain requests, alone and against the parser of `node:http`: what it accepts, that one reads in the same way. */
import assert from "node:assert/strict";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { duplexPair } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import { createServer } from "../../platform/node-http.ts";
import { MAX_HEAD_BYTES, type RequestHead, readHead } from "./http1-head.ts";

const PLAIN =
  "GET /live/x/s/abc/index.m3u8?_HLS_msn=3&_HLS_part=1 HTTP/1.1\r\nHost: school.example:8080\r\nAccept:  */* \t\r\nRange:\r\n\r\n";
const read = (text: string) => readHead(Buffer.from(text, "latin1"), null);

function accepted(text: string): RequestHead {
  const head = read(text);
  assert.ok(typeof head === "object", `${JSON.stringify(text)} is ${JSON.stringify(head)}`);
  return head;
}

test("a plain request has its method, its target as it was sent, its fields and its length", () => {
  const { method, target, fields, isLast, length } = accepted(PLAIN);
  assert.deepEqual(
    [method, target, isLast, length],
    ["GET", "/live/x/s/abc/index.m3u8?_HLS_msn=3&_HLS_part=1", false, PLAIN.length],
  );
  assert.deepEqual({ ...fields.headers }, { host: "school.example:8080", accept: "*/*", range: "" });
});

test("the connection ends after a request that says so, and after one of HTTP/1.0", () => {
  assert.equal(accepted("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n").isLast, true);
  assert.equal(accepted("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n").isLast, false);
  assert.equal(accepted("GET / HTTP/1.0\r\n\r\n").isLast, true);
});

test("each beginning of a plain request is incomplete, and what follows it is not read", () => {
  for (let length = 1; length < PLAIN.length; length++) assert.equal(read(PLAIN.slice(0, length)), "incomplete", String(length));
  const { length, target } = accepted(`${PLAIN}GET /second HTTP/1.1\r\n`);
  assert.deepEqual([length, target], [PLAIN.length, accepted(PLAIN).target]);
});

test("the fields of a connection's last request are the same object as long as they are the same bytes", () => {
  const first = accepted(PLAIN);
  const next = (text: string) => readHead(Buffer.from(text, "latin1"), first.fields);
  const same = next(PLAIN.replace("part=1", "part=2"));
  assert.ok(typeof same === "object" && same.fields === first.fields && same.target.endsWith("part=2"));
  const other = next(PLAIN.replace("*/*", "*/x"));
  assert.ok(typeof other === "object" && other.fields.headers.accept === "*/x");
  const followed = next(`${PLAIN}GET`);
  assert.ok(typeof followed === "object" && followed.length === PLAIN.length);
  assert.equal(next(PLAIN.replace("GET", "PUT")), "other");
});

test("whatever is not plain is for node:http", () => {
  const line = (first: string) => `${first}\r\nHost: x\r\n\r\n`;
  const field = (...fields: readonly string[]) => `GET /a HTTP/1.1\r\nHost: x\r\n${fields.map((one) => `${one}\r\n`).join("")}\r\n`;
  const others = [
    ...[
      "POST /a HTTP/1.1",
      "get /a HTTP/1.1",
      "GET  /a HTTP/1.1",
      "GET /a  HTTP/1.1",
      "GET /a HTTP/1.1 ",
      "GET /a",
      "GET a HTTP/1.1",
    ].map(line),
    ...[
      "GET /a HTTP/2.0",
      "GET /a HTTP/1.2",
      "GET /a http/1.1",
      "GET * HTTP/1.1",
      "GET http://x/a HTTP/1.1",
      "OPTIONS /a HTTP/1.1",
    ].map(line),
    ...[
      "GET /a#b HTTP/1.1",
      "GET /a\tb HTTP/1.1",
      "GET /\xe9 HTTP/1.1",
      "GET /a\0 HTTP/1.1",
      'GET /" HTTP/1.1',
      "GET /[ HTTP/1.1",
    ].map(line),
    ...["Content-Length: 0", "Content-Length: 5", "Transfer-Encoding: chunked", "Upgrade: websocket", "Expect: 100-continue"].map(
      (one) => field(one),
    ),
    ...["TE: trailers", "Trailer: x", "Proxy-Connection: close", "Connection: upgrade", "Connection: close, te", "Connection:"].map(
      (one) => field(one),
    ),
    ...[
      "Bad Name: x",
      "Bad : x",
      ": x",
      "x",
      " folded: x",
      "Under_score: x",
      "\xe9: x",
      "a: \xe9",
      "a: \0",
      "a: \x7f",
      "a: b\rc",
      "a: b\nc",
    ].map((one) => field(one)),
    ...[["Host: x"], ["a: 1", "A: 2"], ["cookie: a", "cookie: b"], ["a: 1", " b"], ["a: 1", "\tb"]].map((all) => field(...all)),
    "GET /a HTTP/1.1\r\n\r\n",
    "GET /a HTTP/1.1\nHost: x\n\n",
    "GET /a HTTP/1.1\r\nHost: x\n\r\n",
    "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n",
    "\x16\x03\x01\x02\x00",
    field(...Array.from({ length: 101 }, (_, i) => `a${i}: x`)),
    field(`a: ${"x".repeat(MAX_HEAD_BYTES)}`),
    `GET /${"x".repeat(MAX_HEAD_BYTES)}`,
  ];
  for (const text of others) assert.equal(read(text), "other", JSON.stringify(text.slice(0, 100)));
});

test("a head takes time in proportion to its length, however it is made", () => {
  const worst = (length: number) => [
    `GET / HTTP/1.1\r\nHost: x\r\na:${" ".repeat(length)}x\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\na:${" x".repeat(length / 2)}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\n${"a".repeat(length)}\r\n\r\n`,
    `GET /${"a".repeat(length)}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\na:${" ".repeat(length)}`,
  ];
  const cost = (text: string) => {
    const bytes = Buffer.from(text, "latin1");
    const begun = process.cpuUsage();
    for (let i = 0; i < 300; i++) readHead(bytes, null);
    const { user, system } = process.cpuUsage(begun);
    return user + system;
  };
  for (const text of worst(1000)) cost(text);
  const [short, long] = [worst(1000), worst(8000)].map((all) => all.map(cost));
  // Eight times the length: 64 times the work of a square. The least of a small figure is noise.
  long?.forEach((micros, i) => {
    assert.ok(micros < 24 * Math.max(short?.[i] ?? 0, 2000), `${i}: ${short?.[i]} and ${micros} µs`);
  });
});

type Seen = {
  readonly method: string;
  readonly url: string;
  readonly minor: number;
  readonly headers: IncomingHttpHeaders;
  readonly keeps: boolean;
};

/** What `node:http` makes of these bytes, with the limits of the web server. */
function byNode(bytes: Buffer): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (request: IncomingMessage, response) => {
    const { method = "", url = "", httpVersionMinor: minor, headers } = request;
    seen.push({ method, url, minor, headers, keeps: response.shouldKeepAlive });
    response.end();
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  const [client, side] = duplexPair();
  client.on("error", () => {}).resume();
  side.on("error", () => {});
  server.emit("connection", side);
  return new Promise((resolve) => {
    client.write(bytes, () =>
      setImmediate(() => {
        client.destroy();
        side.destroy();
        resolve(seen);
      }),
    );
  });
}

const SECOND = "GET /second HTTP/1.1\r\nHost: second\r\n\r\n";

/** Heads that are nearly plain: a few lines, some of them wrong, and then some bytes changed. */
function bentHeads(): fc.Arbitrary<string> {
  const of = (...values: readonly string[]) => fc.constantFrom(...values);
  const often = (usual: string, ...others: readonly string[]) =>
    fc.oneof({ weight: 14, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: of(...others) });
  const either = (known: fc.Arbitrary<string>, other: fc.Arbitrary<string>) =>
    fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: other });
  const target = either(
    of("/", "/live/x.m3u8", "/a?b=c&d=%20", "/a/../b", "//x/y", "/a;b=c", "/~a!$&'()*+,;=:@"),
    fc.string({ minLength: 0, maxLength: 12, unit: "binary-ascii" }).map((text) => `/${text}`),
  );
  const line = fc
    .tuple(
      either(of("GET", "POST"), of("HEAD", "GETT", "POSTT", "get")),
      often(" ", "  ", "\t", ""),
      target,
      often(" ", "  ", "\t"),
      often("HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/0.9", "HTP/1.1"),
    )
    .map((parts) => parts.join(""));
  const name = either(
    of(
      "Accept",
      "Accept-Language",
      "Origin",
      "If-Modified-Since",
      "User-Agent",
      "X-Own",
      "host",
      "Connection",
      "Cookie",
      "Referer",
      "Range",
      "If-None-Match",
      "Content-Length",
      "Transfer-Encoding",
      "Keep-Alive",
      "constructor",
      "__proto__",
      "Set-Cookie",
      "TE",
    ),
    fc.string({ minLength: 1, maxLength: 6, unit: "binary-ascii" }),
  );
  const value = either(
    of("x", "", "close", "keep-alive", "Keep-Alive", "0", "chunked", "a, b", " spaced \t", "upgrade", "bytes=0-5"),
    fc.string({ maxLength: 12, unit: "binary-ascii" }),
  );
  const length = fc.tuple(
    often("Content-Length", "content-length", "Content-Length "),
    often(": ", ":"),
    often("3", "0", "+3", "03", "3, 3", "0x3", "17000", "3 3"),
  );
  const field = fc
    .oneof({ weight: 2, arbitrary: length }, { weight: 5, arbitrary: fc.tuple(name, often(": ", ":", " : ", ":\t"), value) })
    .map((parts) => parts.join(""));
  const end = often("\r\n", "\n", "\r", "\r\n ");
  return fc
    .tuple(line, fc.array(fc.tuple(field, end), { maxLength: 5 }), often("Host: x", "Host:", "", "Host: x\r\nHost: y"), end)
    .map(([first, fields, host, ending]) => `${first}\r\n${host}${ending}${fields.map((pair) => pair.join("")).join("")}\r\n`)
    .chain((text) =>
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(text) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 2, unit: "binary-ascii" }))
            .map(([at, removed, put]) => text.slice(0, at) + put + text.slice(at + removed)),
        },
      ),
    );
}

test("what is accepted, node:http reads with the same method, target, fields and end, and what is incomplete is no request for it", async () => {
  const runs = 4000;
  let accepted = 0;
  let withBody = 0;
  await fc.assert(
    fc.asyncProperty(bentHeads(), async (text) => {
      const bytes = Buffer.from(text, "latin1");
      const head = readHead(bytes, null);
      if (head === "other") return;
      if (head === "incomplete") {
        assert.deepEqual(await byNode(bytes), [], "incomplete");
        return;
      }
      accepted++;
      const { method, target: url, minorVersion: minor, fields, isLast, bodyLength } = head;
      if (bodyLength > 0) withBody++;
      const [first, second, ...rest] = await byNode(
        Buffer.concat([bytes.subarray(0, head.length), Buffer.alloc(bodyLength, "x"), Buffer.from(SECOND)]),
      );
      assert.deepEqual(
        { ...first, headers: { ...first?.headers } },
        { method, url, minor, headers: { ...fields.headers }, keeps: !isLast },
      );
      assert.deepEqual([second?.url, rest.length], [isLast ? undefined : "/second", 0]);
    }),
    { numRuns: runs },
  );
  assert.ok(accepted > runs / 20, `only ${accepted} of ${runs} heads were accepted`);
  assert.ok(withBody > runs / 100, `only ${withBody} of ${runs} were accepted with a body`);
});
