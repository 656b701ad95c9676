/**
 * Playback in Chromium: every frame in its place and in order. Where the file is named, also how soon the first one comes, and that nothing stalls.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage, openSmallPage, playerState } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Scope, until } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { assertInPlace, ENOUGH, live, pushNumbered, readNumbers } from "./numbered-frames.ts";

const time = (page: Page) =>
  page.evaluate(() => document.querySelector("lectern-player")?.shadowRoot?.querySelector("video")?.currentTime ?? 0);

async function moves(page: Page, what: string): Promise<void> {
  await until(async () => (await time(page)) > 0.5, what);
  const before = await time(page);
  await until(async () => (await time(page)) > before + 1, `${what} that moves`);
}

/** A machine that stands still for a moment upsets one attempt; a fault of the player upsets each of them. */
const ATTEMPTS = 3;

/**
 * Watches a stream, and another one on a new page where that did not go smoothly.
 * @param watch returns what was not smooth
 */
async function smoothly(t: TestContext, watch: (scope: Scope, attempt: number) => Promise<readonly string[]>): Promise<void> {
  const upsets: string[] = [];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const ends: (() => unknown)[] = [];
    const scope = { after: (end: () => unknown) => void ends.push(end), diagnostic: (text: string) => t.diagnostic(text) };
    try {
      const upset = await watch(scope, attempt);
      if (upset.length === 0) return;
      upsets.push(upset.join(", "));
    } finally {
      for (const end of ends.reverse()) await end();
    }
  }
  assert.fail(upsets.join("; "));
}

/** The texts of what did happen. In a run of all tests, other programs make a picture late. */
const those = (happened: Readonly<Record<string, boolean>>): string[] =>
  runsRare ? Object.keys(happened).filter((text) => happened[text]) : [];

test("FLV: the first frame under 500 ms, no stall, near the live edge, every frame in its place", async (t) => {
  const lectern = await sharedLectern();
  await smoothly(t, async (scope, attempt) => {
    const name = `by-flv-${attempt}`;
    pushNumbered(scope, lectern, name);
    await lectern.stream(name, (stream) => stream.video !== null);
    const page = await openSmallPage(scope);
    await page.goto(`${lectern.http}/?stream=${name}`);
    await live(page);
    const first: number[] = [];
    for (let i = 0; i < 3; i++) {
      await page.evaluate((src) => document.querySelector("lectern-player")?.setAttribute("src", src), `/live/${name}.flv`);
      await live(page);
      first.push((await playerState(page)).firstFrameMs);
    }
    const median = first.sort((a, b) => a - b)[1]!;

    const numbers = await readNumbers(page, runsRare ? 22_000 : 5000, ENOUGH);
    assertInPlace(numbers);
    assert.ok(
      numbers.every(({ number }, i) => i === 0 || number > numbers[i - 1]!.number),
      "frames out of order",
    );
    const span = numbers.at(-1)!.number - numbers[0]!.number;

    const end = performance.now() + (runsRare ? 38_000 : 2000);
    let farthest = 0;
    while (performance.now() < end) {
      farthest = Math.max(farthest, (await playerState(page)).behind);
      await page.waitForTimeout(250);
    }
    const { stalls, state, reconnects } = await playerState(page);
    assert.equal(reconnects, 0);
    return those({
      [`first frame after ${first.map(Math.round)} ms`]: median >= 500,
      [`${numbers.length} frames of ${span} were shown`]: numbers.length <= 0.8 * span,
      [`${stalls} stalls`]: stalls > 0,
      [`${state} at the end`]: state !== "live",
      [`${farthest} s behind`]: farthest >= 1.5,
    });
  });
});

test("low-latency HLS: every frame in its place, in order, no stall, and near the live edge", async (t) => {
  const lectern = await sharedLectern();
  await smoothly(t, async (scope, attempt) => {
    const name = `by-hls-${attempt}`;
    pushNumbered(scope, lectern, name);
    await lectern.stream(name, (stream) => stream.video !== null);
    const page = await openSmallPage(scope, { expected: /ERR_CONNECTION/ });
    const parts = new Set<string>();
    page.on("request", (request) => {
      if (/\.\d+\.m4s$/.test(request.url())) parts.add(request.url());
    });
    await page.goto(`${lectern.http}/embed/${name}?protocol=hls`);
    await live(page);
    assert.equal((await playerState(page)).engine, "hls");
    const numbers = await readNumbers(page, runsRare ? 20_000 : 5000, ENOUGH);
    assertInPlace(numbers);
    assert.ok(
      numbers.every(({ number }, i) => i === 0 || number > (numbers[i - 1]?.number ?? 0)),
      "frames out of order",
    );
    const { stalls, state, reconnects, behind } = await playerState(page);
    assert.equal(reconnects, 0);
    assert.ok(parts.size > 10, `${parts.size} parts were asked for`);
    const { viewers } = await lectern.stream(name);
    assert.deepEqual([viewers.hls, viewers.total], [1, 1]);
    return those({
      [`${stalls} stalls`]: stalls > 0,
      [`${state} at the end`]: state !== "live",
      [`${behind} s in hand`]: behind >= 2,
    });
  });
});

test("the quality menu offers the rungs of the playlist, and a change of quality stalls nothing", async (t) => {
  const lectern = await sharedLectern();
  await smoothly(t, async (scope, attempt) => {
    const [large, small] = [`large-${attempt}`, `small-${attempt}`];
    pushNumbered(scope, lectern, large);
    pushNumbered(scope, lectern, small, "counted, small");
    const rung = async (name: string) =>
      (await (await fetch(`${lectern.http}/live/${name}.m3u8`)).text()).split("\n").slice(2).join("\n");
    await lectern.stream(large, (stream) => stream.video !== null);
    await lectern.stream(small, (stream) => stream.video !== null);
    const page = await openSmallPage(scope, { expected: /ERR_CONNECTION/ });
    await page.route(/large-\d\.m3u8/, async (route) => {
      const body = `#EXTM3U\n#EXT-X-VERSION:9\n${await rung(large)}${await rung(small)}`;
      await route.fulfill({ contentType: "application/vnd.apple.mpegurl", body });
    });
    await page.goto(`${lectern.http}/embed/${large}?protocol=hls`);
    await live(page);
    const menu = page.getByLabel("Quality");
    assert.match((await menu.locator("option").allTextContents()).join(), /^Auto \(\d+p\),180p,144p$/);
    await menu.selectOption({ label: "144p" });
    await until(async () => (await playerState(page)).width === 256, "the smaller picture");
    await menu.selectOption({ label: "180p" });
    await until(async () => (await playerState(page)).width === 320, "the larger picture");
    const { stalls } = await playerState(page);
    return those({ [`${stalls} stalls`]: stalls > 0 });
  });
});

test("a student who returns sees the first picture within a second, and nothing jumps", async (t) => {
  const server = await sharedLectern();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions" });
  push(t, lesson.stream.rtmpUrl);
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const page = await openOwnPage(t, { viewport: { width: 360, height: 740 } }, server.http);
  await page.addInitScript(() => {
    const seen = { shift: 0, paint: 0, blocked: 0, firstFrame: 0 };
    (window as unknown as { seen: typeof seen }).seen = seen;
    type Shift = PerformanceEntry & { value: number };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as Shift).value;
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      seen.paint = list.getEntries().at(-1)?.startTime ?? seen.paint;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.blocked += Math.max(0, duration - 50);
    }).observe({ type: "longtask", buffered: true });
    addEventListener("lectern-first-frame", () => {
      seen.firstFrame ||= performance.now();
    });
  });
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await moves(page, "the picture");
  const visits: { shift: number; paint: number; blocked: number; firstFrame: number }[] = [];
  for (let i = 0; i < (runsRare ? 3 : 1); i++) {
    await page.reload();
    await moves(page, "the picture again");
    visits.push(
      await page.evaluate(
        () => (window as unknown as { seen: { shift: number; paint: number; blocked: number; firstFrame: number } }).seen,
      ),
    );
  }
  for (const { shift, paint, blocked, firstFrame } of visits)
    t.diagnostic(
      `first picture ${Math.round(firstFrame)} ms, largest paint ${Math.round(paint)} ms, layout shift ${shift.toFixed(3)}, blocked ${Math.round(blocked)} ms`,
    );
  const best = Math.min(...visits.map(({ firstFrame }) => firstFrame));
  assert.ok(!runsRare || best < 1000, `the first picture came after ${Math.round(best)} ms`);
  assert.ok(
    visits.every(({ shift }) => shift < 0.01),
    "something jumps",
  );
});
