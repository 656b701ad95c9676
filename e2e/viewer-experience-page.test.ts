/**
 * The console's pages of viewer experience and of "why" in Chromium: from a beacon to the plot, the list and the verdict; from a report's number to them.
 * Only with --all, or by name.
 */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, done, push } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";
import { beaconViewer } from "./view-beacons.ts";

const PASSWORD = "a good password";
const WIDE = { viewport: { width: 1280, height: 900 } };
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: "dark", locale: "zh-CN" } as const;
/** What a player tells that stood still for most of ten seconds, because nothing came. */
const STALLED = { bsd: 6000, stalls: 2, bl: 0, mtp: 300, frames: 100 } as const;

type Lesson = {
  readonly server: Lectern;
  readonly schoolId: string;
  readonly slug: string;
  readonly id: string;
  readonly code: string;
  readonly teacher: string;
};

/** A lesson that is live, with a teacher. */
async function liveLesson(t: TestContext, slug: string): Promise<Lesson> {
  const server = await sharedLectern();
  const { id: schoolId } = await done(server, "POST", "/schools", { slug, name: slug, timeZone: "UTC" });
  const teacher = { schoolId, login: `${slug}-teacher`, name: "Wang Fang", role: "teacher", password: PASSWORD };
  const { id: teacherId } = await done(server, "POST", "/users", teacher);
  const startsAt = new Date().toISOString();
  const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Fractions", teacherId, startsAt });
  push(t, lesson.stream.rtmpUrl, "calm");
  await until(async () => (await done(server, "GET", `/lessons/${lesson.id}`)).state === "live", "the lesson");
  return { server, schoolId, slug, id: lesson.id, code: lesson.code, teacher: teacher.login };
}

async function signedIn(t: TestContext, { server }: Lesson, login: string, options: object = WIDE): Promise<Page> {
  const { token } = (await ask(server, "POST", "/sessions", { login, password: PASSWORD }, null)).body;
  const page = await openOwnPage(t, options, server.http);
  await signInBrowser(page.context(), server.http, token);
  return page;
}

async function administrator({ server, schoolId, slug }: Lesson): Promise<string> {
  const login = `${slug}-head`;
  await done(server, "POST", "/users", { schoolId, login, name: "The head", role: "administrator", password: PASSWORD });
  return login;
}

test("viewers are on the lesson's page soon after their beacons; the worst comes first, filters are in the address, and a name leads to why", async (t) => {
  const lesson = await liveLesson(t, "experience");
  const { server } = lesson;
  const calm = await beaconViewer(server, lesson.code, "Calm Chen");
  const poor = await beaconViewer(server, lesson.code, "Poor Pang", { sf: "hls", device: { class: "phone", os: "Android" } });
  await Promise.all([calm.tell(), poor.tell()]);
  await Promise.all([calm.tell(), poor.tell(STALLED)]);
  const page = await signedIn(t, lesson, await administrator(lesson));
  await page.goto(`${server.http}/console/lessons`);
  await page.getByRole("button", { name: "More: Fractions" }).click();
  await page.getByRole("menuitem", { name: "How students see it" }).click();
  await page.getByRole("heading", { name: "How students see it: Fractions" }).waitFor();
  const figure = (label: string) => page.locator(".experience-figures > div", { hasText: label }).locator("dd");
  await until(async () => (await figure("Watching now").textContent()) === "2", "two viewers");
  const rows = page.locator("tbody tr", { has: page.locator("td[data-label=Viewer]") });
  await until(async () => (await rows.count()) === 2, "two rows");

  const told = performance.now();
  const late = await beaconViewer(server, lesson.code, "Late Lu", { device: { class: "tablet" } });
  await late.tell();
  await page.locator(".experience-bars th[scope=row]", { hasText: "Tablet" }).waitFor();
  t.diagnostic(`from a viewer's beacon to the page: ${((performance.now() - told) / 1000).toFixed(1)} s`);

  await poor.tell({ ...STALLED, end: "left" });
  await until(async () => /^Poor Pang\s*12\.0 s, 4 times/.test((await rows.first().textContent()) ?? ""), "stalls");
  assert.deepEqual(await axeFaults(page), []);
  await page.getByRole("button", { name: "HLS", exact: true }).click();
  await until(async () => (await rows.count()) === 1, "the filtered list");
  assert.equal(new URL(page.url()).searchParams.get("engine"), "hls");
  await page.reload();
  await until(async () => (await rows.count()) === 1, "the same list");

  await page.getByRole("link", { name: "Poor Pang" }).click();
  await page.getByRole("heading", { name: "Why Poor Pang had trouble" }).waitFor();
  await page.getByText("Video was frozen for 12 s", { exact: false }).waitFor();
  const slider = page.getByRole("slider", { name: "Moment" });
  const before = await slider.getAttribute("aria-valuetext");
  await slider.press("ArrowLeft");
  assert.notEqual(await slider.getAttribute("aria-valuetext"), before, "the keyboard moves the moment");
  assert.ok((await page.getByRole("img", { name: /^Buffer/ }).count()) === 1, "the strip says its values");
  assert.deepEqual(await axeFaults(page), []);

  await page.goto(`${server.http}/console/lessons/${lesson.id}/why`);
  await page.getByText(/1 of 3 viewers had trouble/).waitFor();
  await page.getByRole("slider", { name: "Moment" }).waitFor();
  assert.deepEqual(await axeFaults(page), []);
});

test("a viewer's report in the class opens by its number for the teacher, on a phone too; the school's settings say what is kept", async (t) => {
  const lesson = await liveLesson(t, "reports");
  const { server } = lesson;
  const guest = await openOwnPage(t, WIDE, server.http);
  await guest.goto(`${server.http}/j/${lesson.code}`);
  await guest.getByLabel("Your name").fill("Li Mei");
  await guest.getByRole("button", { name: "Join class" }).click();
  await guest.getByRole("button", { name: "Report a problem" }).click();
  const player = guest.locator("lectern-player");
  await until(
    () => player.evaluate((one) => (one as unknown as { statistics: { view: string | null } }).statistics.view !== null),
    "a session",
  );
  await guest.getByRole("button", { name: "Send report" }).click();
  const sent = guest.getByText(/Your report number is [A-Z0-9]{8}/);
  await sent.waitFor();
  const [, number = ""] = /number is ([A-Z0-9]{8})/.exec((await sent.textContent()) ?? "") ?? [];

  const items = await until(async () => {
    const { items: found } = await done(server, "GET", `/views?lessonId=${lesson.id}&complaint=${number}`);
    return found.length > 0 ? found : null;
  }, "the session of the report");
  assert.deepEqual(
    items.map(({ name, complaint }: { name: string; complaint: string }) => [name, complaint]),
    [["Li Mei", number]],
  );
  const phone = await signedIn(t, lesson, lesson.teacher, PHONE);
  await phone.goto(`${server.http}/console`);
  await phone.getByRole("link", { name: "学生看得流畅吗：Fractions" }).waitFor();
  // As somebody writes it who was told it on the telephone.
  await phone.getByLabel("反馈编号").fill(`${number.slice(0, 4)}-${number.slice(4)}`.toLowerCase());
  await phone.getByRole("button", { name: "打开" }).click();
  await phone.getByRole("heading", { name: /^Li Mei 的/ }).waitFor();
  await phone.getByText(number, { exact: false }).first().waitFor();
  assert.ok((await overflow(phone)) <= 0, "it fits a phone");
  assert.deepEqual(await axeFaults(phone), []);
  await phone.getByRole("link", { name: "学生看得流畅吗" }).click();
  await phone.getByRole("heading", { name: "学生看得流畅吗：Fractions" }).waitFor();
  await phone.getByRole("link", { name: number }).waitFor();
  assert.ok((await overflow(phone)) <= 0, "it fits a phone");

  await phone.goto(`${server.http}/console/why/AAAABBBB`);
  await phone.getByText("没有编号为“AAAABBBB”的观看记录。", { exact: false }).waitFor();
  const stranger = { schoolId: lesson.schoolId, login: "reports-other", name: "Zhao", role: "teacher", password: PASSWORD };
  await done(server, "POST", "/users", stranger);
  const { token } = (await ask(server, "POST", "/sessions", { login: stranger.login, password: PASSWORD }, null)).body;
  const refused = await ask(server, "GET", `/views/${number}/why`, undefined, token);
  assert.ok([403, 404].includes(refused.status), `${refused.status}`);

  const head = await signedIn(t, lesson, await administrator(lesson));
  await head.goto(`${server.http}/console/settings`);
  await head.getByRole("radio", { name: "Device and connection, without name and address" }).check();
  await head.getByRole("button", { name: "Save" }).click();
  const keeps = async () => (await done(server, "GET", `/schools/${lesson.schoolId}`)).viewDetails;
  await until(async () => (await keeps()) === "anonymous", "the setting");
});
