/** What players tell of stalls and first frames against what Chromium's own events and frame counter say, over throttled lines. Runs late: it measures time. Only with --all, or by name. */
import assert from "node:assert/strict";
import { type TappedBeacon, tapBeacons } from "./beacon-tap.ts";
import { openSmallPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { rareUnless } from "./long-tests.ts";
import { live, pushNumbered } from "./numbered-frames.ts";
import { hearWitness, openWitnessed, waitsOf } from "./playback-witness.ts";
import { slowLink } from "./slow-link.ts";

/** Kilobits per second: of a first frame that takes its time, and of what the stream does not get through. */
const SLOW = 100;
const STARVED = 40;
/** How long the line starves after the picture has stopped, each time; seconds. */
const STARVED_SECONDS = [2, 1];
const RECOVERY_SECONDS = 4;

const sum = (beacons: readonly TappedBeacon[], of: (beacon: TappedBeacon) => number) =>
  beacons.reduce((total, beacon) => total + of(beacon), 0);

function assertNear(told: number, seen: number, what: string): void {
  assert.ok(Math.abs(told - seen) <= 0.1 * seen, `${what}: the player tells ${Math.round(told)}, Chromium ${Math.round(seen)}`);
}

const ENGINES = [
  { engine: "flv", query: "?protocol=flv", address: (name: string) => `/live/${name}.flv` },
  { engine: "ws", query: "?protocol=flv", address: (name: string, port: number) => `ws://127.0.0.1:${port}/live/${name}.flv` },
  { engine: "hls", query: "?protocol=hls", address: (name: string) => `/live/${name}.m3u8` },
] as const;

for (const { engine, query, address } of ENGINES) {
  rareUnless(engine !== "ws", `${engine}: first frame, stalls, their length and frames are told as they are`, async (t) => {
    const lectern = await sharedLectern();
    const tap = await tapBeacons(t, lectern.httpPort);
    const line = await slowLink(t, tap.port);
    const [before, name] = [`before-${engine}`, `figures-${engine}`];
    pushNumbered(t, lectern, before);
    pushNumbered(t, lectern, name);
    await lectern.stream(before, (stream) => stream.video !== null);
    await lectern.stream(name, (stream) => stream.video?.gopSeconds != null);
    const page = await openSmallPage(t, { expected: /ERR_/ });
    // The page's own files come by a fast line.
    await page.goto(`http://127.0.0.1:${line.port}/embed/${before}${query}`);
    await live(page);
    line.limit(SLOW);
    await openWitnessed(page, address(name, line.port));
    await live(page);
    line.limit(null);
    await page.waitForTimeout(RECOVERY_SECONDS * 1000);
    for (const [i, seconds] of STARVED_SECONDS.entries()) {
      line.limit(STARVED);
      await until(async () => (await waitsOf(page)) > i, "a picture that stops");
      await page.waitForTimeout(seconds * 1000);
      line.limit(null);
      await page.waitForTimeout(RECOVERY_SECONDS * 1000);
    }
    const seen = await hearWitness(page);
    const all = () => tap.beacons.filter(({ cid }) => cid === `live/${name}`);
    await until(() => all().some(({ end }) => end !== undefined), "the last beacon");
    const told = all();
    const stallMs = sum(told, ({ bsd }) => bsd);
    const stalls = sum(told, ({ stalls }) => stalls);
    const seenMs = seen.gaps.reduce((total, gap) => total + gap, 0);
    const watched = sum(told, ({ watchedMs }) => watchedMs);
    const firstFrame = sum(told, ({ msd }) => msd ?? 0);
    t.diagnostic(
      `first frame ${firstFrame} of ${Math.round(seen.firstFrameMs)} ms, stalls ${stalls} of ${seen.waits} (gaps ${seen.gaps.map(Math.round)}; of a busy machine ${seen.busyGaps.map(Math.round)}), ` +
        `stalled ${stallMs} of ${Math.round(seenMs)} ms, watched ${watched} of ${Math.round(seen.playedMs - seenMs)} ms`,
    );
    assert.ok(seen.waits >= STARVED_SECONDS.length && seenMs > 1000, `the line starved it: ${seen.gaps}`);
    assert.deepEqual([...new Set(told.map(({ sf }) => sf))], [engine]);
    assert.equal(new Set(told.map(({ sid }) => sid)).size, 1);
    assertNear(firstFrame, seen.firstFrameMs, "first frame");
    assertNear(stallMs, seenMs, "time stalled");
    assertNear(stalls, seen.waits, "stalls");
    assertNear(watched, seen.playedMs - seenMs, "time watched");
    assertNear(
      sum(told, ({ stallList }) => stallList.reduce((total, { ms }) => total + ms, 0)),
      seenMs,
      "lengths of stalls",
    );
    const apart = told.slice(1, -1).map(({ cameAt }, i) => cameAt - (told[i]?.cameAt ?? 0));
    assert.ok(
      apart.every((ms) => ms > 9500),
      `beacons come ${apart.map(Math.round)} ms apart`,
    );
  });
}
