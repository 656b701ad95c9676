import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { ServerReach } from "./server-reach.ts";

const answer = (status: number) => async () => new Response(null, { status });
const fails = (error: Error) => () => Promise.reject(error);

function opened(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const reach = new ServerReach();
  let told = 0;
  reach.listen(() => told++);
  return { reach, told: () => told };
}

test("a server is unreachable since its last answer, and until the next one", async (t) => {
  const { reach, told } = opened(t);
  await reach.watch(answer(200));
  await assert.rejects(reach.watch(fails(new TypeError("Failed to fetch"))));
  const since = reach.unreachableSince();
  assert.ok(since !== null && Math.abs(since - Date.now()) < 10_000, `${since}`);
  await assert.rejects(reach.watch(fails(new TypeError("Failed to fetch"))));
  assert.equal(reach.unreachableSince(), since, "it is not younger with each attempt");
  await reach.watch(answer(404));
  assert.equal(reach.unreachableSince(), null, "a refusal is an answer");
  assert.equal(told(), 2);
});

test("who answers in the server's place is no answer of it", async (t) => {
  const { reach } = opened(t);
  await reach.watch(answer(503));
  assert.notEqual(reach.unreachableSince(), null);
});

test("a server that holds all requests is unreachable after five seconds, one that answers others is not", async (t) => {
  const { reach } = opened(t);
  const held = reach.watch(() => new Promise((resolve) => setTimeout(() => resolve(new Response()), 60_000)));
  t.mock.timers.tick(4999);
  assert.equal(reach.unreachableSince(), null);
  t.mock.timers.tick(1);
  assert.notEqual(reach.unreachableSince(), null);
  t.mock.timers.tick(60_000);
  await held;
  assert.equal(reach.unreachableSince(), null);
});

test("a request that the page gives up says nothing", async (t) => {
  const { reach, told } = opened(t);
  await assert.rejects(reach.watch(fails(new DOMException("given up", "AbortError"))));
  assert.equal(told(), 0);
});
