import assert from "node:assert/strict";
import { test } from "node:test";
import { takesOpus } from "./client-codecs.ts";

test("a client takes Opus when its connect says so, by either property of Enhanced RTMP", () => {
  assert.equal(takesOpus({ fourCcList: ["av01", "Opus"] }), true);
  assert.equal(takesOpus({ fourCcList: ["*"] }), true);
  assert.equal(takesOpus({ audioFourCcInfoMap: { Opus: 1 } }), true);
  assert.equal(takesOpus({ audioFourCcInfoMap: { "*": 7 } }), true);
});

test("a client that says nothing, or that can only encode or pass Opus on, takes none", () => {
  assert.equal(takesOpus({}), false);
  assert.equal(takesOpus({ fourCcList: ["av01", "hvc1"] }), false);
  assert.equal(takesOpus({ fourCcList: "Opus" }), false);
  // Bits of FourCcInfoMask: CanEncode and CanForward.
  assert.equal(takesOpus({ audioFourCcInfoMap: { Opus: 6 } }), false);
  assert.equal(takesOpus({ audioFourCcInfoMap: { Opus: 6 }, fourCcList: ["Opus"] }), false, "the map says it more exactly");
});
