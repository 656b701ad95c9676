/** The wall of those who supervise, in Chromium with answers of the API: a thousand candidates, what needs attention, keys, messages and acts, and how it looks. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import type { ExamWall, SupervisedCandidate } from "../packages/client/src/index.ts";
import { consoleAnswers } from "./console-answers.ts";
import { until } from "./lectern.ts";
import { faultsAtSizes } from "./page-faults.ts";
import { servePages } from "./served-pages.ts";

const MINUTE_MS = 60_000;
const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
  { width: 2560, height: 1440 },
] as const;
type Item = ExamWall["items"][number];

const now = Date.now();
const at = (minutes: number) => new Date(now + minutes * MINUTE_MS).toISOString();
const idOf = (n: number) => `01m8qgabpjwm5dzgpejj${String(n).padStart(6, "0")}`;
const NAMES = ["Li Lei 李雷", "Han Meimei", "Anna Schmidt-Hohenstein", "王芳", "Zhang Wei", "欧阳娜娜"];
const ATTENTION = [
  ["no-picture", "network-away"],
  ["facts"],
  ["empty-picture"],
  ["screen-missing"],
  ["paused"],
  ["uplink-poor"],
] as const;

function candidate(n: number): Item {
  const attention = [...(ATTENTION[n] ?? [])];
  const isLive = n !== 0;
  const stream = { live: isLive, since: isLive ? at(-5) : null, still: isLive ? `/live/c${n}.frame?sig=1` : null, uplink: null };
  return {
    attemptId: idOf(n),
    name: `${NAMES[n % NAMES.length]} ${n}`,
    login: n % 5 === 4 ? null : `2026${1000 + n}`,
    groupId: idOf(n % 2),
    state: n === 4 ? "paused" : n % 17 === 16 ? "handed-in" : "sitting",
    startedAt: at(-10),
    endsAt: at(30),
    extraSeconds: 0,
    pausedAt: n === 4 ? at(-1) : null,
    heardAt: at(0),
    streams: { camera: stream, screen: { ...stream, still: null } },
    attention,
    facts: { count: 1, newest: [{ fact: "page-left", detail: "", at: at(-1) }] },
    unseenMessages: n === 1 ? 1 : 0,
    notes: n === 0 ? 2 : 0,
  };
}

const ALL = Array.from({ length: 1000 }, (_, n) => candidate(n));

function detailOf(item: Item): SupervisedCandidate {
  return {
    ...item,
    streams: Object.fromEntries(
      Object.entries(item.streams).map(([kind, stream]) => [
        kind,
        { ...stream, play: null, uplink: { kbps: 108, fps: 5, health: "good" as const, verdict: "" } },
      ]),
    ),
    facts: {
      count: 2,
      newest: [
        { fact: "page-left", detail: "", at: at(-1) },
        { fact: "large-paste", detail: "312", at: at(-3) },
      ],
    },
    answered: 17,
    notes: [{ id: idOf(7001), text: "A second person was in the room.", by: "Wang Fang", at: at(-2) }],
    messages: [{ id: idOf(8001), text: "Please turn the camera. 请转动摄像头。", by: "Wang Fang", at: at(-4), seenAt: at(-4) }],
    answers: [{ question: "q2", at: at(-0.95) }],
    talk: null,
    recordings: (["camera", "screen"] as const).map((kind, n) => ({
      id: idOf(9001 + n),
      kind,
      startedAt: new Date(Date.parse(at(-1)) - 2000).toISOString(),
      seconds: 5,
      whole: true,
      play: { hls: `/vod/${kind}.m3u8?sign=1`, mp4: `/vod/${kind}.mp4?sign=1` },
    })),
  };
}

async function openWall(t: TestContext, options: Parameters<Awaited<ReturnType<typeof servePages>>["open"]>[1] = {}) {
  const acts: unknown[] = [];
  const frames = new Set<string>();
  const { getMe: me, getBrand: brand } = consoleAnswers("teacher");
  const { open } = await servePages(t, {
    getMe: me,
    getBrand: brand,
    getExamWall: ({ query: { offset = 0, limit = 50, q = "" } }) => {
      const found = ALL.filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()));
      return {
        title: "Mathematics, final examination 2026 期末考试",
        opensAt: at(-20),
        closesAt: at(60),
        now: at(0),
        pollSeconds: 3,
        supervision: { camera: "required", screen: true, phone: false, keepDays: 30 },
        groups: [
          { id: idOf(0), name: "Room 101 一班", candidates: 500, attention: 3 },
          { id: idOf(1), name: "Room 102", candidates: 500, attention: 0 },
        ],
        counts: { waiting: 0, sitting: 941, paused: 1, handedIn: 58, attention: 6 },
        total: found.length,
        items: found.slice(Number(offset), Number(offset) + Number(limit)),
      };
    },
    getSupervisedCandidate: ({ params }) =>
      detailOf(ALL.find(({ attemptId }) => attemptId === params["attemptId"]) ?? candidate(0)),
    messageExamCandidates: ({ body }) => {
      acts.push(body);
      return { sent: body.attemptIds ? 1 : 942 };
    },
    noteExamCandidate: ({ body }) => {
      acts.push(body);
      return { id: idOf(7002), text: body.text, by: "Wang Fang", at: at(0) };
    },
    changeSupervisedCandidate: ({ params, body }) => {
      acts.push(body);
      return detailOf(ALL.find(({ attemptId }) => attemptId === params["attemptId"]) ?? candidate(0));
    },
  });
  const page = await open("/exam", { viewport: { width: 1440, height: 900 }, ...options });
  // One key frame of a real stream for all.
  const frame = readFileSync(join(import.meta.dirname, "clips/candidate.h264"));
  await page.route(/\.frame\?/, (route) => {
    frames.add(new URL(route.request().url()).pathname);
    return route.fulfill({ body: frame, headers: { "x-codec": "avc1.42c01e", etag: `"${frames.size}"` } });
  });
  await page.goto(`${new URL(page.url()).origin}/supervision/${idOf(9)}`);
  await page.locator(".tile").first().waitFor();
  return { page, acts, frames };
}

/** Nothing is asked for any more when the page is closed. */
const leave = (page: Page) => page.goto("about:blank");

const tile = (page: Page, n: number) => page.locator(".tile").nth(n);

test("of a thousand candidates the wall shows those of one screen, and fetches the pictures of those alone", async (t) => {
  const { page, frames } = await openWall(t);
  const shown = await page.locator(".tile").count();
  assert.ok(shown >= 12 && shown <= 50, String(shown));
  await page.getByText(`1 to ${shown} of 1000`).waitFor();
  await page.getByText("6 need attention").waitFor();
  assert.match((await tile(page, 0).textContent()) ?? "", /No picture.*Li Lei/s);
  assert.match((await tile(page, 1).textContent()) ?? "", /Left the page/, "what was noted is named");
  await until(async () => frames.size > 8, "the pictures");
  assert.ok(frames.size < shown + 1, `${frames.size} of ${shown}`);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText(`${shown + 1} to ${2 * shown} of 1000`).waitFor();
  await page.getByRole("searchbox", { name: "Name or number" }).fill("欧阳娜娜 5");
  await until(async () => (await page.locator(".tile").first().textContent())?.includes("欧阳娜娜 5"), "who was looked for");
  await leave(page);
});

test("arrows move, Enter opens, M and N write, Escape closes, ? lists the keys", async (t) => {
  const { page, acts } = await openWall(t);
  await tile(page, 0).focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await tile(page, 1).evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Enter");
  const panel = page.getByRole("region", { name: "Han Meimei 1" });
  await panel.getByText("Pasted a long text (312 letters)").waitFor();
  await page.keyboard.press("m");
  await page.keyboard.type("Look at the camera");
  await page.keyboard.press("Control+Enter");
  await page.getByText("The message is sent").waitFor();
  await panel.getByRole("heading", { level: 2 }).focus();
  await page.keyboard.press("n");
  await page.keyboard.type("Asked once");
  await page.keyboard.press("Control+Enter");
  await page.getByText("The note is kept").waitFor();
  assert.deepEqual(acts, [{ text: "Look at the camera", attemptIds: [idOf(1)] }, { text: "Asked once" }]);
  await page.keyboard.press("Escape");
  await until(async () => (await panel.count()) === 0, "the panel to close");
  assert.ok(await tile(page, 1).evaluate((element) => element === document.activeElement));
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await leave(page);
});

test("the clock is stopped at once, an attempt ends after a confirmation, and a message goes to all", async (t) => {
  const { page, acts } = await openWall(t);
  await tile(page, 2).click();
  await page.getByRole("button", { name: "Stop the clock" }).click();
  await page.getByText("The clock of Anna Schmidt-Hohenstein 2 stands").waitFor();
  await page.getByLabel("More time").selectOption({ label: "5 minutes more" });
  await page.getByText("has 5 minutes more").waitFor();
  await page.getByRole("button", { name: "End the attempt" }).click();
  assert.equal(acts.length, 2, "it asks first");
  await page.getByRole("button", { name: "End it now" }).click();
  await page.getByText("has ended").waitFor();
  await page.getByRole("button", { name: "Message to all" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Ten more minutes");
  await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
  await page.getByText("Sent to 942 candidates").waitFor();
  assert.deepEqual(acts, [{ paused: true }, { addSeconds: 300 }, { end: true }, { text: "Ten more minutes" }]);
  await leave(page);
});

test("what was recorded is played from the moment of a fact, on one axis with what was noted and the answers", async (t) => {
  const { page } = await openWall(t);
  const film = readFileSync(join(import.meta.dirname, "clips/h264opus.source.mp4"));
  const asked: string[] = [];
  await page.route(/\/vod\//, (route) => {
    asked.push(new URL(route.request().url()).pathname);
    const [, from = "0"] = /bytes=(\d+)-/.exec(route.request().headers()["range"] ?? "") ?? [];
    const headers = { "accept-ranges": "bytes", "content-range": `bytes ${from}-${film.length - 1}/${film.length}` };
    return route.fulfill({ status: 206, body: film.subarray(Number(from)), contentType: "video/mp4", headers });
  });
  await tile(page, 1).click();
  const panel = page.locator(".wall-panel");
  await panel.locator(".axis").waitFor();
  assert.deepEqual(
    await panel.locator(".axis-mark").evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-kind")).toSorted()),
    ["answer", "fact", "fact", "message", "note"],
  );
  assert.equal(await panel.locator(".axis-bar").count(), 2);
  await panel.getByRole("listitem").filter({ hasText: "Left the page" }).getByRole("button").click();
  const replay = panel.locator("video.panel-replay");
  await until(async () => (await replay.evaluate((video: HTMLVideoElement) => video.currentTime)) >= 2, "the moment of the fact");
  await panel.getByLabel("Tiles show").selectOption({ label: "Screen" });
  await until(async () => asked.some((path) => path === "/vod/screen.mp4"), "the screen at the same moment");
  await until(async () => (await replay.evaluate((video: HTMLVideoElement) => video.currentTime)) >= 2, "its moment");
  await panel.getByText("Messages and notes").scrollIntoViewIfNeeded();
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: join(process.env["SCREENSHOTS"], "recordings-axis.png") });
  await leave(page);
});

for (const [locale, colorScheme] of [
  ["en-US", "light"],
  ["zh-CN", "dark"],
] as const)
  test(`the wall and a candidate fit every width, ${locale}, ${colorScheme}`, async (t) => {
    const { page } = await openWall(t, { locale, colorScheme });
    const faults: string[] = [];
    for (const size of SIZES) {
      await page.setViewportSize(size);
      for (const name of ["wall", "candidate"]) {
        if (name === "candidate") {
          await tile(page, 1).click();
          await page.locator(".panel-history li").first().waitFor();
        }
        faults.push(...(await faultsAtSizes(page, [size], name, `${locale}-${colorScheme}`, { all: SIZES })));
      }
      await page.keyboard.press("Escape");
      await until(async () => (await page.locator(".wall-panel").count()) === 0, "the panel to close");
    }
    await leave(page);
    assert.deepEqual(faults, []);
  });
