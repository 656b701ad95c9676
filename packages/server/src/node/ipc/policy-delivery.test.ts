import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamPolicyUpdate } from "../../access/policies/policy-messages.ts";
import { PolicyDelivery } from "./policy-delivery.ts";

const update = (name: string): StreamPolicyUpdate => ({ app: "live", name, rule: null });

/** Nodes that answer as told, and what reached them. */
function cluster(nodes: string[], answer: (node: string) => Promise<void>) {
  const reached: string[] = [];
  const delivery = new PolicyDelivery({
    nodes: () => nodes,
    call: async (node, _method, of) => {
      await answer(node);
      reached.push(`${node} ${"name" in of ? of.name : ""}`);
    },
    retryMs: 1,
  });
  return { delivery, reached };
}

const turns = async (count = 20) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 1));
};

test("a change reaches every node, and the node whose connection broke once it answers again", async () => {
  let broken = 3;
  const { delivery, reached } = cluster(["a", "b"], async (node) => {
    if (node === "b" && broken-- > 0) throw new Error("connection lost");
  });
  delivery.deliver("rule", "live/x", update("x"));
  while (reached.length < 2) await turns(1);
  assert.deepEqual(reached, ["a x", "b x"]);
});

test("a newer change replaces the one that has not arrived, and the older never arrives after it", async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const seen: string[] = [];
  let calls = 0;
  const delivery = new PolicyDelivery({
    nodes: () => ["a"],
    call: async (_node, _method, of) => {
      if (calls++ === 0) await gate;
      seen.push("name" in of ? of.name : "");
    },
    retryMs: 1,
  });
  for (const name of ["first", "second", "third"]) delivery.deliver("rule", "live/x", update(name));
  open();
  while (seen.length < 2) await turns(1);
  await turns();
  assert.deepEqual(seen, ["first", "third"]);
});

test("nothing is sent to a node that is gone", async () => {
  const nodes = ["a"];
  let calls = 0;
  const { delivery, reached } = cluster(nodes, async () => {
    calls++;
    throw new Error("gone");
  });
  delivery.deliver("rule", "live/x", update("x"));
  while (calls < 2) await turns(1);
  nodes.length = 0;
  await turns();
  const after = calls;
  await turns();
  assert.deepEqual([calls, reached], [after, []]);
});
