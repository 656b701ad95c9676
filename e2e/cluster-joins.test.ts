/** A node that cannot join its cluster says so, and is not ready: its bus cannot be reached at the start, or it has another secret. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startNats, startNode } from "./cluster.ts";
import { type Lectern, TOKEN, until } from "./lectern.ts";

const readiness = async ({ http }: Lectern): Promise<{ status: number; code?: string; detail?: string }> => {
  const answer = await fetch(`${http}/readyz`);
  return { ...((await answer.json()) as object), status: answer.status };
};

test("a node with a wrong secret is not ready, and its log, the others' and the others' components say why", async (t) => {
  const nats = await startNats(t);
  const control = await startNode(t, nats, "c", "origin,control");
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

test("a node whose bus cannot be reached at its start is not ready until it can", async (t) => {
  const nats = await startNats(t);
  await nats.kill();
  const node = await startNode(t, nats, "a", "origin,control");
  const refused = await readiness(node);
  assert.deepEqual([refused.status, refused.code], [503, "not-joined"]);
  assert.match(refused.detail ?? "", /cluster\.nats/);
  assert.equal((await fetch(`${node.http}/healthz`)).status, 200);
  await nats.restart();
  await until(async () => (await readiness(node)).status === 200, "the node to be ready");
});

test("a control node with another database than the one that is there ends, and says why", async (t) => {
  const nats = await startNats(t);
  const first = await startNode(t, nats, "a", "origin,control");
  await until(async () => (await readiness(first)).status === 200, "the node to be ready");
  const second = await startNode(t, nats, "b", "origin,control");
  assert.equal(await second.exited, 1);
  assert.match(second.said(), /"level":60.*"node":"a".*control node uses another database than the others/);
  assert.equal((await readiness(first)).status, 200);
});
