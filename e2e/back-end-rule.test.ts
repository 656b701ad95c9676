/**
 * Rules that ask a school's back end, with a real one: every protocol, shared and cached answers, back ends that are slow, dead or hostile.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCESS_SETTINGS, WORKERS } from "./access-server.ts";
import { clip } from "./clips.ts";
import { ffmpeg, publish, publishForever } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { freePort, type Lectern, type Scope, TOKEN, until } from "./lectern.ts";
import { goodTokens, isSigned, type RequestedBackEnd, requestedBackEnd, status } from "./requested-back-end.ts";
import { RtmpClient } from "./rtmp-client.ts";
import { connectionTo, get, type WatchedBy, watch } from "./watching.ts";
import { pidOf } from "./worker-connections.ts";

const PROTOCOLS = ["rtmp", "flv", "ws", "hls"] as const;
const STREAM = "ruled";
const HTTP_DOORS = [".flv", ".m3u8", ".rungs.json", ".jpg", ".m3u8?time_delay=5"] as const;

type Target = { readonly level: string; readonly id: string };
const policies = new Map<string, string>();
let marks = 0;

function send(lectern: Lectern, method: string, path: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  return fetch(`${lectern.http}${path}`, { method, headers, body: JSON.stringify(body) });
}

/** Sets the rule that asks a back end, and waits until all workers have it. Gives the policy's id. */
async function setRule(
  lectern: Lectern,
  fields: object | null,
  { name = STREAM, target = { level: "stream", id: `live/${name}` } as Target } = {},
): Promise<string> {
  const mark = `mark-${++marks}`;
  const rules = [
    ...(fields ? [{ kind: "back-end", for: "play", ...fields }] : []),
    { kind: "user-agents", for: "play", deny: [mark] },
  ];
  const key = `${lectern.http} ${target.level} ${target.id}`;
  const known = policies.get(key);
  const response = await (known === undefined
    ? send(lectern, "POST", "/api/v1/policies", { target, rules })
    : send(lectern, "PATCH", `/api/v1/policies/${known}`, { rules }));
  const answer = (await response.json()) as { id: string };
  assert.ok(response.ok, JSON.stringify(answer));
  policies.set(key, answer.id);
  for (const worker of WORKERS)
    await until(async () => {
      const socket = await connectionTo(lectern, { worker });
      const refused = await get(socket, `/live/${name}.rungs.json`, { agent: mark });
      socket.destroy();
      return refused.body.includes("refused-by-rule");
    }, "the rule to be in force");
  return answer.id;
}

let opened: Promise<Lectern> | null = null;
/** The server, with the stream that most tests watch. */
function liveServer(): Promise<Lectern> {
  opened ??= (async () => {
    const lectern = await sharedLectern(ACCESS_SETTINGS);
    publishForever(wholeFile, clip("b-frames"), `${lectern.rtmp}/live/${STREAM}`);
    await lectern.stream(STREAM, (stream) => stream.video?.gopSeconds != null);
    const past = async () => (await fetch(`${lectern.http}/live/${STREAM}.m3u8?time_delay=5`)).status === 200;
    await until(past, "a past of five seconds", 20_000);
    return lectern;
  })();
  return opened;
}

/** `in`, or the code of the refusal. */
async function ask(t: Scope, lectern: Lectern, by: WatchedBy, token: string, worker?: string): Promise<string> {
  const watching = await watch(t, lectern, by, STREAM, { query: `token=${token}`, ...(worker ? { worker } : {}) });
  // What the server has ended cannot be reset.
  if (watching.answer === "in") watching.leave();
  return watching.answer;
}

async function askDoor(lectern: Lectern, door: string, token: string): Promise<string> {
  const abort = new AbortController();
  const address = `/live/${STREAM}${door}${door.includes("?") ? "&" : "?"}token=${token}`;
  const response = await fetch(`${lectern.http}${address}`, { signal: abort.signal });
  const answer = response.status === 200 ? "in" : ((await response.json()) as { code: string }).code;
  abort.abort();
  return answer;
}

const codes = (lectern: Lectern, t: Scope, token: string) => Promise.all(PROTOCOLS.map((by) => ask(t, lectern, by, token)));

test("every door asks: who has a good token is let in, others are refused, and both workers ask once for each", async (t) => {
  const lectern = await liveServer();
  const backEnd = await requestedBackEnd(t);
  await setRule(lectern, { url: backEnd.url, sends: ["query"] });
  backEnd.questions.length = 0;
  for (const [token, expected] of [
    ["good", "in"],
    ["bad", "refused-by-callback"],
  ] as const) {
    for (const by of PROTOCOLS) assert.equal(await ask(t, lectern, by, token), expected, `${by} ${token}`);
    for (const door of HTTP_DOORS) {
      // A busy machine has no time for a still at once.
      const answer = await until(async () => {
        const one = await askDoor(lectern, door, token);
        return one === "not-yet" ? null : one;
      }, `an answer at ${door}`);
      assert.equal(answer, expected, `${door} ${token}`);
    }
    assert.ok(backEnd.of(token).length <= 2, `${backEnd.of(token).length} questions`);
  }
  assert.ok((await lectern.metric('lectern_refused_by_rule_total{rule="back-end"}')) > 0);
  assert.ok((await lectern.metric('lectern_back_end_answers_total{answer="allow"}')) > 0);
});

test("ffmpeg watches with a good token by every protocol, and publishes where a rule about publishing allows it", async (t) => {
  const lectern = await liveServer();
  const backEnd = await requestedBackEnd(t);
  await setRule(lectern, { url: backEnd.url });
  const see = (url: string) => ffmpeg(t, ["-i", url, "-t", "0.2", "-f", "null", "-"]).done;
  for (const url of [
    `${lectern.http}/live/${STREAM}.flv`,
    `${lectern.http}/live/${STREAM}.m3u8`,
    `${lectern.rtmp}/live/${STREAM}`,
  ]) {
    assert.equal((await see(`${url}?token=good`)).code, 0, url);
    assert.notEqual((await see(`${url}?token=bad`)).code, 0, url);
  }
  await setRule(lectern, { url: backEnd.url, for: "publish" }, { name: "lab" });
  const client = await RtmpClient.open(lectern.rtmpPort);
  t.after(() => client.break());
  assert.notEqual(await client.publish("lab?token=bad"), "NetStream.Publish.Start");
  const other = await RtmpClient.open(lectern.rtmpPort);
  t.after(() => other.break());
  assert.equal(await other.publish("lab?token=good"), "NetStream.Publish.Start");
  const published = backEnd.questions.findLast(({ facts }) => facts["action"] === "publish");
  assert.deepEqual([published?.facts["stream"], published?.facts["protocol"]], ["live/lab", "rtmp"]);
});

test("a question names what the rule sends, is signed, and cannot be made to say something else by the viewer", async (t) => {
  const lectern = await liveServer();
  const secret = "a-secret-of-the-school";
  const from = { ip: "127.0.0.7", agent: "A player" };
  for (const method of ["POST", "GET", "HEAD"]) {
    const backEnd = await requestedBackEnd(t);
    await setRule(lectern, { url: `${backEnd.url}?school=7`, method, secret });
    const query = "token=good-one&ip=10.9.9.9&stream=live/other&ip[]=1&school=8&action=none";
    const watching = await watch(t, lectern, "flv", STREAM, { ...from, query });
    watching.leave();
    assert.equal(watching.answer, "in", method);
    const question = backEnd.of("good-one").at(-1);
    assert.ok(question && isSigned(question, secret), method);
    const facts = { action: "play", stream: `live/${STREAM}`, protocol: "flv", ip: from.ip, userAgent: from.agent };
    for (const [name, value] of Object.entries(facts)) assert.equal(question.facts[name], value, `${method} ${name}`);
    assert.equal(question.method, method);
    const { searchParams } = new URL(question.url, "http://back-end");
    assert.deepEqual(searchParams.getAll("school"), ["7"]);
    if (method !== "POST") assert.deepEqual([searchParams.getAll("ip"), searchParams.has("ip[]")], [[from.ip], false]);
  }
});

test("200 viewers at once are one question where nothing of them is sent, and one each where something is", async (t) => {
  const lectern = await liveServer();
  const backEnd = await requestedBackEnd(t, (_question, response) => void setTimeout(() => response.end(), 100));
  // On a stream of its own: viewers of other tests would ask, too.
  publish(t, clip("b-frames", 40), `${lectern.rtmp}/live/rush`);
  await lectern.stream("rush", (stream) => stream.video?.gopSeconds != null);
  await setRule(lectern, { url: backEnd.url, sends: [] }, { name: "rush" });
  const sockets = await Promise.all(Array.from({ length: 200 }, () => connectionTo(lectern, { worker: "media-1" })));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  const rush = async (query: (i: number) => string) => {
    backEnd.questions.length = 0;
    const answers = await Promise.all(sockets.map((socket, i) => get(socket, `/live/rush.rungs.json?${query(i)}`, {})));
    assert.ok(answers.every((answer) => answer.status === 200));
    return backEnd.questions.length;
  };
  assert.equal(await rush(() => ""), 1);
  assert.equal(await rush(() => ""), 0, "it is cached");
  await setRule(lectern, { url: backEnd.url, sends: ["query"] }, { name: "rush" });
  assert.equal(await rush((i) => `token=${i}`), 200);
  assert.equal(await rush((i) => `token=${i}`), 0);
});

test("answers are asked for again when their time is over; one that refuses holds its own time", async (t) => {
  const lectern = await liveServer();
  const backEnd = await requestedBackEnd(t);
  await setRule(lectern, { url: backEnd.url, sends: ["query"], cacheSeconds: 1, refusedCacheSeconds: 0 });
  const socket = await connectionTo(lectern, { worker: "media-1" });
  t.after(() => socket.destroy());
  const once = async (token: string) => (await get(socket, `/live/${STREAM}.rungs.json?token=${token}`, {})).status;
  for (let i = 0; i < 3; i++) assert.equal(await once("bad"), 403);
  assert.equal(backEnd.of("bad").length, 3);
  for (let i = 0; i < 3; i++) assert.equal(await once("good-again"), 200);
  assert.equal(backEnd.of("good-again").length, 1);
  await until(async () => (await once("good-again")) === 200 && backEnd.of("good-again").length === 2, "another question", 5000);
  const [first, second] = backEnd.of("good-again").map(({ at }) => at);
  assert.ok((second ?? 0) - (first ?? 0) >= 1000, "not before its time is over");
});

test("a back end that is slow, dead, broken or redirects: what each means, both ways of onFailure", {
  timeout: 60_000,
}, async (t) => {
  const lectern = await liveServer();
  const slow = await requestedBackEnd(t, () => {});
  const broken = await requestedBackEnd(t, status(500));
  const dead = { url: `http://127.0.0.1:${await freePort()}/` };
  for (const { url } of [slow, broken, dead])
    for (const [onFailure, expected] of [
      ["refuse", "callback-failed"],
      ["allow", "in"],
    ] as const) {
      await setRule(lectern, { url, onFailure, timeoutMs: 300 });
      const began = performance.now();
      assert.deepEqual(
        await codes(lectern, t, "good"),
        PROTOCOLS.map(() => expected),
        `${url} ${onFailure}`,
      );
      assert.ok(performance.now() - began < 3000, `${performance.now() - began} ms`);
    }
  const goal = await requestedBackEnd(t, status(200));
  const redirecting = await requestedBackEnd(t, (_question, response) => response.writeHead(302, { location: goal.url }).end());
  await setRule(lectern, { url: redirecting.url, onFailure: "allow" });
  assert.deepEqual(
    await codes(lectern, t, "good"),
    PROTOCOLS.map(() => "refused-by-callback"),
  );
  assert.deepEqual([redirecting.questions.length > 0, goal.questions.length], [true, 0]);
  for (const [code, expected] of [
    [204, "in"],
    [401, "refused-by-callback"],
    [404, "refused-by-callback"],
    [410, "refused-by-callback"],
    [503, "callback-failed"],
  ] as const) {
    goal.answer = status(code);
    await setRule(lectern, { url: `${goal.url}/${code}` });
    assert.equal(await ask(t, lectern, "flv", "good"), expected, String(code));
  }
});

test("an endless answer is cut off: its head counts", async (t) => {
  const lectern = await liveServer();
  let cut = 0;
  const backEnd = await requestedBackEnd(t, (_question, response) => {
    response.on("error", () => {});
    response.on("close", () => cut++);
    const write = (): void => {
      if (!response.destroyed) response.write("x".repeat(65_536), () => setImmediate(write));
    };
    write();
  });
  await setRule(lectern, { url: backEnd.url, sends: [] });
  assert.deepEqual(
    await codes(lectern, t, "good"),
    PROTOCOLS.map(() => "in"),
  );
  await until(() => cut === backEnd.questions.length && cut > 0, "the end of the answers", 5000);
});

test("a dead back end of one stream does not hold up the viewers of another", { timeout: 60_000 }, async (t) => {
  const lectern = await liveServer();
  const slow = await requestedBackEnd(t, () => {});
  const quick = await requestedBackEnd(t);
  await setRule(lectern, { url: slow.url, timeoutMs: 5000 }, { name: "held" });
  await setRule(lectern, { url: quick.url });
  const sockets = await Promise.all(Array.from({ length: 300 }, () => connectionTo(lectern, { worker: "media-1" })));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const [i, socket] of sockets.entries()) get(socket, `/live/held.flv?token=${i}`, {}).catch(() => {});
  await until(() => slow.questions.length >= 40, "questions that hang");
  const began = performance.now();
  assert.equal(await ask(t, lectern, "flv", "good-other", "media-1"), "in");
  assert.ok(performance.now() - began < 1500, `${performance.now() - began} ms`);
  assert.ok(slow.questions.length < 100, `${slow.questions.length} at once`);
});

test("schools' rules do not reach private networks, by address or by name; those of the installation do", {
  timeout: 60_000,
}, async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  publish(t, clip("numbered", 300), `${lectern.rtmp}/live/${STREAM}`);
  await lectern.stream(STREAM, (stream) => stream.video?.gopSeconds != null);
  const backEnd = await requestedBackEnd(t, status(200));
  for (const url of [
    backEnd.url,
    backEnd.url.replace("127.0.0.1", "localhost"),
    backEnd.url.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
  ]) {
    await setRule(lectern, { url });
    assert.equal(await ask(t, lectern, "flv", "good"), "callback-failed", url);
  }
  assert.equal(backEnd.questions.length, 0);
  await setRule(lectern, null);
  await setRule(lectern, { url: backEnd.url }, { target: { level: "installation", id: "" } });
  assert.equal(await ask(t, lectern, "flv", "good"), "in");
  assert.ok(backEnd.questions.length > 0);
});

test("what a rule in dry-run would refuse is let in at once, and listed", async (t) => {
  const lectern = await liveServer();
  const backEnd = await requestedBackEnd(t, (_question, response) => void setTimeout(() => status(403)(_question, response), 1000));
  await setRule(lectern, { url: backEnd.url, mode: "dry-run" });
  const began = performance.now();
  const watching = await watch(t, lectern, "flv", STREAM, { ip: "127.0.0.9", query: "token=x" });
  watching.leave();
  assert.equal(watching.answer, "in");
  assert.ok(performance.now() - began < 900, "nobody waits for its answer");
  await until(async () => {
    const response = await lectern.api("/api/v1/policies/refused-requests?rule=back-end");
    const { items } = (await response.json()) as { items: { dryRun: boolean; ip: string; about: string; code: string }[] };
    return items.some(
      (one) => one.dryRun && one.ip === "127.0.0.9" && one.about === "status 403" && one.code === "refused-by-callback",
    );
  }, "the request in the list");
});

test("while the control process is dead, back ends are asked as before", async (t) => {
  const lectern = await liveServer();
  const backEnd: RequestedBackEnd = await requestedBackEnd(t, goodTokens);
  await setRule(lectern, { url: backEnd.url });
  const control = pidOf(lectern, "control");
  process.kill(control, "SIGKILL");
  assert.deepEqual(
    await codes(lectern, t, "good-2"),
    PROTOCOLS.map(() => "in"),
  );
  assert.deepEqual(
    await codes(lectern, t, "bad-2"),
    PROTOCOLS.map(() => "refused-by-callback"),
  );
  await until(async () => (await lectern.api("/api/v1/policies").catch(() => null))?.ok ?? false, "the control process", 20_000);
});
