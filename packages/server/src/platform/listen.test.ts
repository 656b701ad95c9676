/** Two servers that start at the same time do not share a port. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { listen, takePort } from "./listen.ts";

test("a port is reserved once, before any process listens", async () => {
  const port = await takePort("127.0.0.1", 0);
  assert.ok(port > 0);
  await assert.rejects(takePort("127.0.0.1", port), { code: "EADDRINUSE", port });
  const all = await Promise.all(Array.from({ length: 20 }, () => takePort("127.0.0.1", 0)));
  assert.equal(new Set([...all, port]).size, 21);
});

test("a port on which another program listens is not reserved", async (t) => {
  const other = createServer();
  t.after(() => other.close());
  await listen(other, { host: "127.0.0.1", port: 0 });
  const { port } = other.address() as { port: number };
  await assert.rejects(takePort("127.0.0.1", port), { code: "EADDRINUSE", port });
});
