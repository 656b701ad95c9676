/**
 * Pictures and sound of a paper in Chromium, with a server: a teacher adds both in the editor; a guest on a phone sees the picture, hears the sound as often as it may be
 * played, also after a reload, and the marker sees both. Only with --all, or by name. With SCREENSHOTS=FOLDER, each page is saved there as an image.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import type { AuthoredQuestion } from "../packages/exam/src/index.ts";
import { MP3 } from "../packages/server/src/school/exams/files/test-answer-files.ts";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { newPerson, newSchool } from "./console-school.ts";
import { shortPaper } from "./exam-paper.ts";
import { sharedLectern } from "./fixtures.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const FOLDER = process.env["SCREENSHOTS"];
const PHONE = { width: 360, height: 740 } as const;
const DESKTOP = { width: 1280, height: 900 } as const;
const HOUR_MS = 3_600_000;
const ESSAY: AuthoredQuestion = {
  question: { id: "q1", kind: "essay", form: "typed", text: "Describe the cell. 描述这个细胞。", points: 3 },
  solution: { kind: "essay", rubric: "Each part a point." },
};

/** A drawing of a cell, as a browser makes it. */
async function drawing(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [900, 600];
    const context = canvas.getContext("2d");
    if (!context) return "";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 900, 600);
    context.strokeStyle = "#063";
    context.lineWidth = 12;
    context.beginPath();
    context.ellipse(450, 300, 400, 250, 0, 0, 7);
    context.stroke();
    context.fillStyle = "#639";
    context.beginPath();
    context.arc(560, 320, 90, 0, 7);
    context.fill();
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });
  return Buffer.from(base64, "base64");
}

async function faultsOf(page: Page, name: string): Promise<unknown[]> {
  if (FOLDER) await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  return [...(await axeFaults(page)), ...((await overflow(page)) > 0 ? [`${name} overflows`] : [])];
}

async function publish(t: TestContext) {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { token } = await newPerson(server, school.id, "teacher", "Wang Fang");
  const { id: paperId } = await school.call("POST", "/papers", { title: "Biology", content: shortPaper("Biology", [ESSAY]) });
  const page = await openOwnPage(t, { viewport: DESKTOP, expected: /a status of 415/ }, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(`${server.http}/console/examinations/papers/${paperId}`);
  await page.getByRole("button", { name: "Edit question 1" }).click();
  const media = page.getByRole("group", { name: "Pictures and sound" });
  const add = (name: string, mimeType: string, buffer: Buffer) =>
    media.locator("input[type=file]").setInputFiles({ name, mimeType, buffer });
  await add("notes.png", "image/png", Buffer.from("no picture"));
  await media.getByRole("alert").waitFor();
  await add("cell.png", "image/png", await drawing(page));
  await media.getByLabel("What the picture shows").fill("A cell with a nucleus");
  await add("dialogue.mp3", "audio/mpeg", MP3);
  await media.getByRole("combobox", { name: "How often candidates may play it" }).click();
  await page.getByRole("option", { name: "2 times" }).click();
  assert.deepEqual(await faultsOf(page, "media-editor"), []);
  await page.setViewportSize(PHONE);
  assert.deepEqual(await faultsOf(page, "media-editor-phone"), []);
  await page.setViewportSize(DESKTOP);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The paper is saved.").waitFor();
  await page.getByRole("button", { name: "Preview as candidate" }).click();
  await page.getByRole("dialog").getByRole("img", { name: "A cell with a nucleus" }).waitFor();
  assert.deepEqual(await faultsOf(page, "media-preview"), []);
  const [opensAt, closesAt] = [-1000, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const draft = { paperId, title: "Biology", opensAt, closesAt, seconds: 1800, guests: true };
  const exam = await school.call("POST", "/exams", draft);
  return { server, page, exam: await school.call("POST", `/exams/${exam.id}/publish`) };
}

test("a picture and a sound of a question come with the paper: seen, heard as often as allowed, and there for the marker", async (t) => {
  const { server, page, exam } = await publish(t);
  const expected = /the server responded with a status of 40[39]/;
  const phone = await openOwnPage(t, { viewport: PHONE, expected }, server.http);
  await phone.goto(`${server.http}/exam/${exam.code}`);
  await phone.getByLabel("Your name").fill("Li Lei");
  await phone.getByRole("button", { name: "Enter", exact: true }).click();
  const picture = phone.getByRole("img", { name: "A cell with a nucleus" });
  await picture.waitFor();
  assert.equal(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth), 900);
  await phone.getByText("You can play it 2 more times.").waitFor();
  assert.deepEqual(await faultsOf(phone, "media-sitting-phone"), []);
  await phone.getByRole("button", { name: "Play", exact: true }).click();
  await phone.getByText("You can play it 1 more time.").waitFor();
  await phone.getByText("Everything is saved").waitFor();
  await phone.reload();
  await phone.getByText("You can play it 1 more time.").waitFor();
  await phone.getByRole("button", { name: "Play", exact: true }).click();
  await phone.getByText("You have played it as often as allowed.").waitFor();
  assert.equal(await phone.getByRole("button", { name: "Play", exact: true }).isDisabled(), true);
  await phone.getByRole("button", { name: "Show the picture larger" }).click();
  assert.deepEqual(await faultsOf(phone, "media-larger-phone"), []);
  await phone.setViewportSize(DESKTOP);
  assert.deepEqual(await faultsOf(phone, "media-sitting-desktop"), []);
  await phone.getByRole("textbox").fill("It has a nucleus.");
  await phone.getByRole("navigation").getByRole("button", { name: "Hand in", exact: true }).click();
  await phone.getByRole("button", { name: "Hand in now" }).click();
  await phone.getByRole("heading", { name: "Handed in" }).waitFor();

  await page.goto(`${server.http}/console/examinations/${exam.id}/marking`);
  await page.getByText("It has a nucleus.").waitFor();
  const seen = page.getByRole("img", { name: "A cell with a nucleus" });
  await seen.waitFor();
  await seen.evaluate((image) => (image as HTMLImageElement).decode());
  assert.deepEqual(await faultsOf(page, "media-marking"), []);
});

test("the candidate's page with a picture and a sound in Chinese, dark", async (t) => {
  const { server, exam } = await publish(t);
  const look = { locale: "zh-CN", colorScheme: "dark", viewport: PHONE } as const;
  const phone = await openOwnPage(t, look, server.http);
  await phone.goto(`${server.http}/exam/${exam.code}`);
  await phone.locator("form input").first().fill("李雷");
  await phone.locator("form button[type=submit]").click();
  await phone.getByText("还可播放 2 次。").waitFor();
  assert.deepEqual(await faultsOf(phone, "media-sitting-phone-zh"), []);
  await phone.setViewportSize(DESKTOP);
  assert.deepEqual(await faultsOf(phone, "media-sitting-desktop-zh"), []);
});
