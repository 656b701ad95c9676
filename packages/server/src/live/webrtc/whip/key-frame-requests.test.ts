import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyFrameRequests } from "./key-frame-requests.ts";

test("a publisher that begins is given time for its own key frame", () => {
  const requests = new KeyFrameRequests(() => 2000);
  assert.equal(requests.take(0, true), false);
  assert.equal(requests.take(299, true), false);
  assert.equal(requests.take(300, true), true);
});

test("after a loss it is asked again and again, but not with each packet, until a key frame comes", () => {
  const requests = new KeyFrameRequests(() => 2000);
  requests.take(0, false);
  requests.came(10);
  const asked = Array.from({ length: 100 }, (_, i) => 1000 + i * 10).filter((now) => requests.take(now, true));
  assert.deepEqual(asked, [1000, 1500]);
  requests.came(2000);
  assert.equal(requests.take(2100, false), false);
});

test("it is asked when its own key frames are too far apart, and when somebody comes", () => {
  const requests = new KeyFrameRequests(() => 2000);
  requests.take(0, false);
  requests.came(0);
  assert.equal(requests.take(1899, false), false);
  assert.equal(requests.take(1900, false), true);
  requests.came(2000);
  requests.want();
  assert.equal(requests.take(2400, false), true);
  requests.came(2500);
  assert.equal(requests.take(2900, false), false);
});
