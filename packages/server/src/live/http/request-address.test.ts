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

test("a signature before the path is taken off once", () => {
  const md5 = "0123456789abcdef".repeat(2);
  const address = new RequestAddress(`/202611201600/${md5}/live/math.flv?delay=low`);
  assert.deepEqual([address.path, address.segments, address.search], ["/live/math.flv", ["live", "math.flv"], "delay=low"]);
  assert.deepEqual(address.signedPrefix, { scheme: "aliyun-b", time: "202611201600", signature: md5 });
  assert.equal(address.url, `/202611201600/${md5}/live/math.flv?delay=low`, "as it was sent");
  assert.equal(new RequestAddress(`/202611201600/${md5}/${md5}/12345678/live/math.flv`).path, `/${md5}/12345678/live/math.flv`);
  assert.equal(new RequestAddress("/live/math.flv").signedPrefix, null);
});
