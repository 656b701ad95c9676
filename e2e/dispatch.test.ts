/**
 * Dispatch on running nodes: clients go to a node of their carrier, and elsewhere when it is full, draining or dead. All tests share one cluster; the last
 * two kill its edges. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { xdbFile } from "../packages/server/src/platform/geoip/test-tables.ts";
import { openOwnPage, openPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { joined, type Node, publishTo, startNats, startNode } from "./cluster.ts";
import { wholeFile } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { RtmpClient } from "./rtmp-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-dispatch-"));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Addresses of loopback that stand for three carriers, and one that nobody knows. */
const [TELECOM, UNICOM, UNKNOWN_CARRIER, MOBILE] = ["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"];
const NETWORKS = JSON.stringify([
  { cidr: [TELECOM], region: "north", carrier: "telecom" },
  { cidr: [UNICOM], region: "north", carrier: "unicom" },
  { cidr: [MOBILE], region: "north", carrier: "mobile" },
]);
/** A file of networks, which one test replaces. */
const TABLE = join(directory, "v4.xdb");
const writeTable = (path: string, text: string) => writeFileSync(path, xdbFile([["1.2.3.0", "1.2.3.255", text]]));
const GEOIP = {
  "geoip.files": JSON.stringify([TABLE]),
  "geoip.networks": JSON.stringify([{ cidr: ["10.20.0.0/16"], country: "中国", province: "上海", carrier: "education" }]),
};
const SET = { "dispatch.networks": NETWORKS, "cluster.node.region": "north" };

/** A dead node is missed after three seconds, later where this process waits for a core; where others use the machine, only a hang takes so long. */
const LEFT_OUT_MS = runsRare ? 15_000 : 60_000;

type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** Asks as somebody at another address would. */
function askFrom(localAddress: string, url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, { localAddress, headers, agent: false }, (answer) => {
      let body = "";
      answer.on("data", (piece) => (body += piece));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    }).on("error", reject);
  });
}

async function startScene() {
  writeTable(TABLE, "中国|广东省|深圳市|电信|CN");
  const nats = await startNats(wholeFile);
  const nodes = await Promise.all([
    startNode(wholeFile, nats, "a", "origin,control", { ...SET, ...GEOIP }),
    startNode(wholeFile, nats, "tele", "edge", {
      ...SET,
      "cluster.node.carriers": "[telecom]",
      "dispatch.redirects": '["FLASH"]',
    }),
    startNode(wholeFile, nats, "uni", "edge", { ...SET, "cluster.node.carriers": "[unicom]" }),
  ]);
  await joined(nodes);
  const [a, tele, uni] = nodes as [Node, Node, Node];
  publishTo(wholeFile, clip("b-frames"), "x", () => [a]);
  await a.stream("x", ({ video }) => video !== null);
  const sentTo = async (from: string, headers = {}) =>
    (await askFrom(from, `${a.http}/dispatch/live/x.flv?sign=1`, headers)).headers["location"]?.toString();
  await until(async () => (await sentTo(UNICOM)) !== undefined, "dispatch to know the stream");
  return { nats, a, tele, uni, sentTo };
}

let started: ReturnType<typeof startScene> | null = null;
const scene = () => (started ??= startScene());

test("RTMP clients that follow a redirect are sent to their node at connect; others, and those that have followed one, are served where they are", async (t) => {
  const { a, tele, uni } = await scene();
  const connect = async (node: Node, localAddress: string, agent: string, app = "live") => {
    const client = await RtmpClient.open(Number(new URL(node.rtmp).port), app, "127.0.0.1", { agent, localAddress });
    t.after(() => client.socket.destroy());
    const { code, ex } = (await client.connected()) as { code: string; ex?: { code: number; redirect: string } };
    return { code, ex, client };
  };
  const sent = await connect(tele, UNICOM, "FLASH 32");
  assert.deepEqual(
    [sent.code, sent.ex],
    ["NetConnection.Connect.Rejected", { code: 302, redirect: `${uni.rtmp}/live?redirected=1` }],
  );
  for (const [node, from, agent, app] of [
    [tele, TELECOM, "FLASH 32"],
    [tele, UNICOM, "LNX 9"],
    [tele, UNICOM, "FLASH 32", "live?redirected=1"],
    // Which is asked to send nobody away.
    [a, UNICOM, "FLASH 32"],
  ] as const) {
    const { code, client } = await connect(node, from, agent, app);
    assert.equal(code, "NetConnection.Connect.Success", `${from} ${agent}`);
    assert.equal(await client.play("x"), "NetStream.Play.Start");
  }
});

test("the console shows the nodes, says where somebody would go and why, and drains a node", async (t) => {
  const { a, tele, sentTo } = await scene();
  const credentials = { login: "root", password: "correct horse" };
  await done(a, "POST", "/users", { ...credentials, name: "The operator", role: "operator" });
  const { token } = (await ask(a, "POST", "/sessions", credentials, null)).body;
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, a.http);
  await signInBrowser(page.context(), a.http, token);
  await page.goto(`${a.http}/console/nodes`);
  await page.getByRole("meter", { name: "Line: tele" }).waitFor({ state: "attached" });
  assert.equal(await page.getByRole("heading", { name: "north" }).count(), 1);
  await page.getByLabel("Stream").fill("live/x");
  await page.getByLabel("Viewer's IP address (empty: yours)").fill(String(UNICOM));
  await page.getByRole("button", { name: "Test" }).click();
  await page.getByText("Dispatched to uni (north, unicom)").waitFor();
  // Beside it stands a table of links, once a node has fetched from another.
  const ratings = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: "Cost (ms)" }) });
  const rows = await ratings.getByRole("row").allInnerTexts();
  assert.deepEqual(rows.map((row) => row.split("\t").slice(0, 3).join(": ")).sort(), [
    "Node: Result: Cost (ms)",
    "a: Different role: 0",
    "tele: Ranked lower: 60",
    "uni: Chosen: 0",
  ]);
  await page.getByRole("button", { name: "Drain: tele" }).click();
  await page.getByRole("button", { name: "Resume: tele" }).waitFor();
  await until(async () => !(await sentTo(TELECOM))?.startsWith(tele.http), "it to be left out");
  await page.getByRole("button", { name: "Resume: tele" }).click();
  await page.getByRole("button", { name: "Drain: tele" }).waitFor();
  await until(async () => (await sentTo(TELECOM))?.startsWith(tele.http), "it to be named again");
  await page.getByLabel("Stream").fill("live/unknown");
  await page.getByRole("button", { name: "Test" }).click();
  await page.getByRole("alert").waitFor();
});

test("viewers are sent to a node of their own carrier, told why, and sent elsewhere when it is drained", async () => {
  const { a, tele, uni, sentTo } = await scene();
  assert.equal(await sentTo(TELECOM), `${tele.http}/live/x.flv?sign=1`);
  assert.equal(await sentTo(UNICOM), `${uni.http}/live/x.flv?sign=1`);
  assert.match(String(await sentTo(UNKNOWN_CARRIER)), /\/live\/x\.flv/);
  assert.equal(
    await sentTo(TELECOM, { "x-forwarded-for": UNICOM }),
    `${tele.http}/live/x.flv?sign=1`,
    "an address that a client claims is not believed",
  );
  const { status, headers } = await askFrom(TELECOM, `${tele.http}/dispatch/live/x.m3u8`);
  assert.deepEqual(
    [status, headers["location"], headers["cache-control"]],
    [302, `${tele.http}/live/x.m3u8`, "no-store"],
    "at any node",
  );

  const asked = await askFrom(UNICOM, `${a.http}/api/v1/dispatch/play?stream=live/x`);
  const { candidates } = JSON.parse(asked.body);
  assert.deepEqual(
    candidates.map(({ node, url, cost }: { node: string; url: string; cost: number }) => ({ node, url, cost })),
    [
      { node: "uni", url: `${uni.http}/live/x.flv`, cost: 0 },
      { node: "tele", url: `${tele.http}/live/x.flv`, cost: 60 },
    ],
  );
  assert.match(candidates[0].reason, /your carrier, unicom/);
  const ws = JSON.parse((await askFrom(UNICOM, `${a.http}/api/v1/dispatch/play?stream=live/x&protocol=ws`)).body).candidates[0].url;
  assert.equal(ws, `${uni.http.replace("http", "ws")}/live/x.flv`);
  const publish = JSON.parse((await askFrom(UNICOM, `${a.http}/api/v1/dispatch/publish?stream=live/new`)).body).candidates[0];
  assert.deepEqual([publish.node, new URL(publish.url).pathname], ["a", "/live/new"]);

  assert.equal((await askFrom(UNICOM, `${a.http}/api/v1/dispatch/play?stream=live/x&ip=1.2.3.4`)).status, 403);
  const explained = (await (await a.api(`/api/v1/dispatch/play?stream=live/x&ip=${TELECOM}&explain=1`)).json()) as {
    explanation: { isp: string; nodes: { node: string; verdict: string; parts: { carrier: number } }[] };
  };
  assert.equal(explained.explanation.isp, "telecom");
  assert.deepEqual(explained.explanation.nodes.map(({ node, verdict, parts }) => [node, verdict, parts.carrier]).sort(), [
    ["a", "role", 0],
    ["tele", "chosen", 0],
    ["uni", "behind", 60],
  ]);
  for (const path of ["/dispatch/live/unknown.flv", "/dispatch/live/x.exe", "/api/v1/dispatch/play?stream=live/unknown"])
    assert.equal((await askFrom(UNICOM, `${a.http}${path}`)).status, 404, path);
  assert.equal((await askFrom(UNICOM, `${a.http}/api/v1/dispatch/play?stream=..%2Fx`)).status, 400);

  await a.api("/api/v1/nodes/tele/drain", { method: "POST" });
  await until(async () => (await sentTo(TELECOM)) === `${uni.http}/live/x.flv?sign=1`, "the drained node to be left out");
  await a.api("/api/v1/nodes/tele/undrain", { method: "POST" });
  await until(async () => (await sentTo(TELECOM)) === `${tele.http}/live/x.flv?sign=1`, "it to be named again");
});

test("dispatch locates clients by the operator's networks, file and tables, and by a new file when it is replaced", async () => {
  const { a } = await scene();
  const placeOf = async (ip: string): Promise<string> => {
    const answer = await a.api(`/api/v1/dispatch/play?stream=live/x&ip=${ip}&explain=1`);
    if (!answer.ok) return "";
    const { explanation } = (await answer.json()) as { explanation: { region: string; isp: string } };
    return `${explanation.region} ${explanation.isp}`;
  };
  await until(async () => (await placeOf("1.2.3.4")) === "guangdong telecom", "the file");
  assert.equal(await placeOf("10.20.3.4"), "shanghai education");
  assert.equal(await placeOf("123.125.114.144"), "beijing unicom");
  assert.equal(await placeOf("2407:e301::1"), "hongkong ");
  writeFileSync(TABLE, "half a file");
  writeTable(`${TABLE}.new`, "中国|山东省|济南市|移动|CN");
  assert.equal(await placeOf("1.2.3.4"), "guangdong telecom");
  renameSync(`${TABLE}.new`, TABLE);
  await until(async () => (await placeOf("1.2.3.4")) === "shandong mobile", "the new file");
});

test("the player watches elsewhere after its node was killed, and viewers of that carrier are sent elsewhere", async (t) => {
  const { a, tele, uni, sentTo } = await scene();
  const page = await openPage(t, { expected: /ERR_|Failed to load|WebSocket|network|Exception|CORS/i });
  const used = new Set<string>();
  page.on("request", (request) => {
    if (/\/live\/x\.(flv|m3u8)/.test(request.url())) used.add(new URL(request.url()).host);
  });
  await page.goto(`${a.http}/embed/x?muted`);
  await until(async () => (await playerState(page)).state === "live", "a live picture");
  const [host] = used;
  const watched = [tele, uni].find(({ http }) => new URL(http).host === host);
  assert.ok(watched, `it watches at an edge: ${host}`);
  await watched.kill();
  const killed = performance.now();
  const [from, left] = watched === tele ? [TELECOM, uni] : [UNICOM, tele];
  await until(async () => (await sentTo(from)) === `${left.http}/live/x.flv?sign=1`, "the dead node to be left out");
  assert.ok(performance.now() - killed < LEFT_OUT_MS, `left out after ${performance.now() - killed} ms`);
  await until(() => used.size === 2, "a request to the other node");
  await until(async () => (await playerState(page)).state === "live", "the picture, again");
  // `script/drill dispatch` checks the time that is promised.
  t.diagnostic(`live again after ${Math.round(performance.now() - killed)} ms`);
  const { time } = await playerState(page);
  await until(async () => (await playerState(page)).time > time + 1, "moving pictures");
});

test("a full node is not offered: the next best is, and without one the client is told to wait", async (t) => {
  const { nats, a, tele, uni, sentTo } = await scene();
  const left = [tele, uni].find(isRunning) ?? assert.fail("both edges are gone");
  const small = await startNode(t, nats, "small", "edge", {
    ...SET,
    "cluster.node.carriers": "[mobile]",
    "cluster.node.maxConnections": "10",
  });
  await joined([a, left, small]);
  await until(async () => (await sentTo(MOBILE))?.startsWith(small.http), "dispatch to name the new node");
  const firsts = new Map<string, number>();
  for (let i = 0; i < 30; i++) {
    const { host } = new URL(String(await sentTo(MOBILE)));
    firsts.set(host, (firsts.get(host) ?? 0) + 1);
  }
  const [own = 0, next = 0] = [small, left].map(({ http }) => firsts.get(new URL(http).host) ?? 0);
  assert.ok(own <= 9 && next >= 21, JSON.stringify([...firsts]));
  await Promise.all([left.kill(), small.kill()]);
  await until(
    async () => (await askFrom(TELECOM, `${a.http}/dispatch/live/x.flv`)).headers["location"] === "/live/x.flv",
    "the origin, which is left",
  );
  await a.api("/api/v1/nodes/a/drain", { method: "POST" });
  const nobody = await until(async () => {
    const answer = await askFrom(TELECOM, `${a.http}/dispatch/live/x.flv`);
    return answer.status === 503 ? answer : null;
  }, "a fleet without room");
  assert.equal(nobody.headers["retry-after"], "5");
  assert.equal(JSON.parse(nobody.body).code, "full");
});

const isRunning = ({ process: { pid } }: Node): boolean => existsSync(`/proc/${pid}`);
