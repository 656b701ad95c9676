import assert from "node:assert/strict";
import { test } from "node:test";
import { aacConfiguration, avcConfiguration, ingestOf, lesson, pushAll } from "../streams/synthetic-source.ts";
import { listRungs } from "./rung-list.ts";

test("the stream itself comes first, with its measured bits, codecs and size, then its rungs by their own names", () => {
  const { ingest, log } = ingestOf();
  pushAll(ingest, [avcConfiguration(), aacConfiguration, ...lesson(6)]);
  const variant = { bandwidth: 700_000, averageBandwidth: 600_000, codecs: ["avc1.64001f"], resolution: null, frameRate: null };
  const [itself, ...rungs] = listRungs({ log }, [
    { name: "math@360p", ...variant },
    { name: "math@audio", ...variant },
  ]);
  assert.deepEqual(
    rungs.map(({ name, bandwidth }) => [name, bandwidth]),
    [
      ["360p", 700_000],
      ["audio", 700_000],
    ],
  );
  assert.ok(itself);
  const bytes = log.segments.slice(0, -1).flatMap((segment) => {
    const sizes: number[] = [];
    segment.entries.visit(0, segment.entries.length, (entry) => entry.kind === "media" && sizes.push(entry.payload.length));
    return sizes;
  });
  const seconds = ((log.segments.at(-1)?.head.time ?? 0) - (log.segments[0]?.head.time ?? 0)) / 1000;
  const average = (bytes.reduce((sum, size) => sum + size, 0) * 8) / seconds;
  assert.ok(average > 0 && Math.abs(itself.averageBandwidth - average) < 1);
  assert.ok(itself.bandwidth > itself.averageBandwidth);
  assert.equal(itself.name, null);
  assert.match(itself.codecs.join(), /^avc1\.[0-9A-Fa-f]{6},mp4a\.40\.2$/);
  assert.ok(itself.resolution && itself.resolution.width > 0);
});
