/**
 * Policies at every door: requests of real clients with the expected decision and its rule, changes in force, and what is open then, also while the
 * control process dies. The same on an edge of a cluster: access-cluster.test.ts.
 */
import assert from "node:assert/strict";
import { get } from "node:http";
import { type TestContext, test } from "node:test";
import WebSocket from "ws";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { ACCESS_SETTINGS, LINK_SECRET as SECRET, WORKERS } from "./access-server.ts";
import { assertWithdrawn, DENIED, OTHER, openEverything } from "./access-table/withdrawn.ts";
import { clip } from "./clips.ts";
import { ffmpeg, publishFast, publishForever } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Lectern, TOKEN, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { RtmpClient } from "./rtmp-client.ts";
import { pidOf } from "./worker-connections.ts";

const STREAM = "doors";

/** What a request says of its client. */
type Facts = {
  readonly ip: string;
  readonly referer?: string;
  readonly agent?: string;
  readonly query?: string;
};

const HTTP_DOORS = {
  flv: `/live/${STREAM}.flv`,
  hls: `/live/${STREAM}.m3u8`,
  rungs: `/live/${STREAM}.rungs.json`,
  still: `/live/${STREAM}.jpg`,
  shifted: `/live/${STREAM}.m3u8?time_delay=5`,
} as const;
type Door = keyof typeof HTTP_DOORS | "ws" | "rtmp";
const DOORS: readonly Door[] = ["flv", "hls", "rungs", "still", "shifted", "ws", "rtmp"];

/** What the server answers: `in`, or the code of the refusal. */
async function ask(lectern: Lectern, door: Door, facts: Facts): Promise<string> {
  if (door === "rtmp") return await askRtmp(lectern, facts);
  const headers = {
    "x-forwarded-for": facts.ip,
    ...(facts.referer === undefined ? {} : { referer: facts.referer }),
    "user-agent": facts.agent ?? "",
  };
  const query = facts.query ?? "";
  if (door === "ws") return await askWebSocket(`${lectern.http.replace("http", "ws")}/live/${STREAM}.flv?${query}`, headers);
  const path = HTTP_DOORS[door];
  const url = `${lectern.http}${path}${path.includes("?") ? "&" : "?"}${query}`;
  const response = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (answer) => {
      const status = answer.statusCode ?? 0;
      if (status === 200) {
        answer.destroy();
        return resolve({ status, body: "" });
      }
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => (body += text));
      answer.on("end", () => resolve({ status, body }));
    });
    request.on("error", reject);
  });
  return response.status === 200 ? "in" : JSON.parse(response.body).code;
}

async function askWebSocket(url: string, headers: Record<string, string>): Promise<string> {
  const socket = new WebSocket(url, { headers });
  return await new Promise((resolve) => {
    socket.on("open", () => {
      socket.terminate();
      resolve("in");
    });
    socket.on("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (text: Buffer) => (body += text));
      response.on("end", () => resolve(JSON.parse(body).code));
    });
    socket.on("error", () => {});
  });
}

async function askRtmp({ rtmpPort }: Lectern, { ip, referer, agent, query }: Facts): Promise<string> {
  const client = await RtmpClient.open(rtmpPort, "live", "127.0.0.1", {
    localAddress: ip,
    agent: agent ?? "",
    ...(referer === undefined ? {} : { pageUrl: referer }),
  });
  client.command("createStream", 2, null);
  client.command("play", 3, null, query ? `${STREAM}?${query}` : STREAM);
  const { code, description } = await client.status("NetStream.Play.Reset");
  client.break();
  return code === "NetStream.Play.Start" ? "in" : (description.split(":")[0] ?? "");
}

function send(lectern: Lectern, method: string, path: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  return fetch(`${lectern.http}${path}`, { method, headers, body: JSON.stringify(body) });
}

const rule = (kind: string, fields: object) => ({ kind, for: "play", ...fields });
let policyId: string | null = null;

/** Sets the stream's rules. */
async function setRules(lectern: Lectern, rules: readonly object[]): Promise<void> {
  const target = { level: "stream", id: `live/${STREAM}` };
  const response = await (policyId === null
    ? send(lectern, "POST", "/api/v1/policies", { target, rules })
    : send(lectern, "PATCH", `/api/v1/policies/${policyId}`, { rules }));
  const answer = (await response.json()) as { id: string };
  assert.ok(response.ok, JSON.stringify(answer));
  policyId = answer.id;
}

/** Sets other rules than before, and waits until both workers refuse a request; gives the milliseconds from the change to the refusals. */
async function enforce(lectern: Lectern, rules: readonly object[], refused: Facts): Promise<number> {
  const everywhere = async (isIn: boolean) => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(lectern, "rungs", refused)));
    return answers.every((answer) => (answer === "in") === isIn);
  };
  await setRules(lectern, []);
  await until(() => everywhere(true), "the stream without rules", 5000);
  const began = performance.now();
  await setRules(lectern, rules);
  await until(() => everywhere(false), "the refusal", 5000);
  return performance.now() - began;
}

type Stage = { readonly lectern: Lectern /** The id of a recording of the stream. */; readonly recording: string };
let opened: Promise<Stage> | null = null;
/** The server, with the stream that all tests watch. */
function stage(): Promise<Stage> {
  opened ??= (async () => {
    const lectern = await sharedLectern(ACCESS_SETTINGS);
    const url = `${lectern.rtmp}/live/${STREAM}`;
    await publishFast(wholeFile, clip("b-frames"), url, 10).done;
    const recording: string = await until(async () => {
      const { items } = await done(lectern, "GET", "/recordings");
      return items.find(({ name, whole }: Body) => name === STREAM && whole)?.id ?? null;
    }, "the recording");
    publishForever(wholeFile, clip("b-frames"), url);
    await lectern.stream(STREAM, (stream) => stream.video?.gopSeconds != null);
    await until(async () => (await ask(lectern, "shifted", { ip: "127.0.0.1" })) === "in", "a past of five seconds");
    return { lectern, recording };
  })();
  return opened;
}

const liveServer = async (): Promise<Lectern> => (await stage()).lectern;

const HERE = "127.0.0.1";
const SOON = Math.floor(Date.now() / 1000) + 3600;
const link = (over: { expires?: number; ip?: string; name?: string } = {}, secret = SECRET) =>
  signLink({ app: "live", name: STREAM, expires: SOON, ...over }, secret).toString();
const REFERERS = rule("referers", { allow: ["school.com", "*.school.com"], deny: ["bad.school.com"], empty: "refuse" });
const altered = link().replace(/sign=(.)/, (_, first: string) => `sign=${first === "0" ? "1" : "0"}`);

/** Rules, a request that they refuse (to see that they are in force), and requests with the expected answer. */
const TABLE: readonly { rules: readonly object[]; refused: Facts; requests: readonly (readonly [Facts, string])[] }[] = [
  {
    rules: [rule("addresses", { deny: ["127.0.0.2", "127.0.1.0/24"] })],
    refused: { ip: "127.0.0.2" },
    requests: [
      [{ ip: "127.0.0.2" }, "refused-by-rule"],
      [{ ip: "127.0.1.77" }, "refused-by-rule"],
      [{ ip: "127.0.0.3" }, "in"],
    ],
  },
  {
    rules: [rule("addresses", { allow: ["127.0.0.0/30"] }), rule("addresses", { deny: ["127.0.0.2"] })],
    refused: { ip: "127.0.0.9" },
    requests: [
      [{ ip: "127.0.0.3" }, "in"],
      [{ ip: "127.0.0.2" }, "refused-by-rule"],
      [{ ip: "127.0.0.9" }, "refused-by-rule"],
    ],
  },
  {
    rules: [REFERERS],
    refused: { ip: HERE, referer: "https://evilschool.com/" },
    requests: [
      [{ ip: HERE, referer: "https://school.com/lesson" }, "in"],
      [{ ip: HERE, referer: "https://WWW.School.COM:8443/" }, "in"],
      [{ ip: HERE, referer: "https://evilschool.com/" }, "refused-by-rule"],
      [{ ip: HERE, referer: "https://school.com.evil.net/" }, "refused-by-rule"],
      [{ ip: HERE, referer: "https://bad.school.com/" }, "refused-by-rule"],
      [{ ip: HERE, referer: "https://school.com@evil.net/" }, "refused-by-rule"],
      [{ ip: HERE }, "refused-by-rule"],
    ],
  },
  {
    rules: [rule("user-agents", { deny: ["evilplayer"], empty: "refuse" })],
    refused: { ip: HERE, agent: "EvilPlayer/1" },
    requests: [
      [{ ip: HERE, agent: "VLC/3.0.20" }, "in"],
      [{ ip: HERE, agent: "an EVILPLAYER again" }, "refused-by-rule"],
    ],
  },
  {
    rules: [rule("links", { boundAddress: true, keys: [] })],
    refused: { ip: "127.0.0.5" },
    requests: [
      [{ ip: "127.0.0.5" }, "not-signed-in"],
      [{ ip: "127.0.0.5", query: link({ ip: "127.0.0.5" }) }, "in"],
      [{ ip: "127.0.0.6", query: link({ ip: "127.0.0.5" }) }, "refused-by-rule"],
      [{ ip: "127.0.0.5", query: link() }, "refused-by-rule"],
      [{ ip: "127.0.0.5", query: altered }, "bad-signature"],
      [{ ip: "127.0.0.5", query: link({ name: "physics" }) }, "bad-signature"],
      [{ ip: "127.0.0.5", query: link({ expires: SOON - 7200 }) }, "link-expired"],
      [{ ip: "127.0.0.5", query: link({}, "another secret") }, "bad-signature"],
    ],
  },
  {
    rules: [
      rule("times", { timeZone: "UTC", windows: [{ days: [((new Date().getUTCDay() + 2) % 7) + 1], from: "00:00", to: "00:01" }] }),
    ],
    refused: { ip: HERE },
    requests: [[{ ip: HERE }, "refused-by-rule"]],
  },
  {
    rules: [rule("regions", { deny: ["中国"], unknown: "refuse" })],
    refused: { ip: HERE },
    requests: [[{ ip: HERE }, "refused-by-rule"]],
  },
];

test("each request of the table gets its answer at every door, within two seconds of the change, and the metrics name the rule", async () => {
  const lectern = await liveServer();
  const wrong: string[] = [];
  let asked = 0;
  for (const { rules, refused, requests } of TABLE) {
    const inForceMs = await enforce(lectern, rules, refused);
    assert.ok(inForceMs < 2000, `in force after ${inForceMs} ms`);
    for (const door of DOORS)
      for (const [facts, expected] of requests) {
        asked++;
        const answer = await ask(lectern, door, facts);
        if (answer !== expected) wrong.push(`${door} ${JSON.stringify(facts)}: ${answer} instead of ${expected}`);
      }
  }
  assert.deepEqual(wrong, []);
  assert.ok(asked > 150);
  assert.ok((await lectern.metric('lectern_refused_by_rule_total{rule="referers"}')) > 0);
});

/** Two addresses that watch by every protocol; a rule then refuses one of them. @param atOnce is done when the rule has been set */
async function withdraw(t: TestContext, atOnce: (lectern: Lectern) => void = () => {}): Promise<void> {
  const { lectern, recording } = await stage();
  await setRules(lectern, [rule("addresses", { deny: ["192.0.2.1"] })]);
  const [denied, other] = [
    await openEverything(t, lectern, STREAM, recording, DENIED),
    await openEverything(t, lectern, STREAM, recording, OTHER),
  ];
  await setRules(lectern, [rule("addresses", { deny: [DENIED] })]);
  atOnce(lectern);
  await assertWithdrawn(t, denied, other);
}

test("what is open ends within five seconds of a rule that refuses it, in every protocol, and goes on for others", (t) =>
  withdraw(t));

long("so it does where the control process is killed in the moment in which it has answered", async (t) => {
  await withdraw(t, (lectern) => process.kill(pidOf(lectern, "control"), "SIGKILL"));
  const { lectern } = await stage();
  await until(() => done(lectern, "GET", "/policies").catch(() => null), "the control process");
});

long("ffmpeg with headers is let in and refused as the rule says", async (t) => {
  const lectern = await liveServer();
  await enforce(lectern, [REFERERS], { ip: HERE });
  const watch = (referer: string, url: string) =>
    ffmpeg(t, ["-headers", `Referer: ${referer}\r\n`, "-i", url, "-t", "0.2", "-f", "null", "-"]).done;
  for (const url of [`${lectern.http}/live/${STREAM}.flv`, `${lectern.http}/live/${STREAM}.m3u8`]) {
    assert.equal((await watch("https://www.school.com/", url)).code, 0, url);
    const refused = await watch("https://evilschool.com/", url);
    assert.notEqual(refused.code, 0, url);
    assert.match(refused.said, /403/);
  }
});

test("the stream's page can be framed by the pages that its rule allows alone, and a page that is refused does not lead to it", async () => {
  const lectern = await liveServer();
  await enforce(lectern, [REFERERS], { ip: HERE });
  const page = (headers: Record<string, string> = {}) => fetch(`${lectern.http}/embed/${STREAM}`, { headers });
  const framesOf = (response: Response) =>
    /frame-ancestors ([^;]*)/.exec(response.headers.get("content-security-policy") ?? "")?.[1];
  await until(async () => (await page({ referer: "https://evilschool.com/" })).status === 403, "the refusal");
  const answer = await page({ referer: "https://school.com/" });
  assert.equal(answer.status, 200);
  assert.equal(framesOf(answer), "'self' http://school.com:* https://school.com:* http://*.school.com:* https://*.school.com:*");
  assert.equal(framesOf(await fetch(`${lectern.http}/embed/another`)), "*");
});

type Explained = {
  readonly allowed: boolean;
  readonly code: string | null;
  readonly rule: string | null;
  readonly decisions: readonly {
    readonly rule: string;
    readonly mode: string;
    readonly decision: string;
    readonly source: object | null;
  }[];
};
type Listed = { readonly dryRun: boolean; readonly ip: string; readonly about: string | null };
type Counted = { readonly rule: string | null; readonly source: string | null; readonly count: number };

test("explanations say what the doors decide, by which rule and where it comes from; refusals are counted and listed", async () => {
  const lectern = await liveServer();
  const dryRun = rule("user-agents", { deny: ["old"], empty: "allow", mode: "dry-run" });
  await enforce(lectern, [rule("addresses", { deny: ["127.0.0.2"] }), dryRun], { ip: "127.0.0.2" });
  const post = async (body: object): Promise<Explained> => {
    const response = await send(lectern, "POST", "/api/v1/policies/explain", body);
    return (await response.json()) as Explained;
  };
  const url = `${lectern.http}/live/${STREAM}.flv`;
  const refused = await post({ url, ip: "127.0.0.2" });
  assert.deepEqual([refused.allowed, refused.code, refused.rule], [false, "refused-by-rule", "addresses"]);
  const decided = refused.decisions.find((one) => one.rule === "addresses");
  assert.deepEqual(decided?.source, { level: "stream", id: `live/${STREAM}` });
  const allowed = await post({ url, ip: "127.0.0.3", userAgent: "an old one" });
  assert.equal(allowed.allowed, true);
  const dry = allowed.decisions.find((one) => one.rule === "user-agents");
  assert.deepEqual([dry?.mode, dry?.decision], ["dry-run", "refused-by-rule"]);
  assert.equal((await post({ url: "http://elsewhere/x", ip: HERE })).code, "bad-request");
  assert.equal(await ask(lectern, "flv", { ip: "127.0.0.3", agent: "an old one" }), "in");
  await until(async () => {
    const { items } = (await (await lectern.api("/api/v1/policies/refused-requests?rule=user-agents")).json()) as {
      items: Listed[];
    };
    return items.some((one) => one.dryRun && one.ip === "127.0.0.3" && one.about === "an old one");
  }, "the request in the list");
  const counts = await lectern.api("/api/v1/policies/refusals");
  const { by, items } = (await counts.json()) as { by: string; items: Counted[] };
  assert.equal(by, "hour");
  const counted = items.find((one) => one.rule === "addresses" && one.source === `stream live/${STREAM}`);
  assert.ok((counted?.count ?? 0) > 0);
});

long("the last known policies hold while the control process is down, and after the workers were started again", async () => {
  const lectern = await liveServer();
  await enforce(lectern, [rule("addresses", { deny: ["127.0.0.2"] })], { ip: "127.0.0.2" });
  const control = pidOf(lectern, "control");
  const workers = WORKERS.map((worker) => pidOf(lectern, worker));
  // It comes back by itself; what is asked meanwhile is decided without it.
  process.kill(control, "SIGSTOP");
  try {
    assert.equal(await ask(lectern, "flv", { ip: "127.0.0.2" }), "refused-by-rule");
    assert.equal(await ask(lectern, "flv", { ip: "127.0.0.3" }), "in");
    for (const pid of workers) process.kill(pid, "SIGKILL");
    const answer = () => ask(lectern, "rungs", { ip: "127.0.0.2" }).catch(() => "");
    await until(async () => (await answer()) !== "", "a worker");
    assert.equal(await answer(), "refused-by-rule");
  } finally {
    process.kill(control, "SIGCONT");
  }
});
