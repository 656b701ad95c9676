/**
 * What a class page says and offers when something does not go as planned: no picture, a lost connection, a wrong code, a removal, a replay that
 * fails, a page that is closed; and that nothing of the player is off the screen of a phone. Only with --all.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { allAxeFaults } from "./axe-faults.ts";
import { openOwnPage, openPage, playerState, withoutSoundBeforeTouch } from "./chromium.ts";
import { newPerson } from "./console-school.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body, done, push } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { pdfOf } from "./pdf-files.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import { slowLink } from "./slow-link.ts";
import { picture } from "./stage-pages.ts";
import { settled, upload } from "./uploads.ts";

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
/** A frozen picture may be called live for three seconds, and one more on a machine that draws two videos; where others use it, only a hang takes so long. */
const SAYS_WITHIN_MS = runsRare ? 4000 : 30_000;

const server = () => sharedLectern();

async function liveLesson(t: Parameters<typeof push>[0], more: object = {}) {
  const lectern = await server();
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", ...more });
  const publisher = push(t, lesson.stream.rtmpUrl, "calm");
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  return { lectern, lesson, publisher };
}

/** A lesson that was recorded for long enough to be resumed, and is over. Begun with the file, so that it is there when it is needed. */
const recorded = (async () => {
  const started = await server();
  const { items } = await done(started, "GET", "/schools");
  const teacher = await newPerson(started, items[0].id, "teacher", "Wang Fang");
  const { lectern, lesson, publisher } = await liveLesson(wholeFile, { record: true, teacherId: teacher.id });
  const find = async () => (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items[0] ?? null;
  await until(async () => ((await find())?.seconds ?? 0) > 32, "half a minute of a recording");
  publisher.child.kill("SIGKILL");
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  const recording = await until(async () => ((await find())?.whole ? await find() : null), "the recording");
  return { lectern, lesson, recording: recording as Body, teacher };
})();
recorded.catch(() => {});

async function join(page: Page, lectern: Lectern, lesson: Body, name: string, address = lectern.http): Promise<void> {
  await page.goto(`${address}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Join class" }).press("Enter");
}

const isLive = (page: Page) => until(async () => (await playerState(page)).state === "live", "a live picture");

/** What the page calls live: in its bar and in the player. */
const badges = (page: Page) =>
  page.evaluate(() => {
    const player = document.querySelector("lectern-player");
    const words = (element: Element | null | undefined) => element?.textContent ?? "";
    return {
      bar: words(document.querySelector(".class-bar .live")),
      button: words(player?.shadowRoot?.querySelector(".live")),
      status: words(player?.shadowRoot?.querySelector('[role="status"]')),
      isRed: player?.shadowRoot?.querySelector(".live")?.classList.contains("at-edge") ?? false,
    };
  });

/** Notes in the page when no badge says that it is live any more, and gives how long that took after an action. */
async function notLiveAfter(page: Page, action: () => void): Promise<number> {
  await page.evaluate(() => {
    const player = document.querySelector("lectern-player");
    const note = (): void => {
      const bar = document.querySelector(".class-bar .live")?.textContent ?? "";
      const button = player?.shadowRoot?.querySelector(".live");
      if (bar !== "Live now" && button?.textContent !== "Live" && !button?.classList.contains("at-edge"))
        Object.assign(globalThis, { notLiveAt: Date.now() });
      else requestAnimationFrame(note);
    };
    note();
  });
  const at = Date.now();
  action();
  const noted = () => page.evaluate(() => (globalThis as unknown as { notLiveAt?: number }).notLiveAt ?? null);
  return (await until(noted, "another word than live")) - at;
}

test("a picture that stands still because the teacher's uplink died is not called live three seconds later, and says for how long", async (t) => {
  const { lectern, lesson, publisher } = await liveLesson(t);
  const page = await openOwnPage(t, PHONE, lectern.http);
  await join(page, lectern, lesson, "Li Mei");
  await isLive(page);
  assert.deepEqual([(await badges(page)).bar, (await badges(page)).button], ["Live now", "Live"]);
  const took = await notLiveAfter(page, () => publisher.child.kill("SIGSTOP"));
  t.diagnostic(`${took} ms`);
  assert.ok(took < SAYS_WITHIN_MS, `${took} ms`);
  await until(async () => (await badges(page)).bar === "No picture from the teacher", "the word of the bar");
  const { button, status, isRed } = await badges(page);
  assert.deepEqual([button, isRed], ["No picture", false]);
  assert.match(status, /^Your teacher's connection broke off\. Stay here, it goes on by itself\. \(0:\d\d\)$/);
  assert.equal((await playerState(page)).state, "reconnecting");
  publisher.child.kill("SIGCONT");
  await until(async () => (await badges(page)).bar === "Live now", "the picture");
  await isLive(page);
});

test("a teacher who is cut off for longer than the stream's grace keeps the lesson: who was there and who comes wait for the teacher, by name of the trouble", async (t) => {
  const lectern = await sharedLectern({ "publish.graceSeconds": "1" });
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions" });
  const publisher = push(t, lesson.stream.rtmpUrl, "calm");
  const page = await openOwnPage(t, PHONE, lectern.http);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  await join(page, lectern, lesson, "Li Mei");
  await isLive(page);
  publisher.child.kill("SIGKILL");
  const read = () => done(lectern, "GET", `/lessons/${lesson.id}`);
  await until(async () => (await read()).publisherLeftAt, "the end of the stream");
  const away =
    /^(?:Your teacher's connection broke off\. Stay here, it goes on by itself|老师的网络断开了，请留在这里，恢复后会自动继续)。?\.? ?[(（]\d+:\d\d[)）]$/;
  const saysSo = (one: Page) => until(async () => away.test((await badges(one)).status), "the words");
  await saysSo(page);
  const late = await openOwnPage(t, { ...PHONE, locale: "zh-CN" }, lectern.http);
  await late.goto(`${lectern.http}/j/${lesson.code}`);
  await late.getByLabel("你的名字").fill("王芳");
  await late.getByRole("button", { name: "进入课堂" }).press("Enter");
  await saysSo(late);
  for (const one of [page, late]) {
    assert.equal(await one.getByText(/not started|not live yet|尚未开始|has ended|已结束/).count(), 0);
    assert.equal(await one.locator(".lobby").count(), 0);
  }
  await picture(page, "teacher-away");
  assert.equal((await read()).state, "live");
  push(t, lesson.stream.rtmpUrl, "calm");
  for (const one of [page, late]) await isLive(one);
  await until(async () => (await read()).publisherLeftAt === null, "the teacher");
});

test("a picture that stands still because the viewer's line is dead says that it reconnects", async (t) => {
  const { lectern, lesson } = await liveLesson(t);
  const link = await slowLink(t, lectern.httpPort);
  const page = await openPage(t, { ...PHONE, expected: /ERR_|Failed to load|WebSocket/ });
  await join(page, lectern, lesson, "Li Mei", `http://127.0.0.1:${link.port}`);
  await isLive(page);
  const took = await notLiveAfter(page, () => link.limit(0));
  t.diagnostic(`${took} ms`);
  assert.ok(took < SAYS_WITHIN_MS, `${took} ms`);
  await until(async () => (await badges(page)).bar === "Reconnecting…", "the word of the bar");
  const { button, status } = await badges(page);
  assert.deepEqual([button, status], ["Reconnecting…", "Connection lost. Reconnecting…"]);
  link.limit(null);
  await isLive(page);
});

test("after joining, the focus is in the class, and the next stop of the keyboard is one of it", async (t) => {
  const { lectern, lesson } = await liveLesson(t);
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, lectern.http);
  await join(page, lectern, lesson, "Li Mei");
  await isLive(page);
  assert.equal(await page.evaluate(() => document.activeElement?.localName), "main");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.localName), "lectern-player");
});

/** Collects every text that the player has shown over the picture. */
async function noteWords(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const words = new Set<string>();
    Object.assign(globalThis, { words });
    const look = (): void => {
      const text = document.querySelector("lectern-player")?.shadowRoot?.querySelector('[role="status"]')?.textContent;
      if (text) words.add(text);
      requestAnimationFrame(look);
    };
    look();
  });
  return () => page.evaluate(() => [...(globalThis as unknown as { words: Set<string> }).words]);
}

test("a removed guest reads that they were removed, and nothing of a link; a reload offers no form that would be refused", async (t) => {
  const { lectern, lesson } = await liveLesson(t);
  const page = await openOwnPage(
    t,
    { ...PHONE, expected: /ERR_FAILED|ERR_CONNECTION|status of 40[0-9]|status of 503/ },
    lectern.http,
  );
  // Rooms tell it too; where they do not pass, the refused stream does.
  await page.route("**/api/v1/rooms/**", (route) => route.abort());
  await page.routeWebSocket(/\/rooms\//, (socket) => void socket.close());
  await join(page, lectern, lesson, "Li Mei");
  await isLive(page);
  const words = await noteWords(page);
  const { items } = await done(lectern, "GET", `/lessons/${lesson.id}/participants`);
  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${items[0].id}`);
  await page.getByRole("heading", { name: "You were removed from this lesson" }).waitFor();
  assert.deepEqual(
    (await words()).filter((text) => /link/i.test(text)),
    [],
  );
  await page.reload();
  await page.getByRole("alert").getByText("You were removed from this lesson").waitFor();
  assert.equal(await page.getByRole("button", { name: "Join class" }).count(), 0);
  await page.getByRole("link", { name: "Enter another code" }).click();
  await page.getByLabel("Lesson code").waitFor();
});

test("a guest who is turned away at the door was not removed; the way out is there before", async (t) => {
  const { lectern, lesson } = await liveLesson(t, { waitingRoom: true });
  const page = await openOwnPage(t, PHONE, lectern.http);
  await join(page, lectern, lesson, "Li Mei");
  await page.getByText("Please wait. Your teacher will let you in.").waitFor();
  assert.equal(await page.getByRole("link", { name: "Leave" }).getAttribute("href"), "/");
  const { items } = await done(lectern, "GET", `/lessons/${lesson.id}/participants`);
  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${items[0].id}`);
  await page.getByText("Your teacher did not let you in.").waitFor();
});

test("parts of the class whose code is lost on the line come later by themselves, and the picture plays meanwhile", async (t) => {
  const { lectern, lesson } = await liveLesson(t);
  const page = await openPage(t, { ...PHONE, expected: /ERR_FAILED/ });
  let lost = 0;
  await page.route(/\/assets\/(?:class-room|stage-board)-[^/]*\.js$/, (route) => (lost++ < 2 ? route.abort() : route.continue()));
  await join(page, lectern, lesson, "Li Mei");
  await isLive(page);
  await page.getByRole("button", { name: "Raise hand" }).waitFor();
  assert.ok(lost > 2, `${lost} requests`);
});

/** Notes what moves on the stage of a page while nobody touches it. Runs before the page's own scripts. */
function noteShifts(): void {
  type Shift = PerformanceEntry & { hadRecentInput: boolean; sources: { node: Element | null }[] };
  const shifts: string[] = [];
  Object.assign(globalThis, { shifts });
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources, startTime } of list.getEntries() as Shift[])
      for (const { node } of hadRecentInput ? [] : sources)
        if (node?.parentElement?.closest(".stage-area")) shifts.push(`${node.className} after ${Math.round(startTime)} ms`);
  }).observe({ type: "layout-shift", buffered: true });
}

/** Shows the first of two slides on the lesson's board. */
async function showSlides(lectern: Lectern, lesson: Body): Promise<void> {
  const material = await upload(lectern, "fractions.pdf", pdfOf(["Thirds", "Quarters"]));
  assert.equal((await settled(lectern, material)).state, "ready");
  await done(lectern, "PUT", `/lessons/${lesson.id}/materials/${material}`, { opened: true });
  const act = (id: string, body: object) =>
    done(lectern, "POST", `/lessons/${lesson.id}/room/entries`, { id, kind: "page", ...body });
  const { answer } = await act("action-1", { action: "open", material });
  await act("action-2", { action: "show", page: `${answer.set}.1` });
}

test("a class whose board shows a page is laid out for it at once; where its room does not answer, the camera has the stage", async (t) => {
  const { lectern, lesson } = await liveLesson(t);
  await showSlides(lectern, lesson);
  const page = await openPage(t, { ...PHONE, expected: /ERR_FAILED/ });
  await join(page, lectern, lesson, "Li Mei");
  await page.locator(".board-layer").first().waitFor();
  assert.equal(await page.locator(".board-awaited").count(), 0, "the board is there");
  // As the guest who returns: without a form, whose button would excuse whatever moves behind it.
  await page.addInitScript(noteShifts);
  await page.reload();
  await page.locator(".board-layer").first().waitFor();
  await isLive(page);
  assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts), []);

  await page.routeWebSocket(/\/api\/v1\/rooms\//, () => {});
  await page.route(/\/api\/v1\/rooms\/(?!.*\/slides\/)/, (route) => route.abort());
  await page.reload();
  await page.locator(".with-board > .stage-board > .board-awaited").waitFor();
  await until(
    () => page.locator(".board-awaited").evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
    "the picture of the page",
  );
  if (process.env["SCREENSHOTS"]) await page.screenshot({ path: `${process.env["SCREENSHOTS"]}/board-awaited.png` });
  await page.locator(".stage:not(.with-board)").waitFor();
  await isLive(page);
});

test("on a phone with slides sound and what is wrong are told over the slide, and nothing lies over the face in the corner but what swaps the two", async (t) => {
  const { lectern, lesson, publisher } = await liveLesson(t);
  await showSlides(lectern, lesson);
  const page = await openOwnPage(t, PHONE, lectern.http);
  await join(page, lectern, lesson, "Li Mei");
  await isLive(page);
  await withoutSoundBeforeTouch(page);
  await page.reload();
  const offer = page.getByRole("button", { name: "Tap for sound" }).and(page.locator(".stage-sound"));
  await offer.waitFor();
  await picture(page, "phone-slides-sound");
  const box = await offer.boundingBox();
  assert.ok(box && box.width > 320 && box.height >= 44 && box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
  const shown = await page
    .locator("lectern-player")
    .evaluate((player) =>
      [...(player.shadowRoot?.querySelectorAll("button, .bar") ?? [])]
        .filter((one) => one.checkVisibility())
        .map((one) => one.className),
    );
  assert.deepEqual(shown, []);
  await offer.tap();
  await until(async () => !(await playerState(page)).muted, "the sound");
  assert.equal(await offer.count(), 0);
  publisher.child.kill("SIGKILL");
  const status = page.locator(".stage-notice");
  await status.getByText("Your teacher's connection broke off.").waitFor();
  await picture(page, "phone-slides-broke-off");
  const words = await status.boundingBox();
  assert.ok(words && words.width > 200 && words.x >= 0 && words.x + words.width <= 360, JSON.stringify(words));
  assert.deepEqual(await allAxeFaults(page), []);
});

test("a wrong code can be corrected where it was found to be wrong", async (t) => {
  const { lectern, lesson } = await liveLesson(t);
  const page = await openOwnPage(t, PHONE, lectern.http);
  await page.goto(`${lectern.http}/j/AAAABBBB`);
  await page.getByRole("alert").getByText("There is no lesson with this code").waitFor();
  const field = page.getByLabel("Lesson code");
  assert.equal(await field.inputValue(), "AAAABBBB");
  assert.deepEqual(await allAxeFaults(page), []);
  await field.fill(lesson.code.toLowerCase());
  await field.press("Enter");
  await page.getByLabel("Your name").waitFor();
});

/** The controls of a player that are not wholly on the screen, or inside its picture. */
const outside = (page: Page, name: string) =>
  page.evaluate((element) => {
    const player = document.querySelector(element);
    const picture = player?.getBoundingClientRect();
    const controls = [...(player?.shadowRoot?.querySelectorAll(".bar button, .bar select, .bar input, .bar .clock") ?? [])];
    return controls
      .map((control) => [control.className, control.getBoundingClientRect()] as const)
      .filter(([, { width }]) => width > 0)
      .filter(([, { left, right }]) => left < (picture?.left ?? 0) || right > Math.min(innerWidth, picture?.right ?? 0))
      .map(([what, { right }]) => `${what} ends at ${right}`);
  }, name);

test("on the narrowest phones every control of the player, of the rewound lesson and of the replay is on the screen", async (t) => {
  const { lectern, lesson } = await liveLesson(t, { record: true });
  const page = await openOwnPage(t, PHONE, lectern.http);
  await join(page, lectern, lesson, "Li Mei");
  await isLive(page);
  const narrow = async (name: string) => {
    for (const width of [360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      assert.deepEqual(await outside(page, name), [], `${name} at ${width} px`);
      assert.ok(await page.locator(`${name} .full`).isVisible());
    }
    await page.setViewportSize(PHONE.viewport);
  };
  await narrow("lectern-player");
  await page.getByRole("button", { name: "Rewind" }).click();
  await page.locator("lectern-replay .full").waitFor();
  await narrow("lectern-replay");
  const { lesson: past } = await recorded;
  await page.goto(`${lectern.http}/j/${past.code}`);
  await page.locator("lectern-replay .full").waitFor();
  await narrow("lectern-replay");
});

const replayTime = (page: Page) =>
  page.evaluate(() => document.querySelector("lectern-replay")?.shadowRoot?.querySelector("video")?.currentTime ?? 0);

async function openReplay(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator("lectern-replay").waitFor();
  await until(async () => (await replayTime(page)) > 0, "the recording");
}

test("a replay whose request fails says so, comes by itself, and at once with a button; so does its playlist", async (t) => {
  const { lectern, lesson } = await recorded;
  const page = await openOwnPage(t, PHONE, lectern.http);
  const refuse = {
    status: 503,
    contentType: "application/problem+json",
    body: '{"code":"database-away","detail":"Busy","status":503}',
  };
  let failures = 1;
  await page.route("**/api/v1/recordings/*/links", (route) => (failures-- > 0 ? route.fulfill(refuse) : route.continue()));
  await page.goto(`${lectern.http}/j/${lesson.code}`);
  const words = page.getByRole("alert").getByText("The recording could not be loaded. Trying again…");
  await words.waitFor();
  const saidAt = performance.now();
  await page.getByRole("button", { name: "Try again" }).click();
  await until(async () => (await replayTime(page)) > 0, "the recording");
  t.diagnostic(`${performance.now() - saidAt} ms after the button`);
  // By itself.
  failures = 1;
  await page.reload();
  await words.waitFor();
  await until(async () => (await replayTime(page)) > 0, "the recording by itself");
  // The list of recordings, then the playlist.
  let lists = 1;
  await page.route("**/invitations/*/recordings", (route) => (lists-- > 0 ? route.fulfill(refuse) : route.continue()));
  await page.reload();
  await words.waitFor();
  await until(async () => (await replayTime(page)) > 0, "the recording after its list");
  let isBusy = true;
  await page.route("**/vod/*.m3u8*", (route) => (isBusy ? route.fulfill(refuse) : route.continue()));
  await page.reload();
  const replay = page.locator("lectern-replay");
  await replay.getByText("Too many viewers at the moment. Trying again…").waitFor();
  isBusy = false;
  await replay.getByRole("button", { name: "Try again" }).click();
  await until(async () => (await replayTime(page)) > 0, "the recording after its playlist");
  await page.getByRole("link", { name: "Leave" }).click();
  await page.getByLabel("Lesson code").waitFor();
});

test("a guest who is removed before the lesson is promised no video, in the class and after a reload", async (t) => {
  const lectern = await server();
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions" });
  const page = await openOwnPage(t, { ...PHONE, expected: /status of 40[0-9]|response code: 403/ }, lectern.http);
  await join(page, lectern, lesson, "Li Mei");
  const promise = page.getByText("The lesson is not live yet");
  const participants = async () => (await done(lectern, "GET", `/lessons/${lesson.id}/participants`)).items;
  await until(async () => (await participants()).length > 0, "the guest in the class");
  await promise.first().waitFor();
  const [{ id }] = await participants();
  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${id}`);
  await page.getByRole("heading", { name: "You were removed from this lesson" }).waitFor();
  assert.equal(await promise.count(), 0);
  await page.reload();
  await page.getByRole("alert").getByText("You were removed from this lesson").waitFor();
  assert.equal(await promise.count(), 0);
});

test("a removed guest reads after the lesson why there is no replay", async (t) => {
  const { lectern, lesson } = await liveLesson(t, { record: true });
  // The room refuses a guest who is not there any more, as the stream does.
  const page = await openOwnPage(t, { ...PHONE, expected: /status of 40[0-9]|response code: 403/ }, lectern.http);
  await join(page, lectern, lesson, "Li Mei");
  await isLive(page);
  const { items } = await done(lectern, "GET", `/lessons/${lesson.id}/participants`);
  await until(async () => (await done(lectern, "GET", `/recordings?lessonId=${lesson.id}`)).items.length > 0, "a recording");
  await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${items[0].id}`);
  await done(lectern, "POST", `/lessons/${lesson.id}/end`);
  await page.reload();
  await page.getByRole("alert").getByText("You were removed from this lesson").waitFor();
});

test("where a recording is resumed: after a pause, after a seek, and after a page that was closed, on this device and on another", async (t) => {
  const { lectern, lesson, recording, teacher } = await recorded;
  const address = `${lectern.http}/j/${lesson.code}`;
  const page = await openOwnPage(t, PHONE, lectern.http);
  const stored = () => page.evaluate((id) => Number(localStorage.getItem(`lectern.at.${id}`)), recording.id);
  const near = (seconds: number, wanted: number) => Math.abs(seconds - wanted) < 1.5;
  const seek = (of: Page, seconds: number) =>
    of.evaluate((to) => {
      const player = document.querySelector("lectern-replay");
      if (player) player.currentTime = to;
    }, seconds);
  const isThere = (of: Page, seconds: number) => until(async () => near(await replayTime(of), seconds), `${seconds} s`);
  await openReplay(page, address);
  // What plays is stored from time to time; what is paused is not.
  await page.evaluate(() => document.querySelector("lectern-replay")?.pause());
  await seek(page, 14);
  await until(async () => near(await stored(), 14), "the place of the seek");
  await page.evaluate(() => document.querySelector("lectern-replay")?.play());
  await until(async () => (await replayTime(page)) > 15.5, "some seconds");
  await page.evaluate(() => document.querySelector("lectern-replay")?.pause());
  await until(async () => Math.abs((await stored()) - (await replayTime(page))) < 0.3, "the place of the pause");
  // While it plays, a page is closed between two looks.
  await page.evaluate(() => document.querySelector("lectern-replay")?.play());
  await until(async () => (await replayTime(page)) > 17, "more seconds");
  const left = await replayTime(page);
  await page.goto(`${lectern.http}/`);
  assert.ok((await stored()) >= left - 0.3, `${await stored()}, left at ${left}`);
  await openReplay(page, address);
  assert.ok((await replayTime(page)) >= left - 1, `${await replayTime(page)}, left at ${left}`);

  // A person who is signed in goes on on another device.
  const placeOf = async () =>
    (await ask(lectern, "POST", `/recordings/${recording.id}/links`, { code: lesson.code }, teacher.token)).body.place;
  const member = await openOwnPage(t, PHONE, lectern.http);
  await signInBrowser(member.context(), lectern.http, teacher.token);
  await openReplay(member, address);
  await member.evaluate(() => document.querySelector("lectern-replay")?.pause());
  await seek(member, 21);
  await isThere(member, 21);
  await until(async () => near((await placeOf()) ?? 0, 21), "the place of the seek");
  await member.evaluate(() => document.querySelector("lectern-replay")?.play());
  await until(async () => (await replayTime(member)) > 22.5, "some seconds");
  const last = await replayTime(member);
  await member.close();
  await until(async () => ((await placeOf()) ?? 0) >= last - 0.5, "the place of the closed page");
});

test("the page of a stream and the frame have no fault for axe: a list of addresses, a main part, a heading", async (t) => {
  const { lectern, lesson } = await liveLesson(t);
  const link = new URL(lesson.play.flv ?? "", lectern.http).search;
  for (const path of [`/?stream=${lesson.stream.name}&${link.slice(1)}`, `/embed/${lesson.stream.name}${link}`]) {
    const page = await openOwnPage(t, PHONE, lectern.http);
    await page.goto(lectern.http + path);
    await page.locator("lectern-player .bar").waitFor();
    assert.deepEqual(await allAxeFaults(page), [], path);
    await page.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
    await page.context().close();
  }
});
