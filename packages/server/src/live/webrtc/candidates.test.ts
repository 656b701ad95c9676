import assert from "node:assert/strict";
import { test } from "node:test";
import { withPublicAddresses } from "./candidates.ts";

test("public addresses come before those of the machine, each once", () => {
  const own = ["1 1 UDP 2114977791 192.0.2.2 8189 typ host"];
  assert.deepEqual(withPublicAddresses(own, [], 8189), own);
  const [first, second, ...rest] = withPublicAddresses(own, ["203.0.113.7", "2001:db8::7", "192.0.2.2"], 8189);
  assert.match(first ?? "", /^public0 1 UDP \d+ 203\.0\.113\.7 8189 typ host$/);
  assert.match(second ?? "", /^public1 1 UDP \d+ 2001:db8::7 8189 typ host$/);
  assert.deepEqual(rest, own);
});
