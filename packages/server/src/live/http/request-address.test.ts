import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestAddress } from "./request-address.ts";

test("an address is split at the first question mark and at the slashes, and nothing is decoded", () => {
  const address = new RequestAddress("/live/ma%2fth.flv?delay=low&x=1?2");
  assert.equal(address.path, "/live/ma%2fth.flv");
  assert.equal(address.search, "delay=low&x=1?2");
  assert.deepEqual(address.segments, ["live", "ma%2fth.flv"]);
  assert.equal(address.query.get("x"), "1?2");
});

test("an address without a query has an empty one", () => {
  const address = new RequestAddress("/healthz");
  assert.deepEqual([address.path, address.search, address.query.size, address.segments], ["/healthz", "", 0, ["healthz"]]);
});
