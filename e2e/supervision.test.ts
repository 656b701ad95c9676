/**
 * The supervision of an examination in Chromium, with a server and made-up cameras: a candidate agrees, is filmed and answers; a supervisor sees the picture move on
 * the wall and live, writes a message, stops the clock and lets it run, and talks with the candidate. A phone becomes the second camera. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { FAKE_DEVICES } from "./browser.ts";
import { openOwnPage, playerState } from "./chromium.ts";
import { newPerson, newSchool } from "./console-school.ts";
import { sampleExam } from "./exam-sample.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { overflow } from "./page-faults.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PICTURES = process.env["SCREENSHOTS"];
/** The test itself reads the pixels of tiles. */
const OWN_READING = /willReadFrequently|status of 40[0-9]|status of 503/;
/** One Chromium for what films, and what shares the whole screen. */
const DEVICES = [...FAKE_DEVICES, "--auto-select-desktop-capture-source=Entire"];
const PHONE = { width: 390, height: 844 } as const;
/** The clock of the made-up camera has run on: so many pixels of a tile are others. */
const MOVED = 20;

async function setUp(t: TestContext, supervision: object) {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const exam = await sampleExam(school, -1000, { supervision, practice: false });
  const candidate = async (name: string): Promise<Page> => {
    const page = await openOwnPage(t, { viewport: PHONE, flags: DEVICES }, server.http);
    await page.goto(`${server.http}/exam/${exam.code}`);
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("I agree to be filmed like this").check();
    await page.getByRole("button", { name: "Enter", exact: true }).click();
    return page;
  };
  const supervisor = async (role = "administrator", name = "Wang Fang") => {
    const person = await newPerson(server, school.id, role, name);
    const page = await openOwnPage(
      t,
      { viewport: { width: 1440, height: 900 }, flags: DEVICES, expected: OWN_READING },
      server.http,
    );
    await signInBrowser(page.context(), server.http, person.token);
    return { ...person, page };
  };
  return { server, school, exam, candidate, supervisor };
}

/** Saves how a page looks. */
async function look(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`) });
  }
  await page.setViewportSize(PHONE);
}

/** The colours of a tile's picture. */
function pixelsOf(page: Page): Promise<readonly number[]> {
  return page
    .locator(".tile canvas")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext("2d");
      return context && canvas.width > 0 ? [...context.getImageData(0, 0, canvas.width, canvas.height).data] : [];
    });
}

function changedPixels(before: readonly number[], after: readonly number[]): number {
  return after.filter((value, i) => Math.abs(value - (before[i] ?? 0)) > 40).length;
}

test("a candidate is filmed and answers, and a supervisor sees the picture move, writes, stops the clock and lets it run", async (t) => {
  const { server, school, exam, candidate, supervisor } = await setUp(t, {
    camera: "required",
    screen: false,
    phone: false,
    keepDays: 0,
  });
  const sits = await candidate("Li Lei");
  await sits.getByRole("heading", { name: "Question 1" }).waitFor();
  await sits.getByText("Your picture arrives").waitFor();
  assert.deepEqual([await axeFaults(sits), await overflow(sits)], [[], 0]);

  const { page } = await supervisor();
  await page.goto(`${server.http}/supervision/${exam.id}`);
  const tile = page.getByRole("button", { name: /Li Lei/ });
  await tile.waitFor();
  const before = await until(async () => {
    const pixels = await pixelsOf(page);
    return pixels.some((value, i) => i % 4 !== 3 && value > 60) ? pixels : null;
  }, "the first picture");
  await until(async () => changedPixels(before, await pixelsOf(page)) > MOVED, "a newer picture");
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);

  await tile.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Li Lei" }).waitFor();
  await until(async () => (await playerState(page)).time > 1, "the live picture");
  assert.deepEqual(await axeFaults(page), []);

  await page.keyboard.press("m");
  await page.keyboard.type("Please turn the lamp on.");
  await page.keyboard.press("Control+Enter");
  await sits.getByText("Please turn the lamp on.").waitFor();
  await look(sits, "message");
  await sits.getByRole("button", { name: "I have read it" }).click();
  await page.getByText("Message from Wang Fang, read").waitFor();
  assert.equal(await sits.getByText("Please turn the lamp on.").count(), 0);

  await page.getByRole("button", { name: "Stop the clock" }).click();
  await sits.getByText("Your supervisor has stopped the clock", { exact: false }).waitFor();
  await look(sits, "paused");
  assert.ok(await sits.getByLabel("8", { exact: true }).isDisabled());
  assert.deepEqual(await axeFaults(sits), []);
  await page.getByRole("button", { name: "Let the clock run" }).click();
  await sits.getByLabel("8", { exact: true }).check();
  await sits.getByText("Everything is saved").waitFor();

  await page.getByLabel("More time").selectOption({ label: "10 minutes more" });
  await page.getByText("(+10)").waitFor();
  await page.getByRole("button", { name: "End the attempt" }).click();
  await page.getByRole("button", { name: "End it now" }).click();
  await sits.getByRole("heading", { name: "Handed in" }).waitFor();
  const { items } = await school.call("GET", `/exams/${exam.id}/attempts`);
  assert.deepEqual([items[0].state, items[0].handedInBy], ["handed-in", "supervisor"]);
});

/** How long the voice of the other one has played on a page, in seconds. */
function heardFor(page: Page): Promise<number> {
  return page.evaluate(() => {
    const players = [...document.querySelectorAll(".unseen > lectern-player")];
    return players[0]?.shadowRoot?.querySelector("video")?.currentTime ?? 0;
  });
}

test("a supervisor and a candidate talk after the candidate has read who asks, and neither is heard after one hangs up", async (t) => {
  const { server, school, exam, candidate, supervisor } = await setUp(t, {
    camera: "required",
    screen: false,
    phone: false,
    keepDays: 1,
  });
  const sits = await candidate("Li Lei");
  await sits.getByRole("heading", { name: "Question 1" }).waitFor();
  const { page } = await supervisor();
  await page.goto(`${server.http}/supervision/${exam.id}`);
  await page.getByRole("button", { name: /Li Lei/ }).click();
  await page.getByRole("button", { name: "Talk to the candidate" }).click();
  await page.getByText("Li Lei is asked to talk", { exact: false }).waitFor();
  await sits.getByText("Wang Fang wants to talk to you.").waitFor();
  assert.deepEqual([await axeFaults(sits), await axeFaults(page), await overflow(sits)], [[], [], 0]);
  await look(sits, "talk-asked");
  await sits.getByRole("button", { name: "Talk", exact: true }).click();
  await sits.getByText("You are talking to Wang Fang.").waitFor();
  await page.getByText("You are talking to Li Lei.", { exact: false }).waitFor();
  for (const one of [sits, page]) await until(async () => (await heardFor(one)) > 1, "the voice of the other");
  await look(sits, "talk-on");
  await sits.getByLabel("8", { exact: true }).check();
  await sits.getByText("Everything is saved").waitFor();
  const live = async () =>
    (await done(server, "GET", "/streams")).items.filter(({ name }: { name: string }) => /-(voice|supervisor)-1$/.test(name))
      .length;
  assert.equal(await live(), 2);
  await sits.getByRole("button", { name: "Hang up" }).click();
  await page.getByText("The talk with Li Lei is over").waitFor();
  assert.equal(await sits.getByText("You are talking").count(), 0);
  await until(async () => (await live()) === 0, "both streams to end");
  const { items } = await school.call("GET", `/exams/${exam.id}/wall`);
  const { recordings } = await school.call("GET", `/exams/${exam.id}/wall/${items[0].attemptId}`);
  assert.ok(
    recordings.every(({ kind }: { kind: string }) => kind === "camera"),
    "nothing of the talk is recorded",
  );
});

test("a phone becomes the second camera by its address, and the supervisor of a group sees its candidates alone", async (t) => {
  const { server, school, exam, candidate, supervisor } = await setUp(t, {
    camera: "none",
    screen: false,
    phone: true,
    keepDays: 0,
  });
  const sits = await candidate("Han Meimei");
  await candidate("Li Lei");
  await sits.getByRole("button", { name: "Show the code for the phone" }).click();
  await sits.getByRole("img", { name: "QR code for your phone" }).waitFor();
  const { token } = await sits.evaluate(async (id) => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("lectern-exams");
      request.onsuccess = () => resolve(request.result);
    });
    const kept = await new Promise<{ entered: { token: string } }>((resolve) => {
      const request = database.transaction("attempts").objectStore("attempts").get(id);
      request.onsuccess = () => resolve(request.result);
    });
    const answer = await fetch(`/api/v1/exams/${id}/streams`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: kept.entered.token }),
    });
    return (await answer.json()).phone as { token: string };
  }, exam.code);
  const phone = await openOwnPage(t, { viewport: PHONE, flags: DEVICES }, server.http);
  await phone.goto(`${server.http}/exam/${exam.code}#camera=${encodeURIComponent(token)}`);
  await look(sits, "phone-code");
  await phone.getByText("The picture reaches your supervisors", { exact: false }).waitFor();
  assert.deepEqual([await axeFaults(phone), await overflow(phone)], [[], 0]);

  const { id, page } = await supervisor("supervisor", "Zhao Min");
  const { items } = await school.call("GET", `/exams/${exam.id}/wall`);
  const group = await school.call("POST", `/exams/${exam.id}/groups`, { name: "Room 101", supervisorIds: [id] });
  const { attemptId } = items.find(({ name }: { name: string }) => name === "Han Meimei");
  await school.call("PATCH", `/exams/${exam.id}/wall/${attemptId}`, { groupId: group.id });
  await page.goto(`${server.http}/supervision`);
  await page.getByRole("link", { name: "Algebra, first term" }).click();
  await page.getByRole("button", { name: /Han Meimei/ }).waitFor();
  assert.equal(await page.getByRole("button", { name: /Li Lei/ }).count(), 0);
  await page.locator(".tile canvas").waitFor();
});

test("before the start a candidate reads what is filmed, sees in the waiting room that it works, shares the screen, and reads a message; the supervisor sees the screen", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const supervision = { camera: "required", screen: true, phone: true, keepDays: 30 };
  const exam = await sampleExam(school, 20 * 60_000, { supervision });
  const page = await openOwnPage(t, { viewport: PHONE, flags: DEVICES }, server.http);
  await page.goto(`${server.http}/exam/${exam.code}`);
  await page.getByText("deleted 30 days after the examination", { exact: false }).waitFor();
  await page.getByLabel("Your name").fill("Li Lei");
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  await look(page, "terms");
  await page.getByLabel("I agree to be filmed like this").check();
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByText("The camera is on, and its picture reaches your supervisors.").waitFor();
  await page.getByRole("button", { name: "Share the screen" }).waitFor();
  await page.getByRole("img", { name: "QR code for your phone" }).waitFor();
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  await page.getByRole("button", { name: "Share the screen" }).click();
  await page.getByText("Your screen is shared with your supervisors.").waitFor();
  await look(page, "waiting");
  const { token } = await newPerson(server, school.id, "administrator", "Wang Fang");
  const wall = await openOwnPage(t, { viewport: { width: 1440, height: 900 }, flags: DEVICES, expected: OWN_READING }, server.http);
  await signInBrowser(wall.context(), server.http, token);
  await wall.goto(`${server.http}/supervision/${exam.id}`);
  await wall.getByRole("button", { name: /Li Lei/ }).waitFor();
  await wall.getByLabel("Tiles show").first().selectOption({ label: "Screen" });
  await until(async () => (await pixelsOf(wall)).some((value, i) => i % 4 !== 3 && value > 60), "the shared screen on the wall");
  await look(wall, "wall-screen");
  await wall.getByRole("button", { name: "Message to all" }).click();
  await wall.getByRole("dialog").getByRole("textbox").fill("We begin in a few minutes.");
  await wall.getByRole("dialog").getByRole("button", { name: "Send" }).click();
  await page.getByText("We begin in a few minutes.").waitFor();
  assert.deepEqual([await axeFaults(page), await overflow(page)], [[], 0]);
  await look(page, "waiting-message");
  await page.getByRole("button", { name: "I have read it" }).click();
  assert.equal(await page.getByText("We begin in a few minutes.").count(), 0);
});
