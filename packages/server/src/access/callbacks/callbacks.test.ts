import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import { Refusal } from "../../platform/refusal.ts";
import type { CallbackEvent } from "./callback-event.ts";
import { type CallbackSettings, Callbacks } from "./callbacks.ts";
import { ReportJournal } from "./report-journal.ts";

type Heard = { readonly body: string; readonly type: string; readonly signature: string; readonly delivery: string };

const EVENT: CallbackEvent = {
  action: "play",
  clientId: "4711",
  session: "s1",
  protocol: "flv",
  app: "live",
  name: "math",
  ip: "10.0.0.1",
  param: "?token=abc",
  tcUrl: "",
  pageUrl: "https://school.example/",
};

/** A back end with given answers that keeps the requests. */
async function backEnd(t: TestContext, answer: (response: ServerResponse, count: number) => void) {
  const heard: Heard[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      heard.push({
        body,
        type: request.headers["content-type"] ?? "",
        signature: String(request.headers["lectern-signature"] ?? ""),
        delivery: String(request.headers["lectern-delivery"] ?? ""),
      });
      answer(response, heard.length);
      for (const { count, resolve } of waiting) if (heard.length >= count) resolve();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    hears: (count: number) =>
      new Promise<void>((resolve) => (heard.length >= count ? resolve() : waiting.push({ count, resolve }))),
  };
}

function callbacksTo(url: string, over: Partial<CallbackSettings> = {}, journal: ReportJournal | null = null) {
  const urls = { on_play: [url], on_stop: [url] };
  const settings: CallbackSettings = { urls, style: "srs", timeoutMs: 20_000, onFailure: "refuse", secret: "", ...over };
  return new Callbacks(() => settings, "node-1", pino({ level: "silent" }), null, journal);
}

const codeOf = (answer: unknown) => (answer instanceof Refusal ? answer.code : answer);

test("SRS: 200 with 0 or with code 0 allows, anything else refuses", async (t) => {
  const answers = ["0", '{"code":0}', '{"code": 0, "data": {}}', "1", '{"code":1}', "", "ok", "{"];
  const { url } = await backEnd(t, (response, count) => response.end(answers[count - 1]));
  const callbacks = callbacksTo(url);
  const codes = [];
  for (const _ of answers) codes.push(codeOf(await callbacks.ask(EVENT)));
  const [allowed, refused] = [{ name: null }, "refused-by-callback"];
  assert.deepEqual(codes, [allowed, allowed, allowed, refused, refused, refused, refused, refused]);
});

test("SRS: a call has the fields that SRS sends", async (t) => {
  const { url, heard } = await backEnd(t, (response) => response.end("0"));
  await callbacksTo(url).ask(EVENT);
  assert.equal(heard[0]?.type, "application/json");
  assert.deepEqual(JSON.parse(heard[0]?.body ?? ""), {
    server_id: "node-1",
    action: "on_play",
    client_id: "4711",
    ip: "10.0.0.1",
    vhost: "__defaultVhost__",
    app: "live",
    tcUrl: "",
    pageUrl: "https://school.example/",
    stream: "math",
    param: "?token=abc",
    stream_url: "/live/math",
    stream_id: "live/math",
  });
});

test("nginx-rtmp: 2xx allows, a redirect names another stream, anything else refuses", async (t) => {
  const { url, heard } = await backEnd(t, (response, count) => {
    const [status, location] = [[204], [302, "room-7"], [302, "rtmp://elsewhere/live/room-8?x=1"], [302, "../../etc"], [404]][
      count - 1
    ] ?? [200];
    response.writeHead(Number(status), location ? { location: String(location) } : {}).end();
  });
  const callbacks = callbacksTo(url, { style: "nginx-rtmp" });
  const codes = [];
  for (let i = 0; i < 5; i++) codes.push(codeOf(await callbacks.ask(EVENT)));
  assert.deepEqual(codes, [{ name: null }, { name: "room-7" }, { name: "room-8" }, { name: "etc" }, "refused-by-callback"]);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(heard[0]?.body)), {
    call: "play",
    addr: "10.0.0.1",
    clientid: "4711",
    app: "live",
    flashver: "",
    swfurl: "",
    tcurl: "",
    pageurl: "https://school.example/",
    name: "math",
    token: "abc",
  });
});

for (const onFailure of ["refuse", "allow"] as const) {
  test(`a time-out, a 5xx and a back end that is down ${onFailure} where that is configured`, async (t) => {
    const { url } = await backEnd(t, (response, count) => {
      if (count === 1) response.writeHead(500).end("0");
    });
    const callbacks = callbacksTo(url, { onFailure, timeoutMs: 1000 });
    const wanted = onFailure === "allow" ? { name: null } : "callback-failed";
    assert.deepEqual(codeOf(await callbacks.ask(EVENT)), wanted);
    assert.deepEqual(codeOf(await callbacks.ask(EVENT)), wanted);
    assert.deepEqual(codeOf(await callbacksTo("http://127.0.0.1:9/", { onFailure }).ask(EVENT)), wanted);
  });
}

test("a report is repeated after a 5xx and after a time-out, with the same id, and others wait behind it in their order", async (t) => {
  const { url, heard, hears } = await backEnd(t, (response, count) => {
    if (count === 1) response.writeHead(503).end();
    // The second is never answered.
    else if (count > 2) response.end("0");
  });
  const callbacks = callbacksTo(url, { timeoutMs: 500 });
  callbacks.closed(EVENT);
  await callbacks.flush(5000);
  callbacks.closed({ ...EVENT, clientId: "4712", session: "s2" });
  await hears(4);
  assert.deepEqual(
    heard.map(({ body }) => JSON.parse(body)).map(({ action, client_id }) => `${action} ${client_id}`),
    ["on_stop 4711", "on_stop 4711", "on_stop 4711", "on_stop 4712"],
  );
  assert.equal(new Set(heard.slice(0, 3).map(({ delivery }) => delivery)).size, 1);
  assert.match(heard[0]?.delivery ?? "", /^[\w-]{16}$/);
  assert.notEqual(heard[3]?.delivery, heard[0]?.delivery);
});

test("what two processes report of one end has one id, and one process reports it once", async (t) => {
  const { url, heard, hears } = await backEnd(t, (response) => response.end("0"));
  const [one, other] = [callbacksTo(url), callbacksTo(url)];
  for (const callbacks of [one, one, other]) callbacks.closed(EVENT);
  await hears(2);
  await Promise.all([one.flush(1000), other.flush(1000)]);
  assert.equal(heard.length, 2);
  assert.equal(heard[0]?.delivery, heard[1]?.delivery);
});

test("a killed process loses no end: the next one reports clients that were open, and what was not sent", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-journal-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "callbacks/media-1.jsonl");
  const journal = () => new ReportJournal(file, pino({ level: "silent" }));
  // Nobody listens there.
  const dead = callbacksTo("http://127.0.0.1:9/", {}, journal());
  for (const session of ["open", "over"]) dead.opened({ ...EVENT, clientId: session, session });
  dead.closed({ ...EVENT, clientId: "over", session: "over" });
  await dead.flush(5000);
  // The last line of a killed process may be cut short.
  appendFileSync(file, '{"opened":{"cli');
  const { url, heard, hears } = await backEnd(t, (response) => response.end("0"));
  // The address moved: reports to one that is not configured any more are dropped.
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("http://127.0.0.1:9/", url));
  const next = callbacksTo(url, {}, journal());
  await hears(2);
  await next.flush(5000);
  assert.deepEqual(heard.map(({ body }) => JSON.parse(body).client_id).sort(), ["open", "over"]);
  assert.deepEqual(journal().open, { sessions: [], reports: [] });
});

test("a back end that closes a connection just when the next call comes gets that call all the same", async (t) => {
  const answered = new Set<unknown>();
  const { url, heard } = await backEnd(t, (response) => {
    if (answered.has(response.socket)) return response.socket?.destroy();
    answered.add(response.socket);
    response.end("0");
  });
  const callbacks = callbacksTo(url);
  for (const clientId of ["1", "2", "3"]) assert.deepEqual(await callbacks.ask({ ...EVENT, clientId }), { name: null });
  for (const clientId of ["4", "5"]) {
    callbacks.closed({ ...EVENT, clientId, session: clientId });
    await callbacks.flush(10_000);
  }
  assert.deepEqual(
    heard.map(({ body }) => JSON.parse(body).client_id),
    ["1", "2", "3", "4", "5"],
  );
  assert.equal(answered.size, 5, "each of them was answered");
});

test("each call is signed where a secret is configured", async (t) => {
  const { url, heard } = await backEnd(t, (response) => response.end("0"));
  await callbacksTo(url, { secret: "shared" }).ask(EVENT);
  const { signature = "", body = "" } = heard[0] ?? {};
  const [, at, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  assert.equal(hex, createHmac("sha256", "shared").update(`${at}.${body}`).digest("hex"));
});

test("no more than 64 calls run at once, and none is lost", async (t) => {
  let most = 0;
  let now = 0;
  const { url, heard } = await backEnd(t, (response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      response.end("0");
    }, 5);
  });
  const callbacks = callbacksTo(url);
  const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => callbacks.ask({ ...EVENT, clientId: String(i) })));
  assert.ok(answers.every((answer) => !(answer instanceof Refusal)));
  assert.equal(heard.length, 500);
  assert.ok(most <= 64, `${most} at once`);
});
