/** The studio in Chromium: a teacher edits a recording during the lesson and after it. Only with --all, or by name. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openOwnPage } from "./chromium.ts";
import { newPerson } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { type Body, done, push } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PICTURES = process.env["SCREENSHOTS"];

test("a teacher marks a chapter while it goes on; afterwards names it, adds and removes chapters, cuts a clip, hides, deletes and undoes", async (t) => {
  const server = await sharedLectern({ "publish.graceSeconds": "1" });
  const schoolId = (await done(server, "GET", "/schools")).items[0].id;
  const teacher = await newPerson(server, schoolId, "teacher", "Wang Fang");
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", record: true, teacherId: teacher.id });
  const sending = push(t, lesson.stream.rtmpUrl, "calm");
  const recordings = async (): Promise<Body[]> => (await done(server, "GET", `/recordings?lessonId=${lesson.id}`)).items;
  await until(async () => (await recordings()).length === 1, "the recording");

  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(page.context(), server.http, teacher.token);
  await page.goto(`${server.http}/studio/${lesson.id}`);
  await page.getByRole("button", { name: "More of this lesson" }).click();
  await page.getByRole("menuitem", { name: "Recordings" }).click();
  const tile = page.getByRole("region", { name: "Recordings" });
  await tile.getByRole("button", { name: "Edit" }).click();
  const beganAt = Date.parse((await recordings())[0].startedAt);
  await tile.getByLabel("Chapter title").fill("Welcome");
  const markedAt = Date.now();
  await tile.getByRole("button", { name: "Add chapter now" }).click();
  await tile.getByText(/Welcome/).waitFor();
  const [{ chapters }] = await recordings();
  assert.equal(chapters[0].title, "Welcome");
  assert.ok(Math.abs(chapters[0].seconds - (markedAt - beganAt) / 1000) < 10, `${chapters[0].seconds} s`);

  await until(() => Date.now() > markedAt + 5000, "some more of it");
  sending.child.kill("SIGKILL");
  await until(async () => (await recordings())[0].whole, "the whole recording");
  await tile.locator("lectern-replay").waitFor();
  const player = tile.locator("lectern-replay");
  await until(() => player.evaluate((element) => (element as unknown as { duration: number }).duration > 4), "its length");
  await player.evaluate((element) => {
    (element as unknown as { currentTime: number; pause: () => void }).pause();
    (element as unknown as { currentTime: number }).currentTime = 3;
  });
  await tile.getByLabel("Chapter title").fill("An example");
  await tile.getByRole("button", { name: "Add chapter here" }).click();
  await tile.getByText("0:03 An example").waitFor();
  await tile.getByRole("button", { name: "Remove: Welcome" }).click();
  await until(async () => (await recordings())[0].chapters.length === 1, "one chapter");
  await tile.getByLabel("Title", { exact: true }).fill("Fractions, part one");
  await tile.getByRole("button", { name: "Rename" }).click();
  await tile.getByText("Fractions, part one").first().waitFor();
  if (PICTURES) await page.screenshot({ path: join(PICTURES, "studio-recordings.png"), fullPage: true });

  await tile.getByRole("button", { name: "Set clip end: " }).click();
  await tile.getByRole("button", { name: "Set clip end: 0:03" }).waitFor();
  await tile.getByRole("button", { name: "Create clip" }).click();
  await tile.getByText("The clip is in the list").waitFor();
  const clip = (await recordings()).find(({ published }) => !published);
  assert.ok(clip && clip.seconds >= 3 && clip.seconds < 5.5, `${clip?.seconds} s`);
  await tile.getByRole("button", { name: "Hide from students" }).click();
  await until(async () => (await recordings()).every(({ published }) => !published), "hidden");

  await tile.getByRole("button", { name: "Delete: Fractions, part one" }).first().click();
  await tile.getByText("was moved to the trash").waitFor();
  assert.equal((await recordings()).length, 1);
  await tile.getByRole("button", { name: "Undo" }).click();
  await until(async () => (await recordings()).length === 2, "both again");
});
