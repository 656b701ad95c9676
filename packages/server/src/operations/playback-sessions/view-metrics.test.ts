/** The metrics of what players tell: by engine, over all workers, and with no label that a player can choose freely. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { ENGINES } from "../../contracts/playback-sessions/view-beacon.ts";
import { ManualClock } from "../../platform/clock.ts";
import { mergeMetrics } from "../metrics.ts";
import { testBeacon } from "./test-beacon.ts";
import { ViewMetrics } from "./view-metrics.ts";

function worker(clock: ManualClock) {
  const registry = new Registry();
  return { registry, metrics: new ViewMetrics(registry, clock) };
}

async function scrape(...workers: ReturnType<typeof worker>[]) {
  const { text } = await mergeMetrics(await Promise.all(workers.map(({ registry }) => registry.getMetricsAsJSON())), []);
  return {
    text,
    value: (line: string) =>
      Number(
        text
          .split("\n")
          .find((each) => each.startsWith(`${line} `))
          ?.split(" ")[1],
      ),
  };
}

test("the first frame is a histogram by engine, and the share of stalls is that of all workers' last minute", async () => {
  const clock = new ManualClock();
  const [one, other] = [worker(clock), worker(clock)];
  one.metrics.take(testBeacon({ sf: "flv", msd: 450, watchedMs: 9000, bsd: 1000 }));
  other.metrics.take(testBeacon({ sf: "flv", msd: 90, watchedMs: 90_000, bsd: 0 }));
  other.metrics.take(testBeacon({ sf: "hls", watchedMs: 1000, bsd: 3000 }));
  const now = await scrape(one, other);
  assert.equal(now.value('lectern_view_first_frame_seconds_bucket{le="0.1",engine="flv"}'), 1);
  assert.equal(now.value('lectern_view_first_frame_seconds_bucket{le="0.5",engine="flv"}'), 2);
  assert.equal(now.value('lectern_view_first_frame_seconds_count{engine="hls"}'), 0);
  assert.equal(now.value('lectern_view_stall_ratio{engine="flv"}'), 0.01);
  assert.equal(now.value('lectern_view_stall_ratio{engine="hls"}'), 0.75);
  assert.equal(now.value('lectern_view_watched_seconds_total{engine="flv"}'), 99);
  clock.advance(61_000);
  one.metrics.take(testBeacon({ sf: "flv", watchedMs: 8000, bsd: 2000 }));
  const later = await scrape(one, other);
  assert.equal(later.value('lectern_view_stall_ratio{engine="flv"}'), 0.2);
  assert.equal(later.value('lectern_view_stall_ratio{engine="hls"}'), 0);
  assert.equal(later.value('lectern_view_stalled_seconds_total{engine="hls"}'), 3);
});

test("a player that tells of other streams, edges and devices makes no new series", async () => {
  const clock = new ManualClock();
  const one = worker(clock);
  const series = async () => (await scrape(one)).text.split("\n").filter((line) => /^lectern_view/.test(line)).length;
  const before = await series();
  for (let i = 0; i < 500; i++) {
    const device = { class: "phone", os: `os-${i}`, browser: `b-${i}` } as const;
    const sf = ENGINES[i % ENGINES.length] ?? "flv";
    one.metrics.take(
      testBeacon({ cid: `live/x${i}`, edge: `host-${i}:1`, sid: `${i}`.padStart(20, "s"), rung: `r${i}`, sf, device, msd: i }),
    );
    clock.advance(1000);
  }
  assert.equal(await series(), before);
});
