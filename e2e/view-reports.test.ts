/** What players of real pages in Chromium tell: valid beacons, not too many, one at the end of each session. Only with --all, or by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Page } from "playwright-core";
import { type BeaconTap, type TappedBeacon, tapBeacons } from "./beacon-tap.ts";
import { openPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { live, pushNumbered } from "./numbered-frames.ts";

const TELEVISION =
  "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.31/7.0 TV Safari/537.36";
/** Between two beacons of a session; what waits in a queue of the network comes a little later or earlier. */
const LEAST_MS = 9500;

/** Each beacon is valid by the published schema; in each session they are numbered, far enough apart, and only the last one has an end. */
async function assertOrderly(lectern: Lectern, beacons: readonly TappedBeacon[]): Promise<void> {
  const { body: schema } = await ask(lectern, "GET", "/schemas/view.v1.json");
  const isValid = new Ajv2020({ strict: true, strictTypes: false, formats: {} }).compile(schema);
  for (const { text } of beacons) assert.ok(isValid(JSON.parse(text)), `${JSON.stringify(isValid.errors)}: ${text}`);
  for (const [sid, sent] of Map.groupBy(beacons, (beacon) => beacon.sid)) {
    // One whose answer was lost is sent again with the same number.
    const all = sent.filter(({ sn }, i) => sn !== sent[i - 1]?.sn);
    assert.deepEqual(
      all.map(({ sn }) => sn),
      all.map((_, i) => i),
      sid,
    );
    const apart = all.slice(1).flatMap(({ cameAt, end }, i) => (end === undefined ? [cameAt - (all[i]?.cameAt ?? 0)] : []));
    assert.ok(
      apart.every((ms) => ms > LEAST_MS),
      `${sid}: ${apart.map(Math.round)} ms apart`,
    );
    assert.ok(
      all.slice(0, -1).every(({ end }) => end === undefined),
      `${sid} goes on after its end`,
    );
    assert.ok(all.filter(({ msd }) => msd !== undefined).length <= 1, `${sid} has one first frame`);
  }
}

/** The beacons of the session that came last. */
function latest({ beacons }: BeaconTap): readonly TappedBeacon[] {
  return beacons.filter(({ sid }) => sid === beacons.at(-1)?.sid);
}

const call = (page: Page, method: "play" | "pause") =>
  page.evaluate((name) => {
    const player: Record<string, () => void> = Object(document.querySelector("lectern-player, lectern-replay"));
    player[name]?.();
  }, method);

test("a page that goes tells so, one that comes again begins another session, and a player with reports off tells nothing", async (t) => {
  const lectern = await sharedLectern({ "publish.graceSeconds": "1" });
  const tap = await tapBeacons(t, lectern.httpPort);
  pushNumbered(t, lectern, "told");
  await lectern.stream("told", (stream) => stream.video !== null);
  const page = await openPage(t, { expected: /ERR_/, userAgent: TELEVISION });
  await page.goto(`http://127.0.0.1:${tap.port}/embed/told`);
  await live(page);
  // Where the picture takes its time, a beacon says before it that the page waits.
  const isPlaying = ({ msd, sta }: { readonly msd?: unknown; readonly sta?: unknown }) => msd !== undefined && sta === "playing";
  const first = await until(() => tap.beacons.find(isPlaying) ?? null, "the beacon of a picture that moves");
  assert.equal(tap.beacons[0]?.sn, 0);
  assert.deepEqual([first.device.class, first.device.os, first.edge], ["tv", "Tizen", `127.0.0.1:${tap.port}`]);
  await page.reload();
  await live(page);
  await until(() => latest(tap)[0]?.sid !== first.sid && tap.beacons, "another session");
  const ended = tap.beacons.filter(({ sid }) => sid === first.sid).at(-1);
  assert.equal(ended?.end, "left");
  // A beacon without an answer when its session ends is sent once more.
  await page.waitForTimeout(1000);
  const count = tap.beacons.length;
  await page.evaluate(() => {
    const quiet = document.createElement("lectern-player");
    for (const [name, value] of Object.entries({ reports: "off", autoplay: "", muted: "", src: "/live/told.flv" }))
      quiet.setAttribute(name, value);
    document.querySelector("lectern-player")?.replaceWith(quiet);
  });
  await until(() => tap.beacons.length > count, "the end of the other one");
  await live(page);
  await page.waitForTimeout(5000);
  assert.equal(tap.beacons.length, count + 1, "nothing of the quiet one");
  await assertOrderly(lectern, tap.beacons);
});

test("live, paused, frozen, rewound and replayed, a class page tells of each in its own session, with the viewer's name", async (t) => {
  const lectern = await sharedLectern({ "publish.graceSeconds": "1" });
  const tap = await tapBeacons(t, lectern.httpPort);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true });
  const sending = pushNumbered(t, lectern, `${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  const page = await openPage(t, { expected: /ERR_|status of/, viewport: { width: 1280, height: 800 } });
  await page.goto(`http://127.0.0.1:${tap.port}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await until(() => tap.beacons.length > 0, "the first beacon");

  await call(page, "pause");
  await until(() => tap.beacons.at(-1)?.sta === "paused", "word of the pause");
  const paused = tap.beacons.length;
  await page.waitForTimeout(13_000);
  assert.equal(tap.beacons.length, paused, "a pause is told once");
  await call(page, "play");
  await until(() => tap.beacons.length > paused && tap.beacons.at(-1)?.sta === "playing", "word of what goes on");

  // A phone stops the scripts of a page in the background; Chromium without a screen has none, so the debugger does.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Debugger.enable");
  await devtools.send("Debugger.pause");
  const frozenAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  await devtools.send("Debugger.resume");
  const after = await until(
    () => tap.beacons.find(({ cameAt }) => cameAt > frozenAt + 12_000) ?? null,
    "a beacon of the page that woke up",
  );
  assert.ok(after.watchedMs + after.bsd <= after.intervalMs - 9000, `what it played meanwhile is not known: ${after.text}`);

  const before = latest(tap)[0]?.sid;
  await page.getByRole("button", { name: "Rewind" }).click();
  const [rewound] = await until(() => latest(tap)[0]?.sid !== before && latest(tap), "word of the rewind");
  assert.deepEqual([rewound?.st, rewound?.cid], ["v", `live/${lesson.stream.name}`]);
  // A page that stays plays the recording as soon as it is there, which would be one more session.
  await page.goto("about:blank");
  sending.child.kill("SIGKILL");
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  await until(
    async () =>
      (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items.some(({ whole }: { whole: boolean }) => whole),
    "the recording",
  );
  await page.goto(`http://127.0.0.1:${tap.port}/j/${lesson.code}`);
  const [replayed] = await until(() => latest(tap)[0]?.cid.startsWith("vod/") === true && latest(tap), "word of the recording");
  assert.deepEqual([replayed?.st, replayed?.sf], ["v", "hls"]);
  // Without a touch, a browser may have refused to play with sound.
  await call(page, "play");
  await page.evaluate(() => {
    const player: { currentTime: number } = Object(document.querySelector("lectern-replay"));
    player.currentTime = 2;
  });
  await until(() => latest(tap).length > 1, "word after a seek");
  await page.close();
  await until(() => latest(tap).at(-1)?.end === "left", "the end");
  await assertOrderly(lectern, tap.beacons);
  const ids = new Set(tap.beacons.map(({ sid }) => sid));
  const { items } = await until(async () => {
    const { body } = await ask(lectern, "GET", `/views?lessonId=${lesson.id}`);
    return body.items.length >= ids.size && body.items.every(({ endedAt }: { endedAt: string | null }) => endedAt !== null) && body;
  }, "all sessions");
  assert.deepEqual(
    items.map(({ cid, name }: { cid: string; name: string }) => [cid.split("/")[0], name]),
    [
      ["vod", null],
      ["live", "Li Mei"],
      ["live", "Li Mei"],
    ],
  );
});
