/**
 * A class of two hundred by HTTP-FLV, a teacher in the studio and two students who are called on: how long their words take to the teacher, and to a
 * page of the class that plays FLV in small batches. Runs alone. Only by name.
 */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { listen, SHARE_CAPTURES, wordDelays } from "./heard-words.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, type Body, done, type Watching, watch } from "./lesson-client.ts";
import { madeUpPerson } from "./made-up-person.ts";
import { DESKTOP, openPage, openWorld, plays, student } from "./stage-pages.ts";

const VIEWERS = 200;
const JOINS_AT_ONCE = 20;
const WORDS = 10;
/** The pitch of each voice. */
const HERTZ = { Anna: 900, Ben: 1500 } as const;
const TEACHER_HERTZ = 700;
const WINDOW = { width: 640, height: 480 };
/** What is promised for the middle one of a student's words. */
const LIMITS = { teacherMs: 300, classMs: 1500 } as const;
const BEGUN_BYTES = 10_000;

/** Light ones: they read their stream, and decode nothing. */
async function fillClass(t: TestContext, server: Lectern, lesson: Body): Promise<readonly Watching[]> {
  const viewers: Watching[] = [];
  t.after(() => {
    for (const viewer of viewers) viewer.leave();
  });
  for (let i = 0; i < VIEWERS; i += JOINS_AT_ONCE)
    await Promise.all(
      Array.from({ length: JOINS_AT_ONCE }, async (_, k) => {
        const { body } = await ask(server, "POST", `/lessons/${lesson.code}/join`, { name: `Viewer ${i + k}` }, null);
        viewers.push(watch(`${new URL(body.play.flv, server.http)}&delay=low`));
      }),
    );
  await until(() => viewers.every((viewer) => viewer.bytes() > BEGUN_BYTES), "the class to see the lesson");
  return viewers;
}

/** @param button with which the student accepts */
async function callOn(t: TestContext, studio: Page, lesson: Body, name: keyof typeof HERTZ, button: string): Promise<Page> {
  const speaker = await student(t, lesson, name, WINDOW, { script: madeUpPerson(HERTZ[name], false) });
  await speaker.getByRole("button", { name: "Raise hand" }).click();
  await studio.getByRole("button", { name: `Call on: ${name}` }).click();
  await speaker.getByRole("button", { name: button, exact: true }).click();
  await speaker.getByText("You are heard.").waitFor();
  await plays(studio, name);
  return speaker;
}

/** Every word is heard; the middle one in time. */
function assertHeard(delays: readonly (number | null)[], limitMs: number, whose: string): void {
  const heard = delays.filter((delay) => delay !== null).sort((a, b) => a - b);
  assert.equal(heard.length, WORDS, `${whose}: ${delays.join(", ")}`);
  const median = heard[heard.length >> 1] ?? Number.POSITIVE_INFINITY;
  assert.ok(median < limitMs, `${whose}: ${median} ms; ${delays.join(", ")}`);
}

test("in a class of two hundred, students who are called on are heard by the teacher at once and by the class soon after", async (t) => {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId });
  const studio = await openPage(t, `/studio/${lesson.id}`, DESKTOP, token, SHARE_CAPTURES + madeUpPerson(TEACHER_HERTZ, false));
  await studio.getByRole("button", { name: "Turn on camera and microphone" }).click();
  await studio.getByRole("button", { name: "Go live", exact: true }).click();
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const seats = await student(t, lesson, "Cleo", WINDOW, { query: "?latency=low", script: SHARE_CAPTURES });
  const viewers = await fillClass(t, server, lesson);
  const heard: { name: string; teacher: readonly (number | null)[]; others: readonly (number | null)[] }[] = [];
  for (const [name, button] of [
    ["Anna", "Speak with camera"],
    ["Ben", "Speak"],
  ] as const) {
    const hertz = HERTZ[name];
    const speaker = await callOn(t, studio, lesson, name, button);
    await listen(studio, `.tile-of-person lectern-player[aria-label="${name}"]`, hertz);
    await listen(seats, ".stage lectern-player", hertz);
    // The studio mixes a voice in when it has it, and the class hears that a second later.
    await until(async () => (await wordDelays(speaker, [seats], hertz, 1))[0]?.[0] !== null, `the class to hear ${name}`);
    const [teacher = [], others = []] = await wordDelays(speaker, [studio, seats], hertz, WORDS);
    t.diagnostic(`${name} to the teacher: ${teacher.join(", ")} ms; to the class by FLV low: ${others.join(", ")} ms`);
    heard.push({ name, teacher, others });
  }
  for (const { name, teacher, others } of heard) {
    assertHeard(teacher, LIMITS.teacherMs, `${name} to the teacher`);
    assertHeard(others, LIMITS.classMs, `${name} to the class`);
  }
  const gaps = viewers.map((viewer) => viewer.longestGapMs()).sort((a, b) => b - a);
  t.diagnostic(`longest gaps of ${VIEWERS} viewers: ${gaps.slice(0, 3).map(Math.round).join(", ")} ms`);
  const { viewers: counted } = await server.stream(lesson.stream.name);
  assert.ok(counted.flv >= VIEWERS, `${counted.flv} viewers by FLV`);
});
