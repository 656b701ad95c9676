import assert from "node:assert/strict";
import { test } from "node:test";
import { ownLimitsOf } from "./own-limits.ts";

const HEALTHY = { cores: 0.4, lateP99: 2, lateMax: 20, sockets: 100 };
const seconds = (busy: number, own: Partial<typeof HEALTHY>) =>
  Array.from({ length: 100 }, (_, i) => ({ own: i < busy ? { ...HEALTHY, ...own } : HEALTHY }));

test("a client that had time says so, and so does one with a single busy second", () => {
  assert.deepEqual(ownLimitsOf(seconds(0, {}), [], 1000), []);
  assert.deepEqual(ownLimitsOf(seconds(1, { cores: 1.2, lateP99: 400 }), ["no-answer"], 1000), []);
});

test("a late loop, a full core and used up sockets are named", () => {
  assert.match(ownLimitsOf(seconds(20, { lateP99: 80 }), [], null).join(), /50 ms late in 20 % of the seconds/);
  assert.match(ownLimitsOf(seconds(20, { cores: 0.99 }), [], null).join(), /0\.9 of a core in 20 %/);
  assert.match(ownLimitsOf(seconds(1, { sockets: 950 }), [], 1000).join(), /950 sockets, of 1000/);
  assert.match(ownLimitsOf(seconds(0, {}), ["EMFILE"], 1000).join(), /no more sockets \(EMFILE\)/);
});
