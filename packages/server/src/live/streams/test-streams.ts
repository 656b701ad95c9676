/** For tests: the streams of one process, whose locator knows those that are claimed in it. */
import assert from "node:assert/strict";
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { ClaimOptions, Location, StreamLocator } from "./ownership/stream-locator.ts";
import { Streams } from "./streams.ts";
import { STREAM_OPTIONS } from "./synthetic-source.ts";

export function soleStreams(clock: Clock): Streams {
  const live = new Map<string, Location>();
  let epochs = 0;
  const locator: StreamLocator = {
    self: "sole",
    occupied: () => assert.fail("there is no other process"),
    claim: async (_app, name, _fresh, options: ClaimOptions) => {
      if (streams.yield("live", name, "sole", options)?.living) return new Refusal("publisher-present");
      const { epoch, term } = live.get(name) ?? { epoch: `epoch ${epochs++}`, term: 0 };
      const location = { epoch, term: term + 1, startedAt: 0, writer: "sole", sources: [], isOriginCopy: true };
      live.set(name, { ...location, record: false, recorderNode: "" });
      return { ...location, from: null, acknowledged: false };
    },
    locate: (_app, name) => live.get(name) ?? null,
    keeps: () => {},
    drops: () => {},
    ended: (_app, name) => void live.delete(name),
  };
  const observer = { sent: () => {}, skipped: () => {}, evicted: () => {}, late: () => {} };
  const upstreams = { follow: () => assert.fail("there is no other process") };
  const options = { ...STREAM_OPTIONS, fanOut: { evictAfterMs: 15_000 } };
  const streams: Streams = new Streams(options, clock, observer, locator, upstreams);
  return streams;
}
