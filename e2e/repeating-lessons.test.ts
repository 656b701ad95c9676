/**
 * Repeating lessons in the console, in Chromium: holidays are entered, a term of lessons is made from the form, one is moved, all are moved, one is
 * changed by itself, and the rest is deleted from a day on. With SCREENSHOTS=FOLDER, the pages are saved there in both languages.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { newPerson, newSchool, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import type { Body } from "./lesson-client.ts";

const PICTURES = process.env["SCREENSHOTS"];
/** A Monday, so far away that no test outlives it. */
const MONDAY = "2090-03-06";

/** At the widths of a computer and of a phone, in both languages. */
async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.screenshot({ path: join(PICTURES, `series-${name}-${width}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("a term of lessons is made in the console, leaves holidays out, is moved, changed and deleted from a day on", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server, "Europe/Berlin");
  const { call } = school;
  const teacher = await newPerson(server, school.id, "teacher", "Ms Wang");
  const course = await call("POST", "/courses", { name: "Maths" });
  const other = {
    title: "Physics",
    teacherId: teacher.id,
    startsAt: `${MONDAY}T09:30:00+01:00`,
    endsAt: `${MONDAY}T10:15:00+01:00`,
  };
  const { id: physics } = await call("POST", "/lessons", other);
  await call("POST", "/calendar-entries", { kind: "term", name: "Spring term", startsOn: MONDAY, endsOn: "2090-03-31" });
  const lessons = async () => (await call("GET", `/lessons?courseId=${course.id}&sort=startsAt&limit=100`)).items as Body[];
  /** `03-06 09:00` by the clock on the wall in Berlin. */
  const times = async () => {
    const format = new Intl.DateTimeFormat("sv", { timeZone: "Europe/Berlin", dateStyle: "short", timeStyle: "short" });
    return (await lessons()).map(({ startsAt }) => format.format(new Date(startsAt)).slice(5));
  };

  const page = await signedIn(t, server, school, "/settings/calendar");
  await page.getByRole("row", { name: /Spring term/ }).waitFor();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByLabel("Name").fill("Long weekend");
  await drawer.getByLabel("First day").fill("2090-03-16");
  await drawer.getByLabel("Last day").fill("2090-03-17");
  await drawer.getByRole("button", { name: "Create" }).click();
  await page.getByRole("row", { name: /Long weekend/ }).waitFor();

  // The form of a lesson: title, when, who. It says what it would be.
  await page.goto(`${server.http}/console/courses/${course.id}/lessons`);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await drawer.getByLabel("Title").fill("Algebra");
  await drawer.getByLabel("Starts").fill(`${MONDAY}T09:00`);
  await drawer.getByLabel("Ends").fill(`${MONDAY}T09:45`);
  await drawer.getByRole("combobox", { name: "Repeats" }).click();
  await page.getByRole("option", { name: "Every week", exact: true }).click();
  await drawer.getByText("Thu", { exact: true }).click();
  await drawer.getByRole("button", { name: /^Spring term/ }).click();
  await drawer.getByRole("combobox", { name: "Teacher" }).click();
  await page.getByRole("option", { name: "Ms Wang" }).click();
  await drawer.getByText("7 lessons, the last on Thu, Mar 30, 2090.").waitFor();
  await drawer.getByText("No lesson on Thu, Mar 16, 2090 (Long weekend).").waitFor();
  await drawer.getByText("The teacher has other lessons at the same time:").waitFor();
  await drawer.getByText(/Physics/).waitFor();
  assert.equal(await drawer.getByRole("radio", { name: /One to one/ }).isVisible(), false, "the rest is folded");
  await drawer.getByText("More settings").click();
  await drawer.getByRole("radio", { name: /One to one/ }).check();
  await drawer.getByRole("button", { name: "Create" }).click();
  await page.getByRole("region", { name: "Repeating lessons" }).getByText("7 upcoming lessons").waitFor();
  const march = ["03-06", "03-09", "03-13", "03-20", "03-23", "03-27", "03-30"];
  assert.deepEqual(
    await times(),
    march.map((day) => `${day} 09:00`),
    "nine o'clock before and after the clocks change",
  );
  assert.equal((await lessons())[0]?.["mode"], "one-to-one");

  // The timetable: the conflict is shown, one lesson is moved, then all of them.
  await page.goto(`${server.http}/console/timetable?week=${MONDAY}`);
  await page.getByText(/Ms Wang, .*: “Algebra” and “Physics”/).waitFor();
  const first = page.getByRole("link", { name: /Algebra/ }).first();
  await first.focus();
  await page.keyboard.press("ArrowUp");
  await page.getByRole("button", { name: "Move all" }).waitFor();
  assert.deepEqual((await times()).slice(0, 2), ["03-06 08:45", "03-09 09:00"]);
  await page.getByRole("button", { name: "Move all" }).click();
  await page.getByText("The lessons of “Algebra” were moved.").waitFor();
  assert.deepEqual(
    await times(),
    march.map((day) => `${day} 08:45`),
  );
  await call("DELETE", `/lessons/${physics}`);

  // By pointer: from Monday to Tuesday, and those that follow with it.
  await page.goto(`${server.http}/console/timetable?week=2090-03-13`);
  const days = page.locator(".week-hours");
  const block = page.getByRole("link", { name: /Algebra/ });
  await block.dragTo(days.nth(1), { sourcePosition: { x: 10, y: 5 }, targetPosition: { x: 20, y: 44 * 4 + 5 } });
  await page.getByRole("button", { name: "Move those that follow too" }).click();
  await page.getByText("The lessons of “Algebra” were moved.").waitFor();
  const later = ["03-14 11:00", "03-21 11:00", "03-23 11:00", "03-28 11:00", "03-30 11:00"];
  await until(async () => (await times()).join() === ["03-06 08:45", "03-09 08:45", ...later].join(), "those from the 14th on");

  // One lesson by itself, then the title of all: the first stays.
  await page.goto(`${server.http}/console/timetable?week=2090-03-20`);
  await block.first().click();
  await drawer.getByLabel("Title").fill("Exam");
  await drawer.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: /^Exam / }).waitFor();
  await page.getByRole("link", { name: /Algebra/ }).click();
  await drawer.getByRole("radio", { name: "All upcoming lessons" }).check();
  await drawer.getByLabel("Title").fill("Algebra II");
  await drawer.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: /Algebra II/ }).waitFor();
  const titles = async () => (await lessons()).map(({ title }) => title as string);
  assert.deepEqual(await titles(), ["Algebra", "Algebra", "Algebra II", "Exam", "Algebra II", "Algebra II", "Algebra II"]);

  await page.getByRole("link", { name: /Algebra II/ }).click();
  await drawer.getByRole("button", { name: "Delete lessons of this series" }).click();
  await page.getByRole("menuitem", { name: /^Delete from / }).click();
  await page.getByText("Moved to the trash.").waitFor();
  assert.deepEqual(await titles(), ["Algebra", "Algebra", "Algebra II", "Exam"]);
});

test("pictures of repeating lessons", { skip: PICTURES === undefined }, async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server, "Asia/Shanghai");
  const { call } = school;
  const teacher = await newPerson(server, school.id, "teacher", "王芳");
  const course = await call("POST", "/courses", { name: "数学" });
  const of = { teacherId: teacher.id, startsOn: MONDAY, endsOn: "2090-06-30" };
  for (const [kind, name, startsOn, endsOn] of [
    ["term", "春季学期", MONDAY, "2090-06-30"],
    ["holiday", "清明节", "2090-04-04", "2090-04-06"],
    ["holiday", "劳动节", "2090-05-01", "2090-05-05"],
  ])
    await call("POST", "/calendar-entries", { kind, name, startsOn, endsOn });
  const weekly = [{ days: [1, 4], from: "09:00", to: "09:45" }];
  await call("POST", "/lesson-series", { ...of, title: "代数", courseId: course.id, weekly });
  await call("POST", "/lesson-series", { ...of, title: "物理", weekly: [{ days: [1], from: "09:30", to: "10:15" }] });
  for (const locale of ["en-US", "zh-CN"]) {
    const page = await signedIn(t, server, school, "/settings/calendar", { options: { locale } });
    const go = (path: string) => page.goto(`${server.http}/console${path}`);
    await page.getByRole("row", { name: /清明节/ }).waitFor();
    await picture(page, `${locale}-calendar`);
    await go(`/courses/${course.id}/lessons`);
    await page.getByRole("row", { name: /代数/ }).first().waitFor();
    await picture(page, `${locale}-course`);
    await go(`/timetable?week=${MONDAY}`);
    await page.getByRole("link", { name: /代数/ }).first().waitFor();
    await picture(page, `${locale}-timetable`);
    await page.getByRole("link", { name: /代数/ }).first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("radio").nth(2).check();
    await picture(page, `${locale}-all`);
    await go(`/courses/${course.id}/lessons`);
    await page.getByRole("button", { name: /^(Add|添加)$/ }).click();
    await drawer.getByRole("textbox").first().fill("几何");
    await drawer.locator("input[type=datetime-local]").nth(0).fill(`${MONDAY}T09:15`);
    await drawer.locator("input[type=datetime-local]").nth(1).fill(`${MONDAY}T10:00`);
    await drawer.getByRole("combobox", { name: /Repeats|重复/ }).click();
    await page.getByRole("option").nth(1).click();
    await drawer.getByRole("button", { name: /春季学期/ }).click();
    await drawer.getByRole("combobox", { name: /Teacher|老师|教师/ }).click();
    await page.getByRole("option", { name: "王芳" }).click();
    await drawer.locator(".plan-warning").waitFor();
    await picture(page, `${locale}-form`);
    await drawer.locator("summary").click();
    await drawer.locator(".mode-input").scrollIntoViewIfNeeded();
    await picture(page, `${locale}-more`);
  }
});
