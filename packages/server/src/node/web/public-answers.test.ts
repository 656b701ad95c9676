/** Answers that everybody without a credential gets: the control process is asked once for many requests, and nobody gets what is another's. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import { loadConfig } from "../../platform/config/load.ts";
import { takePort } from "../../platform/listen.ts";
import { openLog } from "../../platform/log.ts";
import { Clients } from "./clients.ts";
import { controlDoor } from "./control-door.ts";
import { DoorList } from "./door-list.ts";
import { Forwarder } from "./forwarder.ts";
import { PublicAnswers } from "./public-answers.ts";
import { WebServer } from "./web-server.ts";

const PUBLIC_MS = 500;

/** A control process. Below `/public/` everybody without a credential gets the same; it holds its answers while `isHanging`. */
type Control = {
  readonly seen: IncomingMessage[];
  readonly hanging: (() => void)[];
  isHanging: boolean;
  version: number;
  status: number;
  readonly stop: () => void;
};

type ReceivedAnswer = { readonly status: number; readonly text: string; readonly headers: IncomingMessage["headers"] };

async function serve(t: TestContext) {
  const server = createServer();
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const control: Control = { seen: [], hanging: [], isHanging: false, version: 1, status: 200, stop };
  server.on("request", (asked: IncomingMessage, response: ServerResponse) => {
    control.seen.push(asked);
    asked.resume();
    const { authorization, cookie } = asked.headers;
    const isPersonal = authorization !== undefined || (cookie !== undefined && asked.headers["lectern-page"] !== "anonymous");
    const who = isPersonal ? `for ${authorization ?? cookie}` : "for everybody";
    const isPublic = asked.url?.startsWith("/public/") && !isPersonal && control.status === 200;
    const text = `${asked.url} ${control.version} ${who}`;
    const headers = { etag: `"${control.version}"`, "content-type": "text/plain", "x-lectern-public": String(PUBLIC_MS) };
    const answer = () => {
      if (isPublic) response.writeHead(control.status, headers);
      else response.writeHead(control.status);
      response.end(text);
    };
    if (control.isHanging) control.hanging.push(answer);
    else answer();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const clock = { ms: 1000 };
  const forwarder = new Forwarder(new PublicAnswers(() => clock.ms));
  const door = controlDoor(forwarder, () => ({ name: "test", connect: () => connect(address.port, "127.0.0.1") }));
  const limits = new AddressLimits(() => ({ connections: 10_000, connectionsPerSecond: 100_000, requestsPerSecond: 100_000 }));
  const list = new DoorList([door], new Clients({ limits, trustedProxies: [], isNode: () => false }));
  const { http } = loadConfig({ file: null, env: {}, set: [["http.host", "127.0.0.1"]] });
  const web = new WebServer(http, openLog("silent"), list);
  const port = await takePort("127.0.0.1", 0);
  await web.listen(port);
  const agent = new Agent({ keepAlive: true });
  t.after(async () => {
    agent.destroy();
    list.close();
    await web.close(0);
    stop();
  });
  const get = async (path: string, headers: OutgoingHttpHeaders = {}, method = "GET", body = ""): Promise<ReceivedAnswer> => {
    const asked = request({ port, host: "127.0.0.1", path, headers, method, agent });
    asked.end(body);
    const [answer]: IncomingMessage[] = await once(asked, "response");
    assert.ok(answer);
    let text = "";
    for await (const piece of answer) text += piece;
    return { status: answer.statusCode ?? 0, text, headers: answer.headers };
  };
  return { control, clock, forwarder, get, port };
}

const untilTrue = async (what: () => boolean): Promise<void> => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const times = <R>(count: number, task: () => Promise<R>): Promise<R[]> => Promise.all(Array.from({ length: count }, task));

test("thousands of requests for one address cost the control process one each time that an answer has become old", async (t) => {
  const { control, clock, forwarder, get } = await serve(t);
  await get("/public/lesson");
  for (let second = 0; second < 4; second++) {
    const texts = (await times(500, () => get("/public/lesson"))).map(({ status, text }) => `${status} ${text}`);
    assert.deepEqual([...new Set(texts)], ["200 /public/lesson 1 for everybody"]);
    assert.equal(control.seen.length, 2 + second);
    clock.ms += PUBLIC_MS - 1;
    await get("/public/lesson");
    assert.equal(control.seen.length, 2 + second);
    clock.ms += 1;
  }
  assert.deepEqual([forwarder.passed, forwarder.publicCount], [5, 4 * 501 - 4]);
});

test("an answer is never older than its mark says, however long the control process took", async (t) => {
  const { control, clock, get } = await serve(t);
  await get("/public/lesson");
  control.isHanging = true;
  const first = get("/public/lesson");
  await untilTrue(() => control.hanging.length === 1);
  clock.ms += PUBLIC_MS - 100;
  control.isHanging = false;
  control.hanging[0]!();
  await first;
  control.version = 2;
  assert.match((await get("/public/lesson")).text, / 1 /);
  clock.ms += 100;
  assert.match((await get("/public/lesson")).text, / 2 /);
});

test("a client that has the answer gets 304 without it", async (t) => {
  const { control, clock, get } = await serve(t);
  await get("/public/lesson");
  for (const condition of ['"1"', '"0", "1"', 'W/"1"', "*"]) {
    const { status, text, headers } = await get("/public/lesson", { "if-none-match": condition });
    assert.deepEqual([status, text, headers.etag], [304, "", '"1"'], condition);
    assert.deepEqual([headers["content-type"], headers["content-length"]], [undefined, undefined]);
  }
  assert.equal(control.seen.length, 2);
  control.version = 2;
  clock.ms += PUBLIC_MS;
  const { status, text } = await get("/public/lesson", { "if-none-match": '"1"' });
  assert.deepEqual([status, text], [200, "/public/lesson 2 for everybody"]);
});

test("a request with a credential, a query or a body, or by another method, is passed by itself, and its answer is nobody else's", async (t) => {
  const { control, get } = await serve(t);
  for (let i = 0; i < 3; i++) await get("/public/lesson");
  assert.equal(control.seen.length, 2);
  const own: readonly (readonly [OutgoingHttpHeaders, string, string?, string?])[] = [
    [{ authorization: "Bearer a" }, "for Bearer a"],
    [{ cookie: "lectern-session=a" }, "for lectern-session=a"],
    [{ cookie: "lectern-session=a", "lectern-page": "active" }, "for lectern-session=a"],
    [{}, "for everybody", "POST", "body"],
    [{ "content-length": "4" }, "for everybody", "GET", "body"],
  ];
  for (const [headers, who, method, body] of own)
    for (let i = 0; i < 3; i++) {
      const before: number = control.seen.length;
      const { text }: ReceivedAnswer = await get("/public/lesson", headers, method, body);
      assert.ok(text.endsWith(who), text);
      assert.equal(control.seen.length, before + 1);
    }
  assert.match((await get("/public/lesson")).text, /for everybody$/);
  const before = control.seen.length;
  for (let i = 0; i < 3; i++) await get("/public/lesson", { cookie: "lectern-session=a", "lectern-page": "anonymous" });
  for (let i = 0; i < 3; i++) await get("/public/lesson?a=1");
  assert.equal(control.seen.length, before + 3);
});

test("what the control process does not mark is passed each time, at once, and the mark stays between processes", async (t) => {
  const { control, get } = await serve(t);
  control.isHanging = true;
  const all = times(10, () => get("/own/lesson"));
  await untilTrue(() => control.hanging.length === 10);
  for (const answer of control.hanging.splice(0)) answer();
  await all;
  control.isHanging = false;
  for (let i = 0; i < 3; i++) {
    const { headers } = await get("/public/lesson", { "x-lectern-public": "1" });
    assert.equal(headers["x-lectern-public"], undefined);
  }
  assert.ok(control.seen.every(({ headers }) => headers["x-lectern-public"] === undefined));
});

test("hosts have answers of their own", async (t) => {
  const { control, get } = await serve(t);
  for (const host of ["a.example", "b.example"]) for (let i = 0; i < 3; i++) await get("/public/lesson", { host });
  assert.deepEqual(
    control.seen.map(({ headers }) => headers.host),
    ["a.example", "a.example", "b.example", "b.example"],
  );
});

test("after a change that this process passed, nobody gets an earlier answer, not even one that had begun before", async (t) => {
  const { control, get } = await serve(t);
  for (let i = 0; i < 2; i++) await get("/public/lesson");
  await get("/own/lesson", {}, "PATCH", "{}");
  control.isHanging = true;
  const early = get("/public/lesson");
  await untilTrue(() => control.hanging.length === 1);
  const [answerEarly] = control.hanging.splice(0);
  control.isHanging = false;
  await get("/own/lesson", {}, "PATCH", "{}");
  control.version = 2;
  assert.match((await get("/public/lesson")).text, / 2 /);
  answerEarly!();
  await early;
  const { length } = control.seen;
  assert.match((await get("/public/lesson")).text, / 2 /);
  assert.equal(control.seen.length, length);
});

test("when an answer is public no longer, each request that waited is passed by itself", async (t) => {
  const { control, clock, get } = await serve(t);
  for (let i = 0; i < 2; i++) await get("/public/lesson");
  clock.ms += PUBLIC_MS;
  control.status = 404;
  control.isHanging = true;
  const waiting = times(20, () => get("/public/lesson"));
  await untilTrue(() => control.hanging.length === 1);
  control.isHanging = false;
  control.hanging[0]!();
  assert.deepEqual([...new Set((await waiting).map(({ status }) => status))], [404]);
  assert.equal(control.seen.length, 2 + 1 + 20);
});

test("while the control process is down, requests that waited for it are refused", async (t) => {
  const { control, clock, get } = await serve(t);
  for (let i = 0; i < 2; i++) await get("/public/lesson");
  clock.ms += PUBLIC_MS;
  control.isHanging = true;
  const waiting = times(20, () => get("/public/lesson"));
  await untilTrue(() => control.hanging.length === 1);
  control.stop();
  assert.deepEqual([...new Set((await waiting).map(({ status }) => status))], [503]);
});

test("a client that leaves while it waits takes nothing from the others", async (t) => {
  const { control, clock, get, port } = await serve(t);
  for (let i = 0; i < 2; i++) await get("/public/lesson");
  clock.ms += PUBLIC_MS;
  control.isHanging = true;
  const leaver = connect(port, "127.0.0.1");
  leaver.write(`GET /public/lesson HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await untilTrue(() => control.hanging.length === 1);
  const others = times(5, () => get("/public/lesson"));
  leaver.destroy();
  await once(leaver, "close");
  // Answered behind the others by the same process, so these have arrived.
  control.isHanging = false;
  await get("/own/lesson");
  control.hanging[0]!();
  assert.ok((await others).every(({ status }) => status === 200));
  assert.equal(control.seen.length, 4);
});

test("addresses without end take no memory without end", async (t) => {
  const { get, control } = await serve(t);
  for (let i = 0; i < 1100; i++) await get(`/public/${i}`);
  const before = control.seen.length;
  await get("/public/0");
  await get("/public/1099");
  await get("/public/1099");
  assert.equal(control.seen.length, before + 2, "the oldest address was forgotten, the newest was not");
});
