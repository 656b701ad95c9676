import assert from "node:assert/strict";
import { test } from "node:test";
import type { ViewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";
import { implausibleFields } from "./plausible.ts";
import { testBeacon } from "./test-beacon.ts";

test("no figure is larger than its time allows", () => {
  const cases: readonly (readonly [string, Partial<ViewBeacon>, boolean])[] = [
    ["a usual one", {}, true],
    ["a stall instead of a picture", { watchedMs: 0, heardMs: 0, bsd: 10_000, stalls: 1 }, true],
    ["a late timer", { watchedMs: 11_500, heardMs: 11_500 }, true],
    ["120 frames a second at double speed", { frames: 2400 }, true],
    ["an hour's pause", { intervalMs: 3_600_000, watchedMs: 500, heardMs: 0 }, true],
    ["more time than passed", { watchedMs: 10_000, bsd: 10_000 }, false],
    ["sound without playback", { watchedMs: 0, heardMs: 10_000 }, false],
    ["more frames than screens show", { frames: 5000, droppedFrames: 5000 }, false],
    ["more bytes than lines carry", { bytes: 9e9 }, false],
    ["a stall in each moment", { stalls: 1000 }, false],
    ["a change in each moment", { switches: 1000 }, false],
    ["a reconnection in each moment", { reconnects: 1000 }, false],
  ];
  for (const [what, of, expected] of cases) assert.equal(implausibleFields(testBeacon(of)) === null, expected, what);
});
