/**
 * Sections with a time of their own in Chromium, with a server: a guest on a phone begins one, answers, and is led on when its minute is over, also after a reload. Only
 * with --all, or by name. With SCREENSHOTS=FOLDER, each page is saved there as an image.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { newSchool } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { overflow } from "./page-faults.ts";

const FOLDER = process.env["SCREENSHOTS"];
const PHONE = { width: 360, height: 740 } as const;
const HOUR_MS = 3_600_000;
/** A section has a whole minute, and the page some seconds. */
const OVER_WITHIN_MS = 75_000;

const question = (id: string, text: string) => ({
  question: { id, kind: "boolean", text, points: 1 },
  solution: { kind: "boolean", right: true },
});
const section = { instruction: "", passages: [], isShuffled: false, areOptionsShuffled: false };
const CONTENT = {
  title: "Geography",
  instruction: "",
  sections: [
    {
      ...section,
      id: "s1",
      title: "Rivers",
      instruction: "Be quick.",
      minutes: 1,
      questions: [question("q1", "Is the Nile long?")],
    },
    { ...section, id: "s2", title: "Mountains", questions: [question("q2", "Is the K2 high?")] },
  ],
};

async function faultsOf(page: Page, name: string): Promise<unknown[]> {
  if (FOLDER) await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  return [...(await axeFaults(page)), ...((await overflow(page)) > 0 ? [`${name} overflows`] : [])];
}

test("a section shows its questions once it is begun, and leads to the next one when its time is over", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { id: paperId } = await school.call("POST", "/papers", { title: "Geography", content: CONTENT });
  const now = Date.now();
  const draft = await school.call("POST", "/exams", {
    paperId,
    title: "Geography",
    opensAt: new Date(now - 1000).toISOString(),
    closesAt: new Date(now + HOUR_MS).toISOString(),
    seconds: 1800,
    guests: true,
    practice: true,
  });
  const exam = await school.call("POST", `/exams/${draft.id}/publish`);
  const page = await openOwnPage(t, { viewport: PHONE }, server.http);
  await page.goto(`${server.http}/exam/${exam.code}`);
  await page.getByLabel("Your name").fill("Li Lei");
  await page.getByRole("button", { name: "Enter", exact: true }).click();

  await page.getByRole("heading", { name: "Rivers" }).waitFor();
  assert.equal(await page.getByText("Is the Nile long?").count(), 0, "not begun");
  await page.getByText("1 minute", { exact: true }).waitFor();
  assert.deepEqual(await faultsOf(page, "section-gate"), []);
  await page.getByRole("button", { name: "Begin the section" }).click();
  await page.getByLabel("True").check();
  await page.getByText("Everything is saved").waitFor();
  assert.deepEqual(await faultsOf(page, "section-running"), []);

  await page.reload();
  await page.getByText("Time left for this section").waitFor();
  assert.equal(await page.getByLabel("True").isChecked(), true);
  await page.getByRole("heading", { name: /Is the K2 high/ }).waitFor({ timeout: OVER_WITHIN_MS });
  await page.getByLabel("True").check();
  await page.getByRole("button", { name: "Back", exact: true }).click();
  await page.getByText("The time of this section is over", { exact: false }).waitFor();
  assert.equal(await page.getByLabel("True").isDisabled(), true);
  assert.deepEqual(await faultsOf(page, "section-over"), []);
  await page.getByRole("button", { name: "Go on to the next section" }).click();
  await page.getByRole("heading", { name: /Is the K2 high/ }).waitFor();
  await page.getByRole("button", { name: "Hand in" }).last().click();
  await page.getByRole("button", { name: "Hand in now" }).click();
  await page.getByText("2 of 2 points").waitFor();
});
