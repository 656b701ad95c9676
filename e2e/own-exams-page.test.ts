/**
 * A student's own examinations in Chromium: found on the start page and in the console, sat by a button, and read afterwards on another device, where
 * what was wrong is practised. In both languages, light and
 * dark, at every width: nothing overflows, and axe finds no fault. With SCREENSHOTS=FOLDER, each page is saved there as an image.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { newPerson, newSchool } from "./console-school.ts";
import { sampleExam } from "./exam-sample.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { faultsAtSizes } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const WIDTHS = [
  { width: 360, height: 740 },
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
] as const;
const LOOKS = [
  {
    locale: "en-US",
    colorScheme: "light",
    enter: "Enter: Algebra, first term",
    entering: "Enter",
    handIn: "Hand in now",
    known: "You know it",
  },
  {
    locale: "zh-CN",
    colorScheme: "dark",
    enter: "进入考试: Algebra, first term",
    entering: "进入考试",
    handIn: "交卷",
    known: "已掌握",
  },
] as const;
const MINUTE = 60_000;

/** What is wrong with how a page looks, at every width. */
const faultsOf = (page: Page, name: string, look: string) => faultsAtSizes(page, WIDTHS, name, look, { fullPage: true });

for (const { locale, colorScheme, enter, entering, handIn, known } of LOOKS) {
  const look = `${locale}-${colorScheme}`;
  test(`a student finds, sits and reads the own examinations, ${locale}, ${colorScheme}`, async (t) => {
    const server = await sharedLectern();
    const school = await newSchool(server);
    const exam = await sampleExam(school, -MINUTE, { guests: false });
    await sampleExam(school, 20 * MINUTE, { title: "Waves and sound", guests: false });
    await sampleExam(school, 45 * MINUTE, { title: "Geometry of triangles, second attempt", guests: false });
    const student = await newPerson(server, school.id, "student", "Li Lei");
    const options = { locale, colorScheme, hasTouch: true };
    const page = await openOwnPage(t, options, server.http);
    await signInBrowser(page.context(), server.http, student.token);
    const faults: string[] = [];
    const check = async (name: string) => void faults.push(...(await faultsOf(page, name, look)));
    await page.goto(server.http);
    const link = page.locator(`a[href="/exam/${exam.code}"]`);
    await link.waitFor();
    await check("start");
    await page.goto(`${server.http}/console`);
    await page.getByRole("link", { name: enter }).waitFor();
    await check("own-home");
    await page.getByRole("link", { name: enter }).click();
    await page.waitForURL(`${server.http}/exam/${exam.code}`);
    await page.getByRole("button", { name: entering, exact: true }).click();
    await page.locator(".choice").nth(1).click();
    await page.locator(".bar-question").last().click();
    await page.locator(".sitting-foot .primary").click();
    await page.getByRole("dialog").getByRole("button", { name: handIn }).click();
    await page.locator(".handed-in").waitFor();

    // Another device, on which nothing of it is kept.
    const other = await openOwnPage(t, options, server.http);
    await signInBrowser(other.context(), server.http, student.token);
    const ask = async () => {
      await other.goto(`${server.http}/console/examinations`);
      await other.locator(".own-exam").first().waitFor();
      return await other.locator(".own-exam-points").count();
    };
    await until(async () => (await ask()) === 1, "the points");
    faults.push(...(await faultsOf(other, "own-exams", look)));
    await other.locator(`a[href="/console/examinations/${exam.id}"]`).click();
    await other.locator(".result-points").waitFor();
    faults.push(...(await faultsOf(other, "own-result", look)));

    await other.goto(`${server.http}/console/mistakes`);
    await other.locator(".mistake").nth(6).waitFor();
    faults.push(...(await faultsOf(other, "mistakes", look)));
    // The earth is not flat: the options of this question stand in their order.
    const flat = other.locator(".mistake", { hasText: "The earth is flat." });
    for (const [choice, verdict] of [
      [0, ".verdict-wrong"],
      [1, ".verdict-right"],
      [1, ".verdict-right"],
    ] as const) {
      const again = flat.locator(".practice .mistake-ways .button:not(.primary, .quiet)");
      await ((await again.count()) > 0 ? again : flat.locator(".mistake-ways .primary")).click();
      await flat.locator(".choice").nth(choice).click();
      await flat.locator(".practice .primary").click();
      await flat.locator(verdict).waitFor();
      if (choice === 0) faults.push(...(await faultsOf(other, "mistakes-practice", look)));
    }
    await until(async () => (await flat.locator(".verdict-right").textContent())?.includes(known), "that it is known");
    await flat.locator(".practice .mistake-ways .quiet").click();
    await flat.waitFor({ state: "detached" });
    await other.goto(`${server.http}/console/mistakes?state=known`);
    await flat.waitFor();
    assert.deepEqual(faults, []);
  });
}
