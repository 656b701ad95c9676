/**
 * Policies in a cluster: an edge obeys changes made at the control node within two seconds, ends what is open, and has the last known ones when it
 * starts while the control node is gone. All tests share one cluster, which the second one leaves without its control node. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { test } from "node:test";
import { assertWithdrawn, DENIED, OTHER, openEverything } from "./access-table/withdrawn.ts";
import { clip } from "./clips.ts";
import { joined, type Node, publishTo, startNats, startNode } from "./cluster.ts";
import { publish } from "./ffmpeg.ts";
import { wholeFile } from "./fixtures.ts";
import { TOKEN, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { pidOf } from "./worker-connections.ts";

/** Requests of this process say whose they are. */
const SET = {
  trustedProxies: '["127.0.0.1"]',
  "limits.perAddress.requestsPerSecond": "100000",
  "limits.perAddress.connections": "1000",
};

async function startCluster() {
  const nats = await startNats(wholeFile);
  const [control, origin, edge] = await Promise.all([
    startNode(wholeFile, nats, "c1", '"control"', SET),
    startNode(wholeFile, nats, "o1", '"origin"', { ...SET, "recording.auto": "pushed", "publish.graceSeconds": "0" }),
    startNode(wholeFile, nats, "e1", '"edge"', SET),
  ]);
  await joined([control, origin, edge]);
  return { nats, control, origin, edge };
}

let started: ReturnType<typeof startCluster> | null = null;
const cluster = () => (started ??= startCluster());

async function call(node: Node, method: string, path: string, body: object | string): Promise<{ id: string }> {
  const isText = typeof body === "string";
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": isText ? "text/plain" : "application/json" };
  const answer = await fetch(`${node.http}/api/v1${path}`, { method, headers, body: isText ? body : JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text || "{}");
}

/** The answer to a viewer from an address: 200, or the code of the refusal. */
async function watch(node: Node, ip: string, name = "math"): Promise<string> {
  const abort = new AbortController();
  const answer = await fetch(`${node.http}/live/${name}.flv`, { headers: { "x-forwarded-for": ip }, signal: abort.signal });
  const code = answer.status === 200 ? "in" : ((await answer.json()) as { code: string }).code;
  abort.abort();
  return code;
}

/** A viewer who stays; gives when the connection ends. */
async function stay(node: Node, ip: string): Promise<{ readonly ended: Promise<unknown> }> {
  const asked = get(`${node.http}/live/math.flv`, { headers: { "x-forwarded-for": ip }, agent: false });
  const [answer] = await once(asked, "response");
  assert.equal(answer.statusCode, 200);
  return { ended: once(answer.resume(), "close") };
}

test("an edge obeys policies and lists of the control node", async (t) => {
  const { control, origin, edge } = await cluster();
  publishTo(t, clip("numbered", 300), "math", () => [origin]);
  await until(async () => (await watch(edge, "192.0.2.1").catch(() => "")) === "in", "the stream at the edge");

  const { ended } = await stay(edge, "192.0.2.1");
  const other = await stay(edge, "192.0.2.9");
  let hasOtherEnded = false;
  void other.ended.then(() => (hasOtherEnded = true));
  const rule = { kind: "addresses", for: "play", deny: ["192.0.2.1"] };
  const began = performance.now();
  const { id } = await call(control, "POST", "/policies", { target: { level: "installation", id: "" }, rules: [rule] });
  await until(async () => (await watch(edge, "192.0.2.1")) === "refused-by-rule", "the refusal at the edge", 5000);
  assert.ok(performance.now() - began < 2000, `in force after ${performance.now() - began} ms`);
  await ended;
  assert.ok(performance.now() - began < 5000);
  assert.equal(hasOtherEnded, false);
  assert.equal(await watch(edge, "192.0.2.2"), "in");

  const list = await call(control, "POST", "/address-lists", { name: "Blocked", source: "entries" });
  await call(control, "PUT", `/address-lists/${list.id}/entries`, "198.51.100.0/24\n2001:db8::/32\n");
  await call(control, "PATCH", `/policies/${id}`, { rules: [rule, { ...rule, deny: [`list:${list.id}`] }] });
  await until(async () => (await watch(edge, "198.51.100.7")) === "refused-by-rule", "the list at the edge", 5000);
  assert.equal(await watch(edge, "2001:db8::1"), "refused-by-rule");
  await call(control, "PUT", `/address-lists/${list.id}/entries`, "203.0.113.0/24\n");
  await until(async () => (await watch(edge, "203.0.113.7")) === "refused-by-rule", "the new version at the edge", 5000);
  assert.equal(await watch(edge, "198.51.100.7"), "in");
});

/** The end of a minute, after which a window of time is closed: at least so many seconds from now. */
function closingTime(leastSeconds: number): Date {
  return new Date(Math.ceil((Date.now() + leastSeconds * 1000) / 60_000) * 60_000);
}

test("at an edge, a withdrawn permission ends every protocol within five seconds, also where the control process, or all of its node, is killed", async (t) => {
  const { control, origin, edge } = await cluster();
  await publish(t, clip("numbered", 300), `${origin.rtmp}/live/class`, ["-t", "4"]).done;
  const recording: string = await until(async () => {
    const { items } = await done(control, "GET", "/recordings");
    return items.find((one: Body) => one.name === "class" && one.whole)?.id ?? null;
  }, "the recording");
  publishTo(t, clip("numbered", 300), "class", () => [origin]);
  await until(async () => (await watch(edge, DENIED, "class").catch(() => "")) === "in", "the stream at the edge");
  const target = { level: "stream", id: "live/class" };
  const deny = { kind: "addresses", for: "play", deny: [DENIED] };
  const policy = await call(control, "POST", "/policies", { target, rules: [{ ...deny, deny: ["192.0.2.1"] }] });
  const open = async () =>
    [await openEverything(t, edge, "class", recording, DENIED), await openEverything(t, edge, "class", recording, OTHER)] as const;

  const first = await open();
  await call(control, "PATCH", `/policies/${policy.id}`, { rules: [deny] });
  process.kill(pidOf(control, "control"), "SIGKILL");
  await assertWithdrawn(t, ...first);

  // The windows close by themselves, while nobody can be asked.
  const close = closingTime(20);
  const time = (date: Date) => date.toISOString().slice(11, 16);
  const everyDay = [1, 2, 3, 4, 5, 6, 7];
  const times = {
    kind: "times",
    for: "play",
    timeZone: "UTC",
    windows: [{ days: everyDay, from: time(new Date(close.getTime() - 3_600_000)), to: time(close) }],
  };
  await until(
    () =>
      call(control, "PATCH", `/policies/${policy.id}`, { rules: [times] }).then(
        () => true,
        () => false,
      ),
    "the control process",
  );
  await until(async () => (await watch(edge, DENIED, "class").catch(() => "")) === "in", "the new rule at the edge");
  const [denied, other] = await open();
  await control.kill();
  await until(() => Date.now() >= close.getTime(), "the end of the window");
  await assertWithdrawn(t, denied, { ...other, ended: [], statuses: async () => ({ all: 200 }) });
  await until(async () => other.ended.length === other.connections, "the end for the other", 5000);
});

test("an edge that starts while the control node is gone has the last known policies and lists", async (t) => {
  const { nats, edge } = await cluster();
  const refused = async (node: Node, ip: string) => await watch(node, ip).catch((error: unknown) => String(error));
  assert.equal(await refused(edge, "192.0.2.1"), "refused-by-rule");
  await edge.stop();
  const again = await startNode(t, nats, "e1", '"edge"', { ...SET, dataDir: edge.directory });
  await until(async () => (await refused(again, "192.0.2.1")) === "refused-by-rule", "the policy after the start", 10_000);
  assert.equal(await refused(again, "203.0.113.7"), "refused-by-rule");
  // Its publisher has left.
  assert.equal(await refused(again, "192.0.2.2"), "no-such-stream");
});
