/**
 * A node that cannot join its cluster says so, and is not ready: its bus cannot be reached at the start, or it has another secret. All tests share the first
 * node.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startNats, startNode } from "./cluster.ts";
import { wholeFile } from "./fixtures.ts";
import { type Lectern, TOKEN, until } from "./lectern.ts";

const readiness = async ({ http }: Lectern): Promise<{ status: number; code?: string; detail?: string }> => {
  const answer = await fetch(`${http}/readyz`);
  return { ...((await answer.json()) as object), status: answer.status };
};

/** A node that was started while its bus could not be reached, and what it said of itself then. */
async function startEarly() {
  const nats = await startNats(wholeFile);
  await nats.kill();
  const node = await startNode(wholeFile, nats, "c", "origin,control");
  const [refused, alive] = [await readiness(node), (await fetch(`${node.http}/healthz`)).status];
  await nats.restart();
  await until(async () => (await readiness(node)).status === 200, "the node to be ready");
  return { nats, node, refused, alive };
}

let started: ReturnType<typeof startEarly> | null = null;
const early = () => (started ??= startEarly());

test("a node whose bus cannot be reached at its start is not ready until it can", async () => {
  const { refused, alive } = await early();
  assert.deepEqual([refused.status, refused.code, alive], [503, "not-joined", 200]);
  assert.match(refused.detail ?? "", /cluster\.nats/);
});

test("a node with a wrong secret is not ready, and its log, the others' and the others' components say why", async (t) => {
  const { nats, node: control } = await early();
  const stranger = await startNode(t, nats, "s", "edge", { "cluster.secret": "another secret, not theirs" });
  const refused = await until(async () => {
    const now = await readiness(stranger);
    return now.detail?.includes("cluster.secret") ? now : null;
  }, "the reason");
  assert.deepEqual([refused.status, refused.code], [503, "not-joined"]);
  await until(() => /"level":50.*cluster secret is not that of the other nodes/.test(stranger.said()), "the line in its log");
  await until(() => /"node":"s".*node has another cluster secret/.test(control.said()), "the line in the other's log");
  assert.equal((await readiness(control)).status, 200);
  const component = await until(async () => {
    const answer = await fetch(`${control.http}/api/v1/nodes/c/components`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const { items } = (await answer.json()) as { items: { name: string; state: string; detail: string }[] };
    return items.find(({ name, state }) => name === "cluster secret" && state !== "up") ?? null;
  }, "the component");
  assert.deepEqual([component.state, component.detail], ["degraded", "Nodes with another cluster.secret: s."]);
});

test("a control node with another database than the one that is there ends, and says why", async (t) => {
  const { nats, node: first } = await early();
  const second = await startNode(t, nats, "b", "origin,control");
  assert.equal(await second.exited, 1);
  assert.match(second.said(), /"level":60.*"node":"c".*control node uses another database than the others/);
  assert.equal((await readiness(first)).status, 200);
});
