/**
 * Tools of a lesson in Chromium: the timer, a student at random, ready-made polls, stars, the order of speakers and dice, from the studio of a teacher to students on a phone and at a
 * desktop, one of whom comes late with a wrong clock; and the recording, in which a timer is right at each place.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, type Body, done, push } from "./lesson-client.ts";
import { pageFaults, smallTargets } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PICTURES = process.env["SCREENSHOTS"];
const PASSWORD = "sunlit-harbour-42";
const HOUR = 3_600_000;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1440, height: 900 } };

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

async function openLesson(t: TestContext) {
  const server = await sharedLectern();
  const slug = `tools-${Math.random().toString(36).slice(2, 10)}`;
  const { id: schoolId } = await done(server, "POST", "/schools", { slug, name: slug });
  const account = { schoolId, login: slug, name: "Wang Fang", role: "teacher", password: PASSWORD };
  const { id: teacherId } = await done(server, "POST", "/users", account);
  const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Fractions", teacherId });
  const { token } = (await ask(server, "POST", "/sessions", { school: slug, login: slug, password: PASSWORD }, null)).body;
  push(t, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const studio = async (more: object, tools = "Tools"): Promise<Page> => {
    const page = await openOwnPage(t, more, server.http);
    await signInBrowser(page.context(), server.http, token);
    await page.goto(`${server.http}/studio/${lesson.id}`);
    await page.locator(".studio-dock").getByRole("button", { name: tools }).waitFor();
    return page;
  };
  const student = async (name: string, more: object, shiftMs = 0): Promise<Page> => {
    const page = await openOwnPage(t, more, server.http);
    if (shiftMs !== 0) await shiftClock(page, shiftMs);
    await page.goto(`${server.http}/j/${lesson.code}`);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Join class" }).click();
    await page.getByLabel("Write a message").waitFor();
    return page;
  };
  return { server, lesson, studio, student };
}

/** Of a computer whose clock is wrong. */
async function shiftClock(page: Page, shiftMs: number): Promise<void> {
  await page.addInitScript((shift) => {
    const RealDate = Date;
    class ShiftedDate extends RealDate {
      static override now = (): number => RealDate.now() + shift;
      constructor(...given: unknown[]) {
        super(...((given.length === 0 ? [RealDate.now() + shift] : given) as [number]));
      }
    }
    globalThis.Date = ShiftedDate as DateConstructor;
  }, shiftMs);
}

const strip = (page: Page) => page.locator(".tool-strip");

/** Seconds that the page's strip says. */
async function stripSeconds(page: Page): Promise<number> {
  const words = (await strip(page).getByRole("timer").textContent()) ?? "";
  const [minutes, seconds] = /^(\d+):(\d\d)$/.exec(words)?.slice(1) ?? [];
  assert.ok(minutes !== undefined && seconds !== undefined, `“${words}”`);
  return Number(minutes) * 60 + Number(seconds);
}

/** The strip covers neither the picture nor the board, nor is it covered. */
async function assertBeside(page: Page, name: string): Promise<void> {
  const covered = await page.evaluate(() => {
    const box = document.querySelector(".tool-strip")?.getBoundingClientRect();
    const stages = [...document.querySelectorAll(".stage-camera, .stage-board")].map((one) => one.getBoundingClientRect());
    if (!box) return "no strip";
    const over = stages.some(
      ({ left, right, top, bottom, width }) =>
        width > 0 && box.left < right - 1 && box.right > left + 1 && box.top < bottom - 1 && box.bottom > top + 1,
    );
    const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return over ? "over the stage" : middle?.closest(".tool-strip") ? "" : "covered";
  });
  assert.equal(covered, "", name);
}

test("a timer that a teacher starts by two presses is the same for all, also who comes late with a wrong clock", async (t) => {
  const { studio, student } = await openLesson(t);
  const teacher = await studio(DESKTOP);
  const [phone, desktop] = [await student("Li Mei", PHONE), await student("Chen Jie", DESKTOP)];
  assert.equal(await strip(phone).count(), 0);

  await teacher.locator(".studio-dock").getByRole("button", { name: "Tools" }).click();
  const panel = teacher.getByRole("tabpanel", { name: "Tools" });
  await panel.getByRole("button", { name: "5 min" }).click();
  for (const page of [phone, desktop, teacher]) await strip(page).getByRole("timer").waitFor();
  const late = await student("Zhao Yun", DESKTOP, 2 * HOUR);
  await strip(late).getByRole("timer").waitFor();
  const seen = await Promise.all([phone, desktop, late, teacher].map(stripSeconds));
  assert.ok(Math.max(...seen) - Math.min(...seen) <= 1, seen.join(" "));
  assert.ok(Math.min(...seen) > 240, seen.join(" "));
  for (const [name, page] of [
    ["phone", phone],
    ["desktop", desktop],
  ] as const) {
    await assertBeside(page, name);
    await picture(page, `tools-timer-${name}`);
    assert.deepEqual(await pageFaults(page), [], name);
  }
  await picture(teacher, "tools-studio-timer");
  assert.deepEqual(await pageFaults(teacher), []);

  await panel.getByRole("button", { name: "Pause" }).click();
  await strip(phone).getByText("Paused").waitFor();
  const paused = await stripSeconds(phone);
  await panel.getByRole("button", { name: "1 minute more" }).click();
  await until(async () => (await stripSeconds(late)) === paused + 60, "a minute more");
  await panel.getByRole("button", { name: "Continue" }).click();
  await strip(phone).getByText("Paused").waitFor({ state: "detached" });
  await panel.getByRole("button", { name: "End", exact: true }).click();
  for (const page of [phone, late]) await strip(page).waitFor({ state: "detached" });

  await panel.getByRole("button", { name: "Stopwatch" }).click();
  await until(async () => (await strip(phone).count()) === 1 && (await stripSeconds(phone)) >= 2, "a stopwatch that counts up");
  await phone.reload();
  await strip(phone).getByRole("timer").waitFor();
});

test("a timer whose time is up says so; a keyboard works the tools, and nothing moves where motion is not wanted", async (t) => {
  const { studio, student, lesson, server } = await openLesson(t);
  const teacher = await studio(DESKTOP);
  const phone = await student("Li Mei", { ...PHONE, reducedMotion: "reduce" });
  await teacher.keyboard.press("t");
  const panel = teacher.getByRole("tabpanel", { name: "Tools" });
  await panel.getByLabel("Minutes").waitFor();
  await panel.getByRole("button", { name: "1 min", exact: true }).focus();
  await teacher.keyboard.press("Enter");
  await strip(phone).getByRole("timer").waitFor();
  const animation = await strip(phone)
    .locator(".tool-chip")
    .evaluate((chip) => getComputedStyle(chip).animationName);
  assert.equal(animation, "none");
  await done(server, "POST", `/lessons/${lesson.id}/room/entries`, { id: "short", kind: "timer", action: "start", seconds: 5 });
  await strip(phone).getByText("Time is up").waitFor();
  await picture(phone, "tools-over-phone");
  await panel.getByText("Time is up").waitFor();
  assert.deepEqual(await pageFaults(phone), []);
});

test("a student is picked at random, nobody twice; stars are given, seen by all, and kept with the attendance", async (t) => {
  const { server, lesson, studio, student } = await openLesson(t);
  const teacher = await studio(DESKTOP);
  const [phone, desktop] = [await student("Li Mei", PHONE), await student("Chen Jie", DESKTOP)];
  await teacher.locator(".studio-dock").getByRole("button", { name: "Tools" }).click();
  const panel = teacher.getByRole("tabpanel", { name: "Tools" });
  const pick = panel.getByRole("region", { name: "Pick a student" });
  await pick.getByRole("button", { name: "Pick a student" }).click();
  await pick.getByText("1 left").waitFor();
  const first = (await pick.locator("strong").textContent()) ?? "";
  assert.ok(["Li Mei", "Chen Jie"].includes(first), first);
  const [own, other] = first === "Li Mei" ? [phone, desktop] : [desktop, phone];
  await strip(own).getByText("You", { exact: true }).waitFor();
  await strip(other).getByText(first, { exact: true }).waitFor();
  await assertBeside(phone, "phone");
  await pick.getByRole("button", { name: "Pick the next one" }).click();
  await pick.getByText("0 left").waitFor();
  const second = (await pick.locator("strong").textContent()) ?? "";
  assert.notEqual(second, first);

  const stars = panel.getByRole("region", { name: "Stars" });
  await stars.getByRole("button", { name: "Give a star: Li Mei" }).click();
  await stars.getByRole("button", { name: "Give a star: Li Mei" }).click();
  await strip(desktop).getByText("+1 star").first().waitFor();
  await stars.getByRole("button", { name: "Take a star back: Li Mei" }).click();
  await until(async () => (await stars.locator(".star-count").allTextContents()).join() === "1", "one star");
  await picture(phone, "tools-pick-phone");
  await picture(desktop, "tools-pick-desktop");
  await picture(teacher, "tools-studio");
  for (const page of [phone, desktop, teacher]) assert.deepEqual(await pageFaults(page), []);
  const attendance = await done(server, "GET", `/lessons/${lesson.id}/attendance`);
  const counted = attendance.items.map(({ name, stars: count }: Body) => [name, count]).sort();
  assert.deepEqual(
    counted.filter(([name]: [string]) => name !== "Wang Fang"),
    [
      ["Chen Jie", 0],
      ["Li Mei", 1],
    ],
  );
});

test("an order of speakers is drawn and gone through, and dice fall the same for all", async (t) => {
  const { studio, student } = await openLesson(t);
  const teacher = await studio(DESKTOP);
  const [phone, desktop] = [await student("Li Mei", PHONE), await student("Chen Jie", DESKTOP)];
  await teacher.keyboard.press("t");
  const panel = teacher.getByRole("tabpanel", { name: "Tools" });
  await panel.getByRole("button", { name: "Draw the order" }).click();
  const order = panel.getByRole("region", { name: "Order of speakers" });
  await until(async () => (await order.getByRole("listitem").count()) === 2, "both students in the order");
  const first = (await order.getByRole("listitem").first().textContent()) ?? "";
  const [own, other] = first === "Li Mei" ? [phone, desktop] : [desktop, phone];
  await strip(own).locator(".tool-chip.urgent").getByText("You", { exact: true }).waitFor();
  await strip(other).locator("strong").getByText(first, { exact: true }).waitFor();
  await panel.getByRole("button", { name: "Throw 2 dice" }).click();
  await strip(phone).getByText("Dice").waitFor();
  await picture(phone, "tools-order-phone");
  await picture(teacher, "tools-studio-order");
  const dice = await strip(phone).locator(".tool-chip .tool-time").textContent();
  assert.match(dice ?? "", /^[1-6] · [1-6]$/);
  await until(
    async () => (await panel.getByRole("region", { name: "Dice" }).getByRole("status").textContent()) === dice,
    "the same dice",
  );
  await panel.getByRole("button", { name: "Next speaker" }).click();
  await strip(other).locator(".tool-chip.urgent").getByText("You", { exact: true }).waitFor();
  for (const page of [phone, teacher]) assert.deepEqual(await pageFaults(page), []);
  await panel.getByRole("button", { name: "Next speaker" }).click();
  await order.getByRole("list").waitFor({ state: "detached" });
});

test("a ready-made poll opens by one press for students, and another one takes its place", async (t) => {
  const { studio, student } = await openLesson(t);
  const teacher = await studio(DESKTOP);
  const phone = await student("Li Mei", PHONE);
  await teacher.locator(".studio-dock").getByRole("button", { name: "Tools" }).click();
  const polls = teacher.getByRole("tabpanel", { name: "Tools" }).getByRole("region", { name: "Quick polls" });
  await polls.getByRole("button", { name: "Yes / no" }).click();
  await phone.getByRole("button", { name: "Yes", exact: true }).click();
  await polls.getByText("1 of 1 answered").waitFor();
  await polls.getByRole("button", { name: "Too fast / too slow" }).click();
  await phone.getByRole("heading", { name: "How is the pace?" }).waitFor();
  await phone.getByRole("button", { name: "Just right" }).click();
  await phone.getByText("Sent: Just right.").waitFor();
  await polls.getByText("Anonymous").waitFor();
  await picture(teacher, "tools-studio-poll");
  await picture(phone, "tools-poll-phone");
  await polls.getByRole("button", { name: "1 to 5" }).click();
  await phone.getByRole("button", { name: "4", exact: true }).click();
  await phone.getByText("Sent: 4.").waitFor();
  assert.deepEqual(await pageFaults(teacher), []);
});

test("a class is divided into groups: they write among themselves, call the teacher, who visits, moves people and brings all back", async (t) => {
  const { studio, student } = await openLesson(t);
  const teacher = await studio(DESKTOP);
  const phone = await student("Li Mei", { ...PHONE, locale: "en" });
  const desktop = await student("Chen Jie", DESKTOP);
  await teacher.locator(".studio-dock").getByRole("button", { name: "Tools" }).click();
  const tool = teacher.locator(".tools-panel").getByRole("region", { name: "Groups" });
  await tool.getByLabel("Number of groups").fill("2");
  await tool.getByRole("button", { name: "Divide" }).click();
  const group = (page: Page) => page.locator(".group");
  for (const page of [phone, desktop])
    await group(page)
      .getByText(/Group [12]/)
      .first()
      .waitFor();
  const late = await student("Zhao Yun", DESKTOP);
  await group(late)
    .getByText(/Group 1/)
    .first()
    .waitFor();

  const write = async (page: Page, text: string): Promise<void> => {
    await group(page).getByLabel("Write to your group").fill(text);
    await page.keyboard.press("Enter");
    await group(page).getByText(text).waitFor();
  };
  await write(late, "Who begins?");
  const isWithPhone = (await group(phone).getByText("Group 1").count()) > 0;
  const [partner, other] = isWithPhone ? [phone, desktop] : [desktop, phone];
  await group(partner).getByText("Who begins?").waitFor();
  await write(other, "I am alone");
  assert.equal(await other.getByText("Who begins?").count(), 0);
  assert.equal(await partner.getByText("I am alone").count(), 0);
  await group(late).getByRole("button", { name: "Call the teacher" }).click();
  await picture(phone, "groups-phone");
  await picture(late, "groups-desktop");
  assert.deepEqual([...(await pageFaults(phone)), ...(await smallTargets(phone)), ...(await pageFaults(late))], []);

  const bar = teacher.locator(".groups-bar");
  await bar.getByText("Group 1 calls: Zhao Yun").waitFor();
  await picture(teacher, "groups-studio-bar");
  await bar.getByRole("button", { name: "Visit" }).click();
  const drawer = teacher.getByRole("dialog", { name: "Groups" });
  await drawer.getByText("Who begins?").waitFor();
  await group(late).getByText("Wang Fang is here").waitFor();
  await drawer.getByLabel("Write to group 1").fill("Zhao Yun does");
  await teacher.keyboard.press("Enter");
  await group(late).getByText("Zhao Yun does").waitFor();
  await drawer.getByLabel("Write to all groups").fill("Five minutes more");
  await teacher.keyboard.press("Enter");
  for (const page of [phone, desktop, late]) await group(page).getByText("Five minutes more").waitFor();
  await picture(teacher, "groups-studio-drawer");
  assert.deepEqual(await pageFaults(teacher), []);
  // By keyboard, and by drag.
  await drawer.getByRole("button", { name: "Move Zhao Yun" }).focus();
  await teacher.keyboard.press("Enter");
  await teacher.keyboard.press("Enter");
  await group(late).getByText("Group 2").first().waitFor();
  assert.equal(await late.getByText("Who begins?").count(), 0);
  await drawer
    .getByRole("listitem")
    .filter({ hasText: /^Zhao Yun$/ })
    .dragTo(drawer.getByRole("region", { name: "Group 1", exact: true }));
  await group(late).getByText("Group 1").first().waitFor();

  await drawer.getByRole("button", { name: "60 s notice" }).click();
  await group(phone).getByRole("timer").waitFor();
  await phone.reload();
  await group(phone).getByRole("timer").waitFor();
  await drawer.getByRole("button", { name: "Bring everybody back" }).click();
  for (const page of [phone, desktop, late]) await group(page).waitFor({ state: "detached" });

  await tool.getByLabel("Divide").selectOption("choice");
  await tool.getByRole("button", { name: "Divide" }).click();
  await group(phone)
    .getByRole("button", { name: /Group 2/ })
    .click();
  await group(phone).getByText("Choose another group").waitFor();
  await picture(phone, "groups-phone-choice");
});

test("on a teacher's phone the tools are two presses away, large enough for a finger, in Chinese too", async (t) => {
  const { studio, student } = await openLesson(t);
  const student1 = await student("Li Mei", DESKTOP);
  const teacher = await studio({ ...PHONE, locale: "zh-CN" }, "工具");
  await teacher.locator(".studio-dock").getByRole("button", { name: "工具" }).click();
  const panel = teacher.getByRole("tabpanel", { name: "工具" });
  await panel.getByRole("button", { name: "3 分钟" }).click();
  await strip(student1).getByRole("timer").waitFor();
  await strip(teacher).getByRole("timer").waitFor();
  await picture(teacher, "tools-studio-phone-zh");
  await panel.getByLabel("小组数").fill("1");
  await panel.getByRole("button", { name: "开始分组" }).click();
  await student1.locator(".group").getByText("Group 1").first().waitFor();
  await teacher.getByRole("button", { name: "查看小组" }).click();
  await teacher.getByRole("dialog", { name: "分组" }).getByText("Li Mei").waitFor();
  await picture(teacher, "groups-studio-phone-zh");
  assert.deepEqual([...(await pageFaults(teacher)), ...(await smallTargets(teacher))], []);
  await teacher.getByRole("button", { name: "关闭" }).last().click();
  assert.deepEqual([...(await pageFaults(teacher)), ...(await smallTargets(teacher))], []);
});

test("in the recording a timer is right at each place", async (t) => {
  const server = await sharedLectern({ "publish.graceSeconds": "1" });
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", record: true, guests: true });
  let actions = 0;
  const act = (kind: string, body: object): Promise<Body> =>
    done(server, "POST", `/lessons/${lesson.id}/room/entries`, { id: `action-${actions++}`, kind, ...body });
  const sending = push(t, `${server.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  await setTimeout(3000);
  await act("timer", { action: "start", seconds: 300 });
  await setTimeout(8000);
  await act("timer", { action: "pause" });
  await setTimeout(3000);
  await act("timer", { action: "resume" });
  await setTimeout(8000);
  await act("timer", { action: "end" });
  await setTimeout(4000);
  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const recording = await until(async () => {
    const { items } = await done(server, "GET", `/recordings?lessonId=${lesson.id}`);
    return items.find((one: Body) => one.whole) ?? null;
  }, "the recording");
  const { items } = await done(server, "GET", `/lessons/${lesson.id}/room/entries?kind=timer&limit=10`);
  assert.equal(items.length, 1, "of the key the newest entry");
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  const log: Body[] = [];
  page.on("response", (response) => {
    if (!/\/room\/chunk-/.test(response.url())) return;
    response.json().then(({ entries }) => log.push(...entries.filter(({ kind }: Body) => kind === "timer")));
  });
  await page.goto(`${server.http}/j/${lesson.code}`);
  await page.locator("lectern-replay").waitFor();
  await page.locator(".past-room").waitFor();
  const begin = Date.parse(recording.startedAt);
  const seek = (seconds: number) =>
    page.evaluate((to) => {
      const player = document.querySelector("lectern-replay") as unknown as { currentTime: number; pause: () => void };
      player.pause();
      player.currentTime = to;
    }, seconds);
  await seek(recording.seconds - 1);
  await until(() => log.length >= 4, "the log of the timer");
  const [started, paused, resumed, ended] = log.map(({ at }) => at as number);
  assert.ok(started && paused && resumed && ended);
  /** What is left at a time, in seconds; null: no timer. */
  const expected = (at: number): number | null => {
    if (at < started || at >= ended) return null;
    const counted = Math.min(at, paused) - started + Math.max(0, at - resumed);
    return 300 - counted / 1000;
  };
  // Back and forth, and not at the moments of the changes themselves.
  const times = [started + 6000, ended + 1500, started + 2000, resumed + 6000, started - 1500, paused + 1500, resumed + 2000];
  for (const at of [...times, started + 4000, ended + 2000, paused + 1000]) {
    await seek((at - begin) / 1000);
    const left = expected(at);
    const isRight = async (): Promise<boolean> => {
      if (left === null) return (await strip(page).count()) === 0;
      return (await strip(page).getByRole("timer").count()) === 1 && Math.abs((await stripSeconds(page)) - left) <= 1;
    };
    await until(isRight, `${left} at ${(at - begin) / 1000} s`);
    if (at === paused + 1500) await picture(page, "tools-replay");
  }
  assert.deepEqual(await pageFaults(page), []);
});
