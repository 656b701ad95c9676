/**
 * An address that abuses one node is under its measure at all nodes, also at one that comes later, and is released everywhere.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { askFrom, measuresOf, scan, untilAnswered } from "./abuser.ts";
import { joined, startNats, startNode } from "./cluster.ts";
import { TOKEN } from "./lectern.ts";

/** A code that nobody has. */
const HELD = "/api/v1/invitations/none";

test("an abuser of one node is refused by the others, and by one that comes later, until an operator lets it go", async (t) => {
  const nats = await startNats(t);
  const [a, b] = await Promise.all([startNode(t, nats, "a", "origin,control"), startNode(t, nats, "b", "edge")]);
  await joined([a, b]);
  const ip = "127.0.0.2";
  await untilAnswered(b, ip, HELD, 404);

  await scan(b, ip, "refuse");
  for (const node of [a, b]) await untilAnswered(node, ip, HELD, 429);
  assert.deepEqual(measuresOf(a, ip), []);
  const late = await startNode(t, nats, "late", "edge");
  await joined([a, b, late]);
  await untilAnswered(late, ip, HELD, 429);
  for (const node of [a, b, late]) assert.equal((await askFrom(node, "127.0.0.3", HELD)).status, 404);

  // The node that decided is killed: its measure goes on.
  await b.kill();
  await untilAnswered(a, ip, HELD, 429);

  const response = await fetch(`${a.http}/api/v1/protection/releases`, {
    ...{ method: "POST", body: JSON.stringify({ address: ip, seconds: 60 }) },
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
  });
  assert.equal(response.status, 202, await response.text());
  for (const node of [a, late]) await untilAnswered(node, ip, HELD, 404);
});

test("what a node passes on to another one is counted where it came in, and never against the node", async (t) => {
  const nats = await startNats(t);
  const [a, b] = await Promise.all([startNode(t, nats, "a", "origin,control"), startNode(t, nats, "b", "edge")]);
  await joined([a, b]);
  const ip = "127.0.0.4";
  for (let turn = 0; measuresOf(b, ip).length === 0; turn++)
    await Promise.all(Array.from({ length: 20 }, (_, i) => askFrom(b, ip, `/api/v1/invitations/${turn}-${i}`)));
  assert.deepEqual([measuresOf(a, ip), measuresOf(a, "127.0.0.1")], [[], []]);
  assert.equal((await askFrom(b, "127.0.0.5", HELD)).status, 404);
});
