/** A television without typing: it shows a code, a phone that is in the lesson confirms it, and the television has this lesson. Through the API and in Chromium. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openOwnPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { done } from "./lesson-client.ts";
import { onPostgresFirst } from "./school-databases.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const TELEVISION = { viewport: { width: 1920, height: 1080 }, userAgent: "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) Chrome/120.0" };

onPostgresFirst((open) => {
  test("a code that a person in the lesson confirms opens this lesson once, until the person is removed", async (t) => {
    const { ok, call, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const teacher = await person(schoolId, "teacher", "wang");
    const lesson = await ok("POST", "/lessons", {
      as: teacher.token,
      body: { title: "Fractions", openToSchool: true, guests: false },
    });
    const student = await person(schoolId, "student", "mei");
    const screen = await ok("POST", "/screens", { as: null });
    assert.match(screen.code, /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/);
    const ask = () => call("POST", "/screens/lesson", { as: null, body: { secret: screen.secret } });
    const admit = (as: string | null, code: string) =>
      call("POST", "/screens/admission", { as, body: { code, lessonId: lesson.id } });
    assert.equal((await ask()).body.lessonId, null);
    assert.equal((await admit(null, screen.code)).body.code, "guests-not-allowed", "nobody from outside confirms it");
    const { status, body } = await admit(student.token, `${screen.code.slice(0, 4)}-${screen.code.slice(4)}`.toLowerCase());
    assert.deepEqual([status, body.title], [201, "Fractions"]);
    assert.equal((await admit(teacher.token, screen.code)).body.code, "link-expired", "a code works once");
    assert.equal((await ask()).body.lessonId, lesson.id);
    assert.equal((await ask()).body.lessonId, lesson.id, "an answer may be lost");

    const watch = () => call("POST", "/watch", { as: null, body: { secret: screen.secret } });
    const watching = await watch();
    assert.deepEqual([watching.status, watching.body.name, watching.body.token], [200, `TV ${screen.code.slice(0, 4)}`, null]);
    const people = (await ok("GET", `/lessons/${lesson.id}/participants`, { as: teacher.token })).items;
    const mei = people.find(({ userId }: { userId: string | null }) => userId === student.id);
    await ok("DELETE", `/lessons/${lesson.id}/participants/${mei.id}`, { as: teacher.token });
    assert.equal((await watch()).body.code, "watching-over");
  });

  test("codes are not guessed: a person who tries many waits, and what has expired is unknown", async (t) => {
    const { ok, call, person, service } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const teacher = await person(schoolId, "teacher", "wang");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Fractions" } });
    const screen = await ok("POST", "/screens", { as: null });
    const admit = (code: string) => call("POST", "/screens/admission", { as: teacher.token, body: { code, lessonId: lesson.id } });
    await service.db
      .updateTable("screens")
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute();
    assert.equal((await admit(screen.code)).body.code, "link-expired");
    const codes: string[] = [];
    for (let i = 0; i < 21; i++) codes.push((await admit("BCDFGHJK")).body.code);
    assert.deepEqual([codes[0], codes.at(-1)], ["link-expired", "too-many"]);
  });
});

test("a guest shows the lesson on a television from the phone, and nobody types there", async (t) => {
  const server = await sharedLectern();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions" });
  const television = await openOwnPage(t, TELEVISION, server.http);
  await television.goto(server.http);
  await television.getByRole("heading", { name: "A lesson on this screen" }).waitFor();
  const code = (await television.locator(".tv-code").textContent()) ?? "";
  await television.getByAltText("QR code: let this television in").waitFor();

  const phone = await openOwnPage(t, PHONE, server.http);
  await phone.goto(`${server.http}/j/${lesson.code}`);
  await phone.getByLabel("Your name").fill("Anna");
  await phone.getByRole("button", { name: "Join" }).click();
  await phone.getByRole("button", { name: "More" }).click();
  await phone.getByRole("link", { name: "Television" }).click();
  await phone.getByLabel("Code of the television").fill(code);
  await phone.getByRole("button", { name: "Show “Fractions”" }).click();
  await phone.getByText("The television opens “Fractions” now.").waitFor();
  await television.getByRole("heading", { name: "Fractions" }).waitFor();
  assert.match(television.url(), /\/watch#/);
  await phone.getByRole("link", { name: "Back to the lesson" }).click();
  await phone.getByRole("heading", { name: "Fractions" }).waitFor();
});
