/**
 * Results in Chromium as they are printed, with a server: a candidate's own result and book of mistakes with the pictures of the questions, a list of the class and one
 * candidate's sheet, each as a PDF. Only with --all, or by name. With SCREENSHOTS=FOLDER, pages and PDFs are saved there.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { newPerson, newSchool } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const FOLDER = process.env["SCREENSHOTS"];
const PHONE = { width: 360, height: 740 } as const;
const DESKTOP = { width: 1280, height: 900 } as const;
const HOUR_MS = 3_600_000;
const CANDIDATES = 45;

async function faultsOf(page: Page, name: string): Promise<unknown[]> {
  if (FOLDER) await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  return [...(await axeFaults(page)), ...((await overflow(page)) > 0 ? [`${name} overflows`] : [])];
}

/** @returns how many pages the PDF has, and what of the page is visible in print */
async function printed(page: Page, name: string): Promise<{ pages: number; text: string }> {
  await page.emulateMedia({ media: "print" });
  // Only what is drawn: text that print leaves out is in `textContent`, too.
  // biome-ignore lint/performance/useDomNodeTextContent: see above
  const text = await page.evaluate(() => document.body.innerText);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await page.emulateMedia({ media: "screen" });
  if (FOLDER) writeFileSync(join(FOLDER, `${name}.pdf`), pdf);
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  return { pages: pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0, text };
}

test("results are printed without the page around them: the own one with its pictures, a list of the class, and one candidate's sheet", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { token: teacher } = await newPerson(server, school.id, "teacher", "Wang Fang");
  const student = await newPerson(server, school.id, "student", "Li Lei");
  const { id: paperId } = await school.call("POST", "/papers", { title: "Biology" });
  const page = await openOwnPage(t, { viewport: DESKTOP, expected: /a status of 40[34]/ }, server.http);
  const png = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [300, 200];
    const context = canvas.getContext("2d");
    context?.fillRect(50, 50, 200, 100);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });
  const headers = { authorization: `Bearer ${teacher}`, "content-type": "text/plain" };
  const sent = await fetch(`${server.http}/api/v1/papers/${paperId}/files`, {
    method: "POST",
    headers,
    body: Buffer.from(png, "base64"),
  });
  assert.equal(sent.status, 201);
  const { id: file } = (await sent.json()) as { id: string };
  const media = [{ kind: "picture", file, alt: "A black box", width: 300, height: 200 }];
  const question = {
    question: { id: "q1", kind: "boolean", text: "Is it black?", points: 2, media },
    solution: { kind: "boolean", right: true },
    explanation: "It has no light in it.",
  };
  const section = { id: "s1", title: "A", instruction: "", passages: [], isShuffled: false, areOptionsShuffled: false };
  const content = { title: "Biology", instruction: "", sections: [{ ...section, questions: [question] }] };
  await school.call("PATCH", `/papers/${paperId}`, { content });
  const [opensAt, closesAt] = [-1000, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const draft = {
    paperId,
    title: "Biology, first term",
    opensAt,
    closesAt,
    seconds: 1800,
    guests: true,
    resultsShown: "explanations",
  };
  const { id } = await school.call("POST", "/exams", draft);
  const exam = await school.call("POST", `/exams/${id}/publish`);
  const sit = async (value: boolean, body: object, token: string | null): Promise<void> => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const entered = await fetch(`${server.http}/api/v1/exams/${id}/attempts`, {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization },
      body: JSON.stringify(body),
    });
    const entry = (await entered.json()) as { token: string };
    for (const [door, answers] of [
      ["key", []],
      ["hand-in", [{ seq: 1, question: "q1", value, writtenAt: Date.now() }]],
    ] as const) {
      const told = { method: "POST", headers: { authorization: `Bearer ${entry.token}` }, body: JSON.stringify({ answers }) };
      assert.equal((await fetch(`${server.http}/exams/${id}/${door}`, told)).status, 200);
    }
  };
  await sit(false, {}, student.token);
  for (let guest = 1; guest < CANDIDATES; guest++) await sit(guest % 2 === 0, { name: `Guest ${guest}` }, null);
  await until(async () => {
    const { items } = await school.call("GET", `/exams/${id}/attempts?limit=100`);
    return items.length === CANDIDATES && items.every(({ gradedAt }: { gradedAt: string | null }) => gradedAt !== null);
  }, "the grading");
  await school.call("POST", `/exams/${id}/release`, { released: true });

  const own = await openOwnPage(t, { viewport: PHONE }, server.http);
  await signInBrowser(own.context(), server.http, student.token);
  await own.goto(`${server.http}/console/examinations/${id}`);
  const seen = own.getByRole("img", { name: "A black box" });
  await seen.waitFor();
  await own.getByRole("button", { name: "Print", exact: true }).waitFor();
  assert.deepEqual(await faultsOf(own, "print-own-phone"), []);
  const result = await printed(own, "print-own");
  assert.match(result.text, /Li Lei/);
  assert.doesNotMatch(result.text, /^Print$/m);
  assert.ok(result.pages >= 1 && result.pages <= 2, `${result.pages} pages`);
  await own.goto(`${server.http}/console/mistakes`);
  const inBook = own.getByRole("img", { name: "A black box" });
  await inBook.waitFor();
  await inBook.evaluate((image) => (image as HTMLImageElement).decode());
  await own.getByRole("button", { name: /^Practise/ }).click();
  await inBook.evaluate((image) => (image as HTMLImageElement).decode());

  await signInBrowser(page.context(), server.http, teacher);
  await page.goto(`${server.http}/console/examinations/${exam.id}/results`);
  await page.getByRole("button", { name: "Pictures and sound of question 1" }).click();
  const analysed = page.getByRole("img", { name: "A black box" });
  await analysed.evaluate((image) => (image as HTMLImageElement).decode());
  await page.getByRole("button", { name: "Print the list" }).click();
  const list = page.getByRole("dialog");
  await list.getByRole("cell", { name: "Guest 7", exact: true }).waitFor();
  assert.deepEqual(await faultsOf(page, "print-list"), []);
  const classList = await printed(page, "print-list");
  assert.match(classList.text, /45 candidates/);
  assert.doesNotMatch(classList.text, /Item|Export|Close/);
  assert.ok(classList.pages >= 2, "a long list has several pages");
  await list.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Result sheet of Li Lei" }).click();
  await page.getByRole("dialog").getByRole("img", { name: "A black box" }).waitFor();
  assert.deepEqual(await faultsOf(page, "print-sheet"), []);
  const sheet = await printed(page, "print-sheet");
  assert.match(sheet.text, /Li Lei[\s\S]*Is it black\?[\s\S]*It has no light in it\./);
  assert.equal(sheet.pages, 1);
});
