import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../session/api.ts";
import { startNotice } from "./lesson-time.ts";
import { failureOf } from "./parts/failure.ts";
import { isWorthPolling } from "./use-invitation.ts";

const now = Date.parse("2026-03-02T09:00:00Z");
const refusal = (status: number) => new ApiError({ status, code: "no-such-lesson", detail: "There is no lesson." } as never);

test("a lesson shows its date, then a countdown in the last hour, then that it has not started", () => {
  const notice = (startsAt: string | null) => startNotice({ state: "scheduled", startsAt }, now);
  assert.deepEqual(notice("2026-03-02T10:00:01Z"), { kind: "date", startsAt: "2026-03-02T10:00:01Z" });
  assert.deepEqual(notice("2026-03-02T10:00:00Z"), { kind: "countdown", seconds: 3600 });
  assert.deepEqual(notice("2026-03-02T09:00:00.500Z"), { kind: "countdown", seconds: 1 });
  assert.deepEqual(notice("2026-03-02T08:59:00Z"), { kind: "not-started" });
  assert.deepEqual(notice(null), { kind: "not-started" });
});

test("the state of a lesson wins over its time", () => {
  assert.deepEqual(startNotice({ state: "live", startsAt: "2026-03-02T10:00:00Z" }, now), { kind: "live" });
  assert.deepEqual(startNotice({ state: "ended", startsAt: "2026-03-02T08:00:00Z" }, now), { kind: "ended" });
});

test("polling stops at a refusal that stays, and goes on while the server is busy or away", () => {
  assert.deepEqual(
    [404, 410, 429, 500, 503].map((status) => isWorthPolling(refusal(status))),
    [false, false, true, true, true],
  );
  assert.equal(isWorthPolling(new TypeError("fetch failed")), true);
});

test("a failure carries the server's code and text, or is offline without a text", () => {
  assert.deepEqual(failureOf(refusal(404)), { code: "no-such-lesson", message: "There is no lesson." });
  assert.deepEqual(failureOf(new TypeError("fetch failed")), { code: "offline", message: "" });
});
