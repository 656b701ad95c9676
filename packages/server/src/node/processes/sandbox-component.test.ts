/** The sandbox as a component of the node. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSandbox, SandboxComponent } from "./sandbox-component.ts";

test("a node without a sandbox is impaired; one whose sandbox is weaker works, and says what is missing", () => {
  const { state, detail } = describeSandbox(null);
  assert.equal(state, "degraded");
  assert.match(detail, /^Slides are not converted\. Namespaces are refused/);
  assert.deepEqual([describeSandbox("user").state, describeSandbox("user").detail], ["up", ""]);
  assert.equal(describeSandbox("confined").state, "up");
  assert.match(describeSandbox("confined").detail, /run as the server's user/);
});

test("it is tried a minute after the start, once, and again where that could not be found out", async () => {
  const component = new SandboxComponent(0);
  const results = [() => Promise.reject(new Error("busy")), () => Promise.resolve("confined" as const)];
  let tries = 0;
  const take = (now: number) => component.take("required", now, () => results[tries++]?.() ?? assert.fail("a third time"));
  assert.equal(take(59_999), null);
  assert.equal(tries, 0);
  for (const now of [60_000, 70_000]) {
    assert.equal(take(now), null);
    await new Promise(setImmediate);
  }
  assert.equal(take(80_000)?.name, "sandbox");
  assert.equal(take(90_000)?.state, "up");
  assert.equal(tries, 2);
});
