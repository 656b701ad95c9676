/** The console in Chromium: the daily tasks of an administrator. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { newSchool, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { TOKEN, until } from "./lectern.ts";
import { long } from "./long-tests.ts";

test("a lesson is changed by the school's clock, binned with others and put back", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server, "Asia/Shanghai");
  const { call } = school;
  const lesson = await call("POST", "/lessons", { title: "Fractions", startsAt: "2026-12-01T09:00:00+08:00" });
  await call("POST", "/lessons", { title: "Angles" });
  await call("POST", "/lessons", { title: "Rivers" });
  const page = await signedIn(t, server, school, "/lessons", { options: { timezoneId: "America/New_York" } });
  await page.getByText("Dec 1, 2026, 9:00 AM").waitFor();
  await page.evaluate(() => localStorage.setItem("lectern.console.developer", "1"));
  await page.getByRole("button", { name: "Edit: Fractions" }).click();
  await page.getByLabel("Starts (Asia/Shanghai)").fill("2026-12-02T10:30");
  await page.getByLabel("Title").fill("Fractions and decimals");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Fractions” was saved.").waitFor();
  await page.getByText("Dec 2, 2026, 10:30 AM").waitFor();
  assert.equal((await call("GET", `/lessons/${lesson.id}`)).startsAt, "2026-12-02T02:30:00.000Z");
  // The change as a line for the shell, taken back, and made again.
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("status").getByRole("button", { name: "Copy as curl" }).click();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(line.startsWith('curl -X PATCH -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d \'{'), line);
  assert.ok(line.endsWith(` '${server.http}/api/v1/lessons/${lesson.id}'`), line);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("The change was undone.").waitFor();
  await page.getByText("Dec 1, 2026, 9:00 AM").waitFor();
  assert.equal((await call("GET", `/lessons/${lesson.id}`)).title, "Fractions");
  execFileSync("sh", ["-c", line], { env: { ...process.env, TOKEN }, stdio: "ignore" });
  await page.reload();
  await page.getByText("Dec 2, 2026, 10:30 AM").waitFor();

  await page.getByLabel("Search").fill("r");
  await page.getByRole("link", { name: "Angles" }).waitFor({ state: "detached" });
  assert.match(page.url(), /search=r/);
  await page.getByLabel("Select all").check();
  await page.getByText("2 selected").waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("2 moved to the trash.").waitFor();
  const titles = async () => (await call("GET", "/lessons")).items.map(({ title }: { title: string }) => title).sort();
  assert.deepEqual(await titles(), ["Angles"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("The change was undone.").waitFor();
  assert.deepEqual(await titles(), ["Angles", "Fractions and decimals", "Rivers"]);

  await call("DELETE", `/lessons/${lesson.id}`);
  await page.goto(`${server.http}/console/lessons?state=deleted`);
  await page.getByLabel("Select: Fractions and decimals").check();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByText("1 restored.").waitFor();
  assert.equal((await titles()).length, 3);
});

long("people are shut out together, and let in again; what cannot be undone is asked first", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  for (const name of ["Ben", "Cai"])
    await call("POST", "/users", { schoolId: school.id, login: name.toLowerCase(), name, role: "student" });
  const page = await signedIn(t, server, school, "/people?role=student");
  await page.getByLabel("Select: Ben").check();
  await page.getByLabel("Select: Cai").check();
  await page.getByRole("button", { name: "Suspend" }).click();
  await page.getByText("2 suspended.").waitFor();
  const out = async () =>
    (await call("GET", "/users?role=student")).items.filter(({ disabledAt }: { disabledAt: string | null }) => disabledAt !== null)
      .length;
  assert.equal(await out(), 2);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("The change was undone.").waitFor();
  assert.equal(await out(), 0);

  const course = await call("POST", "/courses", { name: "Maths" });
  await call("POST", "/courses", { name: "Music" });
  const lesson = await call("POST", "/lessons", { title: "Angles", courseId: course.id });
  await page.goto(`${server.http}/console/courses`);
  await page.getByLabel("Select all").check();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("This cannot be undone.").waitFor();
  assert.equal((await call("GET", "/courses")).items.length, 2);
  await page.getByRole("button", { name: "Confirm" }).click();
  // One has a lesson, and stays; that is said.
  await page.getByRole("alert").getByText("The course has lessons").waitFor();
  await page.getByText("1 deleted permanently.").waitFor();
  assert.deepEqual(
    (await call("GET", "/courses")).items.map(({ name }: { name: string }) => name),
    ["Maths"],
  );
  assert.equal((await call("GET", `/lessons/${lesson.id}`)).courseId, course.id);
});

long("what needs attention is on the first page: late, without a teacher, not delivered", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  await call("POST", "/lessons", { title: "Late lesson", startsAt: at(-30) });
  await call("POST", "/lessons", { title: "Nobody teaches", startsAt: at(120) });
  const page = await signedIn(t, server, school, "");
  await page.getByText("“Late lesson” should have started").waitFor();
  await page.getByText("“Nobody teaches” has no teacher yet").click();
  await page.getByRole("link", { name: "Nobody teaches" }).waitFor();
});

test("a teacher finds their lessons, and the way to the studio", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const page = await signedIn(t, server, school, "", { role: "teacher" });
  const { items } = await call("GET", "/users?role=teacher");
  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const lesson = await call("POST", "/lessons", { title: "Fractions", teacherId: items[0].id, startsAt });
  await page.reload();
  await page.getByRole("heading", { name: "Your lessons" }).waitFor();
  await page.getByRole("link", { name: "Fractions" }).click();
  await page.waitForURL(`${server.http}/studio/${lesson.id}`);
  await page.getByRole("heading", { level: 1, name: "Fractions" }).waitFor();

  // What is live is first, whenever it should have begun.
  const yesterday = new Date(Date.now() - 26 * 3_600_000).toISOString();
  const live = await call("POST", "/lessons", { title: "Decimals", teacherId: items[0].id, startsAt: yesterday });
  await call("POST", `/lessons/${live.id}/start`);
  await page.goto(`${server.http}/console`);
  const now = page.getByRole("region", { name: "Live now" });
  await now.getByText("Decimals").waitFor();
  await now.getByRole("link", { name: "Open studio" }).click();
  await page.waitForURL(`${server.http}/studio/${live.id}`);
});

long("a lesson of the timetable is moved by its keys and by dragging, and moved back", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  // Wednesday of this week, ten in the morning, of the browser's clock.
  const now = new Date();
  const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() - ((now.getDay() + 6) % 7) + 2, 10);
  const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000).toISOString();
  const lesson = await call("POST", "/lessons", { title: "Fractions", startsAt: later(0), endsAt: later(45) });
  const times = async () => {
    const { startsAt, endsAt } = await call("GET", `/lessons/${lesson.id}`);
    return [startsAt, endsAt];
  };
  const page = await signedIn(t, server, school, "/timetable");
  const block = page.getByRole("link", { name: "Fractions" });
  await block.focus();
  await page.keyboard.press("ArrowDown");
  await until(async () => (await times())[0] === later(15), "a quarter of an hour later");
  assert.equal((await times())[1], later(60), "as long as it was");
  await page.getByRole("button", { name: "Undo" }).click();
  await until(async () => (await times())[0] === later(0), "as it was");
  await until(async () => (await page.getByText("10:00").count()) > 0, "the time on the page");
  const days = page.locator(".week-hours");
  await block.dragTo(days.nth(3), { sourcePosition: { x: 10, y: 5 }, targetPosition: { x: 20, y: 44 * 4 + 5 } });
  await until(async () => (await times())[0] === later(24 * 60 + 60), "Thursday at eleven");
});
