/**
 * Sources, forwards, qualities and jobs in Chromium: what people set up in the pages really runs, and the pages say how it is.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage, playerState } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, done, push } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PASSWORD = "a good password";
const CAMERA_PASSWORD = "Pa55-of-the-camera";
const STREAM_KEY = "opensesame-9";

let people = 0;

const server = () =>
  sharedLectern({
    "sources.allowedNetworks": "[127.0.0.0/8]",
    "sources.idleSeconds": "5",
    "ladder.cores": "4",
    "publish.graceSeconds": "2",
  });

/** Somebody of the first school, with a token. */
async function person(lectern: Lectern, role: string) {
  const schoolId = (await done(lectern, "GET", "/schools")).items[0].id;
  const login = `${role}-${++people}`;
  const of = role === "operator" ? {} : { schoolId };
  const { id } = await done(lectern, "POST", "/users", { ...of, login, name: login, role, password: PASSWORD });
  const { token } = (await ask(lectern, "POST", "/sessions", { login, password: PASSWORD }, null)).body;
  return { id, token: String(token) };
}

async function open(t: TestContext, lectern: Lectern, token: string, path: string, locale = "en-US"): Promise<Page> {
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 }, locale }, lectern.http);
  await signInBrowser(page.context(), lectern.http, token);
  await page.goto(lectern.http + path);
  return page;
}

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page
    .getByRole("combobox", { name: label, exact: true })
    .or(page.getByRole("textbox", { name: label, exact: true }))
    .click();
  await page.getByRole("option", { name: option }).click();
}

async function listed(lectern: Lectern): Promise<string[]> {
  return (await done(lectern, "GET", "/streams?limit=1000")).items.map(({ name }: { name: string }) => name);
}

test("a channel is added, starts when somebody watches it, and the list says so by itself", async (t) => {
  const lectern = await server();
  const { token } = await person(lectern, "administrator");
  push(t, `${lectern.rtmp}/live/origin`);
  await lectern.stream("origin", ({ video }) => video !== null);
  const page = await open(t, lectern, token, "/console/sources");
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Title").fill("School yard");
  await page.getByLabel("Channel name").fill("yard");
  await page.getByLabel("Addresses").fill(`\n ${lectern.rtmp}/live/origin \n`);
  await page.getByRole("button", { name: "Create" }).click();
  await row(page, "School yard").getByText("Starts when somebody watches").waitFor();
  assert.ok(!(await listed(lectern)).includes("yard"));

  const [watching] = await Promise.all([
    page.context().waitForEvent("page"),
    page.getByRole("link", { name: "Watch: School yard" }).click(),
  ]);
  await until(async () => (await playerState(watching)).state === "live", "the channel in the player");
  await row(page, "School yard").getByText("Running").waitFor();
  await watching.close();
  await row(page, "School yard").getByText("Starts when somebody watches").waitFor();
  assert.ok(!(await listed(lectern)).includes("yard"));

  await page.getByLabel("Select: School yard").check();
  await page.getByRole("button", { name: "Delete permanently" }).click();
  await page.getByRole("button", { name: "Confirm" }).click();
  await row(page, "School yard").waitFor({ state: "detached" });
});

test("a source that cannot be reached says why, keeps its password where nobody reads it, and is disabled and enabled", async (t) => {
  const lectern = await server();
  const { token, id: teacherId } = await person(lectern, "administrator");
  const lesson = await done(lectern, "POST", "/lessons", { title: "Laboratory", teacherId });
  const page = await open(t, lectern, token, "/console/sources");
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Title").fill("Gate");
  await choose(page, "Live as", "The stream of a lesson");
  await page
    .getByRole("combobox", { name: "The stream of a lesson" })
    .or(page.getByLabel("The stream of a lesson"))
    .first()
    .fill("labor");
  await page.getByRole("option", { name: "Laboratory" }).click();
  // Nothing listens on this port.
  await page.getByLabel("Addresses").fill(`rtsp://admin:${CAMERA_PASSWORD}@127.0.0.1:9/stream\nrtsp://10.77.0.1/backup`);
  await choose(page, "Starts", "Always on");
  await page.getByRole("button", { name: "Create" }).click();
  const gate = row(page, "Gate");
  await gate.getByText("Trying again").waitFor();
  await gate.getByText("The other server does not answer.").or(gate.getByText("The address is in a private network")).waitFor();
  await gate.getByText("rtsp://***@127.0.0.1:9/stream").waitFor();
  assert.equal(await gate.getByRole("link", { name: "Laboratory" }).getAttribute("href"), `/studio/${lesson.id}`);

  await page.getByRole("button", { name: "Edit: Gate" }).click();
  assert.equal(await page.getByLabel("Addresses").inputValue(), "rtsp://***@127.0.0.1:9/stream\nrtsp://10.77.0.1/backup");
  await page.getByLabel("Title").fill("Gate camera");
  await page.getByLabel("Addresses").fill("rtsp://***@127.0.0.1:9/stream");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Gate” was saved.").waitFor();
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await gate.getByText("rtsp://10.77.0.1/backup").waitFor();

  await page.getByRole("button", { name: "Edit: Gate" }).click();
  await page.getByLabel("Addresses").fill("rtsp://127.0.0.1:9/other");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Gate” was saved.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0, "the password is gone");
  await gate.getByText("The other server does not answer.").waitFor();

  await page.getByLabel("Select: Gate").check();
  await page.getByRole("button", { name: "Disable" }).click();
  await gate.getByText("Off", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await gate.getByText("Trying again").waitFor();
  assert.ok(!(await page.content()).includes(CAMERA_PASSWORD));
});

test("a lesson is also sent to another service, from the studio on, and its key is on no page", async (t) => {
  const lectern = await server();
  const teacher = await person(lectern, "teacher");
  const head = await person(lectern, "administrator");
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", teacherId: teacher.id });
  const page = await open(t, lectern, teacher.token, `/studio/${lesson.id}`);
  await page.getByRole("button", { name: "More of this lesson" }).click();
  await page.getByRole("menuitem", { name: "Also send elsewhere" }).click();
  const tile = page.getByRole("region", { name: "Also send to" });
  await tile.getByRole("button", { name: "Add service" }).click();
  await tile.getByLabel("Name").fill("Video platform");
  await tile.getByLabel("Server address").fill(`${lectern.rtmp}/live/`);
  await tile.getByLabel("Stream key").fill(STREAM_KEY);
  await tile.getByRole("button", { name: "Save" }).click();
  await tile.getByText("Starts with the lesson").waitFor();
  await tile.getByText(`${lectern.rtmp}/live/***`).waitFor();
  push(t, lesson.stream.rtmpUrl);
  await tile.getByText("Sending").waitFor();
  await lectern.stream(STREAM_KEY, ({ video }) => video !== null);

  await tile.getByRole("button", { name: "Turn off: Video platform" }).click();
  await tile.getByText("Off", { exact: true }).waitFor();
  await until(async () => !(await listed(lectern)).includes(STREAM_KEY), "the other service has no stream");
  await tile.getByRole("button", { name: "Edit: Video platform" }).click();
  await tile.getByLabel("Name").fill("Platform");
  await tile.getByRole("button", { name: "Save" }).click();
  await tile.getByRole("button", { name: "Turn on: Platform" }).click();
  await tile.getByText("Sending").waitFor();
  await lectern.stream(STREAM_KEY, ({ video }) => video !== null);
  assert.ok(!(await page.content()).includes(STREAM_KEY));

  const office = await open(t, lectern, head.token, "/console/lessons", "zh-CN");
  await row(office, "Fractions").getByRole("button", { name: "更多：Fractions" }).click();
  await office.getByRole("menuitem", { name: "转推" }).click();
  const list = office.getByRole("region", { name: "同时转推到" });
  await list.getByText("正在转推").waitFor();
  await list.getByRole("button", { name: "移除: Platform" }).click();
  await list.getByRole("alertdialog").getByRole("button", { name: "移除" }).click();
  await list.getByText("Platform", { exact: true }).waitFor({ state: "detached" });
  await until(async () => (await done(lectern, "GET", `/lessons/${lesson.id}/forwards`)).items.length === 0, "no forward");
});

test("a school has qualities of its own, a lesson has others, and rungs are marks of their stream and rows of jobs", async (t) => {
  const lectern = await server();
  const head = await person(lectern, "administrator");
  const operator = await person(lectern, "operator");
  await done(lectern, "POST", "/courses", { name: "Mathematics 7b" });
  const page = await open(t, lectern, head.token, "/console/ladders");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByLabel("Name").first().fill("Slow lines");
  const first = page.getByRole("group", { name: "Quality 1" });
  await first.getByLabel("Picture", { exact: true }).selectOption("360p");
  assert.deepEqual(
    [await first.getByLabel("Name").inputValue(), await first.getByLabel("Picture, kbps").inputValue()],
    ["360p", "550"],
  );
  await first.getByLabel("Picture, kbps").fill("400");
  await page.getByRole("group", { name: "Quality 2" }).getByLabel("Sound, kbps").fill("48");
  await page.getByRole("button", { name: "Create" }).click();
  await row(page, "Slow lines").getByText("360p, 400 kbps").waitFor();
  const [ladder] = (await done(lectern, "GET", "/ladders")).items;
  assert.deepEqual(ladder.rungs, [
    { name: "360p", height: 360, videoKbps: 400, audioKbps: null },
    { name: "audio", height: null, videoKbps: null, audioKbps: 48 },
  ]);

  await page.goto(`${lectern.http}/console/courses`);
  await page.getByRole("button", { name: "Edit: Mathematics 7b" }).click();
  await choose(page, "Smaller versions for slow connections", "Slow lines (360p · sound)");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Mathematics 7b” was saved.").waitFor();
  const [course] = (await done(lectern, "GET", "/courses")).items;
  assert.deepEqual([course.ladder, course.ladderStart], [ladder.id, null]);
  const lesson = await done(lectern, "POST", "/lessons", { title: "Angles", courseId: course.id });
  await page.goto(`${lectern.http}/console/lessons`);
  await page.getByRole("button", { name: "Edit: Angles" }).click();
  await page.getByText("More settings").click();
  const qualities = page
    .getByRole("combobox", { name: "Smaller versions for slow connections", exact: true })
    .or(page.getByLabel("Smaller versions for slow connections", { exact: true }))
    .first();
  await until(async () => (await qualities.inputValue()) === "Default: Slow lines", "what the course gives");
  await choose(page, "Smaller versions for slow connections", "Data saver (saver · sound)");
  await choose(page, "Smaller versions are made", "As long as the lesson is live");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Angles” was saved.").waitFor();

  push(t, lesson.stream.rtmpUrl);
  await until(async () => (await listed(lectern)).includes(`${lesson.stream.name}@saver`), "a rung");
  for (const { token } of [head, operator]) {
    const streams = await open(t, lectern, token, "/console/streams");
    await row(streams, lesson.stream.name).getByText("saver", { exact: true }).waitFor();
    assert.equal(await streams.getByText("@saver").count(), 0, "a rung is no stream of the list");
  }
  const jobs = await open(t, lectern, operator.token, "/console/jobs?kind=ladder");
  const job = row(jobs, lesson.stream.name);
  await job.getByText("Running").waitFor();
  await job.getByText(/saver .*s behind/).waitFor();
});
