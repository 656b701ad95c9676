import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import { takeUdpPorts } from "./udp-ports.ts";

test("ports that follow each other are taken once, and others where one is in use", async () => {
  const { first, areOthers } = await takeUdpPorts(0, 3);
  assert.equal(areOthers, false);
  const again = await takeUdpPorts(first + 1, 2);
  assert.equal(again.areOthers, true);
  assert.ok(again.first > first + 2 || again.first + 1 < first);
});

test("a port that another program has is not taken", async (t) => {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, resolve));
  t.after(() => socket.close());
  const { port } = socket.address();
  const taken = await takeUdpPorts(port, 1);
  assert.deepEqual([taken.areOthers, taken.first === port], [true, false]);
});
