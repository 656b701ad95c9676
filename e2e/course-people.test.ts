/** The page of a course in the console, in Chromium: its people are found, pasted, moved and removed, and each of it is undone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newSchool, ownName, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";

test("a course gets its people by a search and from a pasted list, whose wrong lines are said and stay", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const people = [
    { login: ownName("wang"), name: "王芳", role: "teacher" },
    { login: ownName("ben"), name: "Ben Smith", role: "student" },
    { login: ownName("cai"), name: "Cai Lun", role: "student" },
  ] as const;
  for (const person of people) await call("POST", "/users", { schoolId: school.id, ...person });
  const course = await call("POST", "/courses", { name: "Maths" });
  await call("POST", "/courses", { name: "Music" });
  const membersOf = async (id: string) =>
    (await call("GET", `/courses/${id}/members`)).items.map(({ name, role }: { name: string; role: string }) => `${name} ${role}`);
  const page = await signedIn(t, server, school, "/courses");
  await page.getByRole("link", { name: "Maths", exact: true }).click();
  await page.getByText("Nobody is in this course yet.").waitFor();

  await page.getByRole("button", { name: "Add people" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("searchbox").fill("王");
  await drawer.getByRole("button", { name: /^Add: 王芳/ }).click();
  await drawer.getByText("In the course", { exact: true }).waitFor();
  const list = drawer.getByLabel("Or paste a list");
  await list.fill(`Ben Smith\nZoe Nobody, ${people[2].login}\n`);
  await drawer.getByRole("button", { name: "Add this list" }).click();
  await drawer.getByText("2 people added.").waitFor();
  await drawer.getByRole("alert").getByText("Nobody in this school has this username").waitFor();
  assert.equal(await list.inputValue(), "Zoe Nobody");
  assert.deepEqual((await membersOf(course.id)).toSorted(), ["Ben Smith student", "Cai Lun student", "王芳 teacher"]);
  // The drawer stays open: what was done can be undone all the same.
  await drawer.getByRole("button", { name: "Undo" }).click();
  await until(async () => (await membersOf(course.id)).join() === "王芳 teacher", "the way back");
  await list.fill(`Ben Smith\n${people[2].login}\n`);
  await drawer.getByRole("button", { name: "Add this list" }).click();
  await until(async () => (await membersOf(course.id)).length === 3, "both again");
  await drawer.getByRole("button", { name: "Close" }).first().click();
  await page.getByRole("row", { name: /Cai Lun/ }).waitFor();
});

test("people of a course are moved to another one and removed, and come back by undo", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const [maths, music] = [await call("POST", "/courses", { name: "Maths" }), await call("POST", "/courses", { name: "Music" })];
  for (const name of ["Ben", "Cai"])
    await call("POST", "/users", { schoolId: school.id, login: ownName("s"), name, role: "student" });
  await call("POST", `/courses/${maths.id}/members`, { people: ["Ben", "Cai"] });
  const namesIn = async (id: string) =>
    (await call("GET", `/courses/${id}/members`)).items.map(({ name }: { name: string }) => name).join();
  const page = await signedIn(t, server, school, `/courses/${maths.id}`);
  await page.getByLabel("Select: Ben").check();
  await page.getByRole("button", { name: "Move to another course" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "To the course" }).click();
  await page.getByRole("option", { name: "Music" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Move to another course" }).click();
  await page.getByText("1 person moved to Music.").waitFor();
  assert.deepEqual([await namesIn(maths.id), await namesIn(music.id)], ["Cai", "Ben"]);
  await page.getByRole("button", { name: "Undo" }).click();
  await until(async () => (await namesIn(music.id)) === "", "the way back");

  await page.getByRole("row", { name: /Ben/ }).waitFor();
  await page.getByLabel("Select all").check();
  await page.getByRole("button", { name: "Remove from the course" }).click();
  await page.getByText("2 people removed.").waitFor();
  assert.equal(await namesIn(maths.id), "");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await until(async () => (await namesIn(maths.id)).length === "Ben,Cai".length, "both again");
});

test("a course shows its own lessons, materials, recordings and results, and adds lessons to itself", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const { call } = school;
  const course = await call("POST", "/courses", { name: "Maths" });
  await call("POST", "/users", { schoolId: school.id, login: ownName("s"), name: "Ben", role: "student" });
  await call("POST", `/courses/${course.id}/members`, { people: ["Ben"] });
  await call("POST", "/lessons", { title: "Elsewhere" });
  const page = await signedIn(t, server, school, `/courses/${course.id}`);
  await page.getByRole("row", { name: /Ben/ }).waitFor();
  const parts = page.getByRole("navigation", { name: "Pages of the course" });
  await parts.getByRole("link", { name: "Lessons" }).click();
  await page.getByText("Nothing here yet.").waitFor();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Title").fill("Fractions");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Fractions" }).waitFor();
  assert.equal((await call("GET", `/lessons?courseId=${course.id}`)).items.length, 1);
  await parts.getByRole("link", { name: "Materials" }).click();
  await page.getByText("No lesson of this course has materials yet.").waitFor();
  await parts.getByRole("link", { name: "Recordings" }).click();
  await page.getByText("Nothing here yet.").waitFor();
  await parts.getByRole("link", { name: "Results" }).click();
  await page.getByRole("link", { name: "Ben" }).click();
  await page.getByRole("heading", { name: "Record of Ben" }).waitFor();
});
