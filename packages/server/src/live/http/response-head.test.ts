import assert from "node:assert/strict";
import { test } from "node:test";
import { HeadClock, responseHead } from "./response-head.ts";

test("a head has its status line and its headers in the order in which they were given", () => {
  const { text, hasLength, isLast } = responseHead(404, { "content-type": "text/plain", "x-two": ["a", "b"], "content-length": 3 });
  assert.equal(text, "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\nx-two: a\r\nx-two: b\r\ncontent-length: 3\r\n");
  assert.deepEqual([hasLength, isLast], [true, null]);
  assert.equal(responseHead(200, { connection: "close" }).isLast, true);
});

test("a value that could end its line is refused", () => {
  for (const value of ["a\r\nx: y", "a\nb", "a\0", "\x7f", "中"])
    assert.throws(() => responseHead(200, { "x-a": value }), TypeError, value);
});

test("the ends of heads are the same object within a second, and have the next date after it", () => {
  let now = Date.UTC(2026, 10, 22, 8, 0, 0);
  const clock = new HeadClock(5, () => now);
  const first = clock.current;
  now += 999;
  assert.equal(clock.current, first);
  assert.equal(first.open, "Date: Sun, 22 Nov 2026 08:00:00 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n");
  assert.equal(first.last, "Date: Sun, 22 Nov 2026 08:00:00 GMT\r\nConnection: close\r\n");
  now += 1;
  assert.equal(clock.current.date, "Date: Sun, 22 Nov 2026 08:00:01 GMT\r\n");
});
