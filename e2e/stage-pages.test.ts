/**
 * The stage in Chromium with its made-up devices: a teacher in the studio calls on a student, who is heard by the class in the lesson's own stream
 * and never hears itself; and a small lesson, in which everybody sees and hears everybody. With SCREENSHOTS=FOLDER, each look is saved there as an
 * image. Only with --all, or by name.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { HANG_MS, until } from "./lectern.ts";
import { type Body, done, push } from "./lesson-client.ts";
import { rare } from "./long-tests.ts";
import { madeUpPerson, perceive } from "./made-up-person.ts";
import { pageFaults } from "./page-faults.ts";
import { enterRoom } from "./room-client.ts";
import {
  DESKTOP,
  joinSmall,
  loseNetwork,
  NETWORK_AWAY_MS,
  openPage,
  openWatching,
  openWorld,
  PHONE,
  PUBLISHING_AND_PLAYING,
  picture,
  plays,
  student,
  tiles,
} from "./stage-pages.ts";
import { udpGate } from "./udp-gate.ts";

test("a student who is called on is heard by the teacher, and by the class in the lesson's stream; either side ends it", async (t) => {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId });
  const studio = await openPage(t, `/studio/${lesson.id}`, DESKTOP, token);
  await studio.getByRole("button", { name: "Turn on camera and microphone" }).click();
  await studio.getByRole("button", { name: "Go live", exact: true }).click();
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const anna = await student(t, lesson, "Anna", PHONE);
  await anna.getByRole("button", { name: "Raise hand" }).click();
  await studio.getByRole("button", { name: "Call on: Anna" }).click();
  await studio.getByText("Anna Called on…").waitFor();
  const question = anna.getByRole("alertdialog");
  await question.getByText("The teacher calls on you").waitFor();
  assert.deepEqual(await pageFaults(anna), []);
  await picture(anna, "called-on");
  await question.getByRole("button", { name: "Speak with camera" }).click();
  await anna.getByText("You are heard.").waitFor();
  await plays(studio, "Anna");
  await plays(anna, "Wang Fang");
  assert.equal((await tiles(studio))["Anna"]?.muted, false);
  const lessonIsSilent = () =>
    anna.locator(".stage lectern-player").evaluate((player) => player.shadowRoot?.querySelector("video")?.muted);
  assert.equal(await lessonIsSilent(), true, "the own voice does not come back");
  assert.equal(await anna.getByRole("button", { name: "Sound", exact: true }).count(), 0, "nothing turns it on");
  assert.equal(await anna.getByRole("button", { name: "Speaking", exact: true }).isDisabled(), true);
  const widths = await anna
    .locator(".speaker-strip > .tile-of-person")
    .evaluateAll((tiles) => tiles.map((tile) => tile.clientWidth));
  assert.deepEqual([widths.length, new Set(widths).size], [2, 1], "a row of equal tiles");
  assert.ok(await anna.getByPlaceholder("Write a message").isVisible(), "the chat stays");
  const ben = await student(t, lesson, "Ben");
  await ben.getByText("Anna is speaking").waitFor();
  assert.deepEqual(await tiles(ben), {}, "the lesson's own stream has her");
  assert.deepEqual(await pageFaults(anna), []);
  assert.deepEqual(await pageFaults(studio), []);
  await picture(anna, "on-stage");
  await picture(studio, "studio-stage");
  await studio.getByRole("button", { name: "Actions for Anna" }).click();
  await studio.getByRole("menuitem", { name: "Mute", exact: true }).click();
  await anna.getByText("Your microphone is off.").waitFor();
  await studio.getByRole("button", { name: "Actions for Anna" }).click();
  await studio.getByRole("menuitem", { name: "Ask to unmute" }).click();
  await anna.getByRole("button", { name: "Turn on", exact: true }).click();
  await anna.getByText("You are heard.").waitFor();
  const streams = async (): Promise<readonly string[]> => {
    const { items } = await done(server, "GET", "/streams?limit=1000");
    return items.map(({ name }: Body) => name).filter((name: string) => name.startsWith(lesson.stream.name));
  };
  assert.equal((await streams()).filter((name) => name.includes("~")).length, 2, "Anna's, and the teacher's own");
  await anna.getByRole("button", { name: "Stop speaking" }).click();
  await until(async () => (await streams()).length === 1, "their streams to end");
  await until(async () => !(await lessonIsSilent()), "the lesson's sound", 20_000);
  await studio.getByRole("region", { name: "On stage" }).waitFor({ state: "detached" });
});

test("with OBS, everybody's page plays the student who is called on, and the teacher ends it", async (t) => {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId });
  push(t, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const studio = await openPage(t, `/studio/${lesson.id}`, DESKTOP, token);
  const [anna, ben] = [await student(t, lesson, "Anna"), await student(t, lesson, "Ben")];
  await anna.getByRole("button", { name: "Raise hand" }).click();
  await studio.getByRole("button", { name: "Call on: Anna" }).click();
  await anna.getByRole("button", { name: "Speak with camera" }).click();
  await plays(studio, "Anna");
  await plays(ben, "Anna");
  const { link } = await done(server, "POST", `/lessons/${lesson.id}/watchers`, { name: "Parent" });
  const parent = await openWatching(t, link);
  await plays(parent, "Anna");
  await studio.getByRole("button", { name: "End: Anna" }).click();
  await until(async () => Object.keys(await tiles(ben)).length === 0, "Anna to be off");
  await anna.getByRole("region", { name: "People on stage" }).waitFor({ state: "detached" });
});

test("in a small lesson all see and hear all: one is muted, one shares a screen, one comes back", async (t) => {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Conversation", teacherId, mode: "small" });
  const teacher = await openPage(t, `/class/${lesson.code}`, DESKTOP, token);
  const [anna, ben] = [await student(t, lesson, "Anna"), await student(t, lesson, "Ben", PHONE)];
  assert.deepEqual(await pageFaults(ben), []);
  await picture(ben, "small-lobby");
  for (const page of [teacher, anna, ben]) await joinSmall(page);
  await Promise.all([plays(teacher, "Anna", "Ben"), plays(anna, "Wang Fang", "Ben"), plays(ben, "Wang Fang", "Anna")]);
  for (const page of [teacher, anna, ben]) {
    assert.ok(Object.values(await tiles(page)).every(({ muted }) => !muted));
    assert.deepEqual(await pageFaults(page), []);
  }
  await picture(teacher, "small-teacher");
  await picture(ben, "small-phone");
  await teacher.getByRole("button", { name: "Actions for Anna" }).click();
  await teacher.getByRole("menuitem", { name: "Mute", exact: true }).click();
  await until(async () => (await tiles(ben))["Anna"]?.muted, "Anna to be silent at Ben's");
  await anna.getByText("Your microphone is off.").waitFor();
  await teacher.getByRole("button", { name: "Share screen" }).click();
  await anna.getByText("Wang Fang is sharing a screen").waitFor();
  await plays(anna, "Wang Fang");
  await picture(anna, "small-screen");
  await ben.reload();
  await joinSmall(ben);
  await Promise.all([plays(teacher, "Ben"), plays(ben, "Wang Fang", "Anna")]);
});

test("a teacher is in a small lesson from the studio, where board, chat and quiz are beside the people", async (t) => {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Conversation", teacherId, mode: "small" });
  const studio = await openPage(t, `/studio/${lesson.id}`, DESKTOP, token);
  const anna = await student(t, lesson, "Anna");
  assert.deepEqual(await pageFaults(studio), []);
  await picture(studio, "studio-small-lobby");
  for (const page of [studio, anna]) await joinSmall(page);
  await Promise.all([plays(studio, "Anna"), plays(anna, "Wang Fang")]);
  await picture(studio, "studio-small");
  for (const page of [studio, anna]) assert.ok(Object.values(await tiles(page)).every(({ muted }) => !muted));
  assert.equal(await studio.getByRole("button", { name: "Go live" }).count(), 0, "nobody would see it");
  const streams = async () => await done(server, "GET", `/lessons/${lesson.id}/stream`);
  assert.equal((await streams()).stream, null);
  await studio.getByRole("button", { name: "Record", exact: true }).click();
  await studio.getByRole("button", { name: "Stop recording" }).waitFor();
  assert.equal((await streams()).members.filter(({ recording }: Body) => recording).length, 2);
  await anna.getByRole("button", { name: "Raise hand" }).click();
  await studio.getByRole("button", { name: "Lower: Anna" }).waitFor();
  assert.equal(await studio.getByRole("button", { name: /Call on/ }).count(), 0, "all speak");
  await studio.getByRole("tab", { name: "Quiz" }).click();
  await studio.getByRole("button", { name: "Single choice" }).click();
  await studio.getByRole("button", { name: "Start quiz" }).click();
  await anna.getByRole("tab", { name: "Quiz", selected: true }).waitFor();
  await studio.getByRole("button", { name: "Board", exact: true }).click();
  for (const page of [studio, anna]) await page.locator(".stage .board").waitFor();
  await Promise.all([plays(studio, "Anna"), plays(anna, "Wang Fang")]);
  for (const [name, size] of Object.entries({ desktop: DESKTOP, tablet: { width: 820, height: 1180 }, phone: PHONE })) {
    await studio.setViewportSize(size);
    await studio.getByText("You are heard.").waitFor();
    assert.deepEqual(await pageFaults(studio), [], name);
    await picture(studio, `studio-small-${name}`);
  }
  await studio.setViewportSize(DESKTOP);
  await studio.getByRole("button", { name: "Focus" }).click();
  await picture(studio, "studio-small-focus");
  await studio.keyboard.press("Escape");
  for (const [name, page] of Object.entries({ studio, anna })) {
    await page.getByRole("button", { name: "Show the people large" }).click();
    assert.deepEqual(await pageFaults(page), [], name);
    await picture(page, `small-swapped-${name}`);
  }
  await studio.getByRole("button", { name: "Actions for Anna" }).click();
  await studio.getByRole("menuitem", { name: "Mute", exact: true }).click();
  await anna.getByText("Your microphone is off.").waitFor();
  await studio.getByRole("button", { name: "End lesson" }).click();
  await studio.getByRole("button", { name: "End for everyone" }).click();
  for (const page of [studio, anna])
    await until(async () => (await page.locator(".tile-of-person").count()) === 0, "nobody to be seen");
  await studio.getByRole("button", { name: "Open the lesson again" }).click();
  for (const page of [studio, anna]) await joinSmall(page);
  await Promise.all([plays(studio, "Anna"), plays(anna, "Wang Fang")]);
});

test("parents with a link see and hear a small lesson, whether they may write or not, and are not in it", async (t) => {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Conversation", teacherId, mode: "small" });
  const teacher = await openPage(t, `/class/${lesson.code}`, DESKTOP, token);
  const anna = await student(t, lesson, "Anna");
  for (const page of [teacher, anna]) await joinSmall(page);
  const { play } = await done(server, "POST", `/lessons/${lesson.code}/join`, { name: "Ben" });
  const ben = await enterRoom(server.http, lesson.code, play.flv);
  t.after(() => ben.close());
  for (const chat of [false, true]) {
    const watcher = await done(server, "POST", `/lessons/${lesson.id}/watchers`, { name: `Parent ${chat}`, chat });
    const parent = await openWatching(t, watcher.link);
    const watch = parent.getByRole("button", { name: "Just watch and listen" });
    // Who somebody is, the room says.
    await parent.getByText("You see and hear everybody, and are not seen or heard.").waitFor();
    assert.equal(await parent.getByRole("button", { name: /^Join with/ }).count(), 0);
    assert.deepEqual(await pageFaults(parent), []);
    await watch.click();
    await plays(parent, "Wang Fang", "Anna");
    assert.ok(Object.values(await tiles(parent)).every(({ muted }) => !muted));
    await parent.getByText("You see and hear everybody, and are not seen or heard.").waitFor();
    assert.deepEqual(await pageFaults(parent), []);
    await picture(parent, `small-parent-${chat}`);
    assert.equal(await parent.getByRole("button", { name: "Raise hand" }).count(), 0);
    assert.equal(await parent.getByRole("textbox", { name: "Write a message" }).count(), chat ? 1 : 0);
    assert.deepEqual(Object.keys(await tiles(teacher)), ["Anna"]);
    const students = () => Number(ben.signals.get("people ")?.count) - Number(ben.signals.get("people ")?.staff);
    await until(() => Number(ben.signals.get("people ")?.count) >= 4 && students() === 2, "no parent to count as a student");
    await done(server, "DELETE", `/lessons/${lesson.id}/watchers/${watcher.id}`);
    await until(async () => (await parent.locator(".tile-of-person").count()) === 0, "the parent to see nobody");
  }
});

test("a small lesson goes on for a page that has lost its network for 10 s, without who is removed, until it ends", async (t) => {
  const { server, token, teacherId } = await openWorld();
  const lesson = await done(server, "POST", "/lessons", { title: "Conversation", teacherId, mode: "small" });
  const teacher = await openPage(t, `/class/${lesson.code}`, DESKTOP, token);
  const [anna, ben] = [await student(t, lesson, "Anna"), await student(t, lesson, "Ben")];
  const gate = await udpGate(t, anna, PUBLISHING_AND_PLAYING);
  for (const page of [teacher, anna, ben]) await joinSmall(page);
  await Promise.all([plays(teacher, "Anna", "Ben"), plays(anna, "Wang Fang", "Ben")]);
  const findNetwork = await loseNetwork(anna, gate);
  await anna.getByText("The connection is lost. Reconnecting…").waitFor();
  await sleep(NETWORK_AWAY_MS);
  await findNetwork();
  await Promise.all([plays(teacher, "Anna"), plays(anna, "Wang Fang", "Ben"), anna.getByText("You are heard.").waitFor()]);
  const published = async () => (await done(server, "GET", `/lessons/${lesson.id}/stream`)).members.length;
  await teacher.getByRole("button", { name: "Actions for Ben" }).click();
  await teacher.getByRole("menuitem", { name: "Remove from lesson" }).click();
  await until(async () => (await published()) === 2 && (await tiles(anna))["Ben"] === undefined, "Ben to be off");
  await until(async () => (await ben.locator(".tile-of-person").count()) === 0, "Ben to see nobody");
  await picture(ben, "small-removed");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  await until(async () => (await published()) === 0, "all streams to end");
  for (const page of [teacher, anna])
    await until(async () => (await page.locator(".tile-of-person").count()) === 0, "nobody to be seen");
  await picture(anna, "small-ended");
});

rare(
  "where no UDP passes, all see and hear all in a small lesson: by WebSocket out of the browser, and by FLV into it",
  async (t) => {
    const { server, token, teacherId } = await openWorld();
    const lesson = await done(server, "POST", "/lessons", { title: "Conversation", teacherId, mode: "small" });
    const hertz = { "Wang Fang": 700, Anna: 900, Ben: 1150 } as const;
    const people = {
      "Wang Fang": await openPage(t, `/class/${lesson.code}`, PHONE, token, madeUpPerson(hertz["Wang Fang"])),
      Anna: await student(t, lesson, "Anna", PHONE, { script: madeUpPerson(hertz.Anna) }),
      Ben: await student(t, lesson, "Ben", PHONE, { script: madeUpPerson(hertz.Ben) }),
    };
    for (const page of Object.values(people)) {
      (await udpGate(t, page, PUBLISHING_AND_PLAYING)).shut();
      await joinSmall(page);
    }
    for (const [name, page] of Object.entries(people)) {
      const { [name as keyof typeof hertz]: _, ...others } = hertz;
      const perceived = await perceive(page, others, 10, HANG_MS);
      for (const { frames, isHeard, engine } of Object.values(perceived))
        assert.deepEqual([frames >= 10, isHeard, engine], [true, true, "flv"], `${name}: ${JSON.stringify(perceived)}`);
    }
  },
);
