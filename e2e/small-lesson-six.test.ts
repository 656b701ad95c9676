/**
 * Six people in six pages of Chromium in one small lesson: all see and hear all, while one is muted, one shares a screen, one loads the page again and
 * one has no network for a while; nobody sends a larger picture than is shown. Then the one recording of all: in it, each person's flash and beep are
 * where they were. Runs alone. Only by name.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { ffmpegDone } from "./ffmpeg.ts";
import { flashesAndBeeps, nearest } from "./flashes-and-beeps.ts";
import { type Lectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { FLASH, flashesDrawn, madeUpPerson, type Perceived, perceive, speak } from "./made-up-person.ts";
import {
  joinSmall,
  loseNetwork,
  NETWORK_AWAY_MS,
  openPage,
  openWorld,
  PUBLISHING_AND_PLAYING,
  picture,
  student,
  tiles,
} from "./stage-pages.ts";
import { udpGate } from "./udp-gate.ts";

/** The pitch of each person's beep: not the harmonics of each other. */
const HERTZ = { "Wang Fang": 700, Anna: 900, Ben: 1150, Chen: 1500, Dora: 1900, Emil: 2450 } as const;
type Name = keyof typeof HERTZ;
const TEACHER = "Wang Fang";
const NAMES = Object.keys(HERTZ) as Name[];
const STUDENTS = NAMES.filter((name) => name !== TEACHER);
/** Six windows are drawn by the CPU. */
const WINDOW = { width: 480, height: 640 };
const SEEN_FRAMES = 10;
const LIMIT_MS = 60_000;
/** Of a tile among more than four. */
const SMALL_LINES = 180;
/** The camera is that large. */
const LARGE_LINES = 360;
/** Long enough for a page that looks seldom to find that another one speaks. */
const SPEECH_MS = 8000;
/** A picture is made smaller when its person has been silent for so long. */
const SMALLER_AFTER_MS = 5000;
const MOST_OFF_MS = 80;
/** Of some twenty flashes of each person, so many with their beep are in the recording: it has no sound of a stay until that is AAC. */
const LEAST_MOMENTS = 4;

type People = ReadonlyMap<Name, Page>;

/** What each of these pages has of these people, when there is enough of all. */
async function seeAndHear(people: People, at: readonly Name[], whom: readonly Name[]): Promise<void> {
  const all = at.map(async (name) => {
    const hertz = Object.fromEntries(whom.filter((other) => other !== name).map((other) => [other, HERTZ[other]]));
    const perceived = await perceive(pageOf(people, name), hertz, SEEN_FRAMES, LIMIT_MS);
    for (const [other, { frames, isHeard }] of Object.entries(perceived))
      assert.ok(frames >= SEEN_FRAMES && isHeard, `${name} to see and hear ${other}: ${JSON.stringify(perceived)}`);
  });
  await Promise.all(all);
}

function pageOf(people: People, name: Name): Page {
  const page = people.get(name);
  assert.ok(page, name);
  return page;
}

async function lines(page: Page): Promise<Record<string, number>> {
  const perceived = await perceive(page, HERTZ, 0, 0);
  return Object.fromEntries(Object.entries(perceived).map(([name, { lines }]: [string, Perceived]) => [name, lines]));
}

async function openLesson(t: TestContext) {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Conversation", teacherId, mode: "small", record: true });
  const people = new Map<Name, Page>();
  people.set(TEACHER, await openPage(t, `/class/${lesson.code}`, WINDOW, token, madeUpPerson(HERTZ[TEACHER])));
  for (const name of STUDENTS) people.set(name, await student(t, lesson, name, WINDOW, { script: madeUpPerson(HERTZ[name]) }));
  const gate = await udpGate(t, pageOf(people, "Chen"), PUBLISHING_AND_PLAYING);
  const published = async () => (await done(server, "GET", `/lessons/${lesson.id}/stream`)).members.length;
  // One after the other, so that their places in the recording are known.
  for (const [i, page] of [...people.values()].entries()) {
    await joinSmall(page);
    await until(async () => (await published()) > i, `${NAMES[i]} to be on`);
    // Each page hears its own beep first, and shows the teacher from now on; nobody else sends more than a small tile shows.
    await speak(pageOf(people, TEACHER), SPEECH_MS);
  }
  return { server, lesson, people, gate };
}

/** While the teacher speaks, that is whom all see large, and the first of the others whom the teacher does. The rest send no more than a small tile shows. */
async function becomeSmall(people: People): Promise<void> {
  const areSmall = async (): Promise<boolean> => {
    await speak(pageOf(people, TEACHER), SPEECH_MS);
    await sleep(SPEECH_MS + SMALLER_AFTER_MS);
    const all = await Promise.all([...people.values()].map(lines));
    return all.every((shown, i) =>
      STUDENTS.slice(1).every((name) => name === NAMES[i] || ((shown[name] ?? 0) > 0 && (shown[name] ?? 0) <= SMALL_LINES)),
    );
  };
  await until(areSmall, "the pictures to be small", LIMIT_MS).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await Promise.all([...people.values()].map(lines)))}`);
  });
}

async function mute(people: People, whom: Name): Promise<void> {
  const teacher = pageOf(people, TEACHER);
  await teacher.getByRole("button", { name: `Actions for ${whom}` }).click();
  await teacher.getByRole("menuitem", { name: "Mute", exact: true }).click();
  await pageOf(people, whom).getByText("Your microphone is off.").waitFor();
  const others = NAMES.filter((name) => name !== whom);
  for (const name of others)
    await until(async () => (await tiles(pageOf(people, name)))[whom]?.muted, `${whom} to be silent at ${name}'s`);
  await teacher.getByRole("button", { name: `Actions for ${whom}` }).click();
  await teacher.getByRole("menuitem", { name: "Ask to unmute" }).click();
  await pageOf(people, whom).getByRole("button", { name: "Turn on", exact: true }).click();
  await seeAndHear(people, others, [whom]);
}

async function shareScreen(people: People): Promise<void> {
  const teacher = pageOf(people, TEACHER);
  await teacher.getByRole("button", { name: "Share screen" }).click();
  for (const name of STUDENTS) {
    const page = pageOf(people, name);
    await page.getByText(`${TEACHER} is sharing a screen`).waitFor();
    const isWhole = async () => ((await lines(page))[TEACHER] ?? 0) > LARGE_LINES;
    await until(isWhole, `${name} to get the screen whole`, LIMIT_MS).catch(async (error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await perceive(page, HERTZ, 0, 0))}`);
    });
  }
  await picture(pageOf(people, "Anna"), "six-screen");
  await teacher.getByRole("button", { name: "Stop sharing" }).click();
  await seeAndHear(people, STUDENTS, [TEACHER]);
}

/** The one recording of the lesson, as a file. */
async function recordingOf(server: Lectern, lesson: Body, file: string): Promise<{ startedAt: number }> {
  const path = `/lessons/${lesson.id}/picture`;
  const made = await until(
    async () => {
      const state = await done(server, "GET", path);
      assert.notEqual(state.state, "failed", JSON.stringify(state));
      return state.state === "done" ? state : null;
    },
    "the picture of all",
    2 * LIMIT_MS,
  );
  const { play } = await done(server, "POST", `/recordings/${made.recording.id}/links`, {});
  writeFileSync(file, Buffer.from(await (await fetch(play.mp4)).arrayBuffer()));
  return { startedAt: Date.parse(made.recording.startedAt) };
}

/** It plays: every frame and all sound can be decoded, and it is as long as it says. */
async function decodesWhole(t: TestContext, file: string): Promise<void> {
  await ffmpegDone(t, ["-v", "error", "-xerror", "-err_detect", "explode", "-i", file, "-f", "null", "-"]);
}

test("six people see and hear each other, whatever happens to one of them, and are in one recording in time", async (t) => {
  const begun = performance.now();
  const note = (what: string) => t.diagnostic(`${what}: second ${Math.round((performance.now() - begun) / 1000)}`);
  const { server, lesson, people, gate } = await openLesson(t);
  const others = (name: Name) => NAMES.filter((other) => other !== name);
  note("all have joined");
  await becomeSmall(people);
  await picture(pageOf(people, TEACHER), "six");
  note("pictures are as small as their tiles");
  await seeAndHear(people, NAMES, NAMES);
  note("all see and hear all");
  await mute(people, "Anna");
  note("Anna was muted");
  await shareScreen(people);
  note("a screen was seen by all");

  const drawn = new Map<Name, { due: number; at: number }[]>([["Ben", await flashesDrawn(pageOf(people, "Ben"))]]);
  await pageOf(people, "Ben").reload();
  await joinSmall(pageOf(people, "Ben"));
  await Promise.all([seeAndHear(people, others("Ben"), ["Ben"]), seeAndHear(people, ["Ben"], NAMES)]);
  note("Ben is back");

  const findNetwork = await loseNetwork(pageOf(people, "Chen"), gate);
  await pageOf(people, "Chen").getByText("The connection is lost. Reconnecting…").waitFor();
  await sleep(NETWORK_AWAY_MS);
  await findNetwork();
  await Promise.all([seeAndHear(people, others("Chen"), ["Chen"]), seeAndHear(people, ["Chen"], NAMES)]);
  note("Chen is back");
  await seeAndHear(people, NAMES, NAMES);
  const { members } = await done(server, "GET", `/lessons/${lesson.id}/stream`);
  assert.equal(members.length, NAMES.length);

  for (const [name, page] of people) drawn.set(name, [...(drawn.get(name) ?? []), ...(await flashesDrawn(page))]);
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  for (const page of people.values()) await page.context().close();
  note("the lesson is over");
  const folder = mkdtempSync(join(tmpdir(), "lectern-six-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(process.env["SCREENSHOTS"] ?? folder, "six.mp4");
  const { startedAt } = await recordingOf(server, lesson, file);
  note("the recording is there");
  await decodesWhole(t, file);
  const perceived = await flashesAndBeeps(t, file, Object.values(HERTZ));
  for (const [i, name] of NAMES.entries()) {
    const { flashes, beeps } = perceived[i] ?? { flashes: [], beeps: [] };
    // A page with much to do draws a flash late, and says so.
    const moments = (drawn.get(name) ?? []).flatMap(({ due, at }) => {
      const [flash, beep] = [nearest(flashes, at - startedAt), nearest(beeps, due - startedAt)];
      return Math.max(Math.abs(flash), Math.abs(beep)) < FLASH.everyMs / 2 ? [{ flash, beep }] : [];
    });
    const apart = moments.map(({ flash, beep }) => Math.abs(flash - beep)).sort((a, b) => a - b);
    const middle = apart[apart.length >> 1] ?? Number.POSITIVE_INFINITY;
    t.diagnostic(`${name}: ${moments.map(({ flash, beep }) => `${flash}/${beep}`).join(" ")}; apart ${middle} ms`);
    assert.ok(moments.length >= LEAST_MOMENTS, `${name} is seen and heard in the recording ${moments.length} times`);
    assert.ok(middle <= MOST_OFF_MS, `${name}'s sound and picture are ${middle} ms apart: ${apart.join(", ")}`);
  }
  note("sound and picture of all are together");
});
