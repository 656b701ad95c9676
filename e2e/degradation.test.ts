/** Doing without: what operators turn off for a lesson is off in it alone, and comes back; and a node that is pressed goes through the list by itself. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done, push, watch } from "./lesson-client.ts";
import { enterRoom } from "./room-client.ts";

const LADDER = { "ladder.rungs": "data-saver", "ladder.cores": "8", workers: "1" };

/** A lesson that is live, with a guest. */
async function liveLesson(t: Parameters<typeof push>[0], lectern: Lectern) {
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  push(t, lesson.stream.rtmpUrl);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  const anna = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  const { search } = new URL(anna.play.flv);
  const at = (suffix: string) => `${lectern.http}/live/${lesson.stream.name}${suffix}${search}`;
  return { lesson, anna, at };
}

async function codeOf(url: string): Promise<string> {
  const response = await fetch(url);
  if (response.ok) {
    await response.body?.cancel();
    return "ok";
  }
  return ((await response.json()) as Body).code;
}

async function shedOf(lectern: Lectern): Promise<ReadonlyMap<string, string>> {
  const text = await (await fetch(`${lectern.http}/metrics`)).text();
  return new Map(
    [...text.matchAll(/^lectern_shed\{what="([a-z-]+)"\} (\S+)$/gm)].map(([, what = "", value = ""]) => [what, value]),
  );
}

test("what is turned off for a lesson is off in it alone, people are told, its picture goes on, and all comes back", async (t) => {
  const lectern = await sharedLectern(LADDER);
  const { lesson, anna, at } = await liveLesson(t, lectern);
  const other = await liveLesson(t, lectern);
  const room = await enterRoom(lectern.http, lesson.code, anna.play.hls);
  t.after(() => room.close());
  const OFF = ["reactions", "danmaku", "previews", "ladder-starts", "joins"];
  const switches: Body[] = [];
  for (const what of OFF)
    switches.push(await done(lectern, "POST", "/degradation", { what, lessonId: lesson.id, reason: "A test" }));
  await until(() => room.signals.get("shed ")?.what.length === OFF.length, "the room to say what is off");
  assert.deepEqual(room.signals.get("shed ")?.what, OFF);
  assert.deepEqual((await done(lectern, "GET", `/lessons/${lesson.id}/room`)).shed, OFF);

  assert.equal((await room.send("reaction", { reaction: "up" })).code, "switched-off");
  assert.equal((await room.send("danmaku", { text: "Hello" })).code, "switched-off");
  assert.equal((await room.send("chat", { text: "Hello", to: "all" })).code, undefined);
  assert.equal(await codeOf(at(".jpg")), "not-yet");
  assert.equal(await codeOf(at("@saver.flv")), "full");
  const joined = await ask(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Ben" });
  assert.deepEqual([joined.status, joined.body.code], [503, "full"]);
  assert.equal((await done(lectern, "POST", `/lessons/${lesson.code}/join`, { token: anna.token })).viewer, anna.viewer);
  const watching = watch(at(".flv"));
  t.after(() => watching.leave());
  await until(() => watching.bytes() > 0, "the picture");
  const shed = await shedOf(lectern);
  assert.deepEqual([shed.get("reactions"), shed.get("roster")], ["0.5", "0"]);

  await until(async () => (await codeOf(other.at(".jpg"))) === "ok", "the other lesson's preview");
  assert.equal((await ask(lectern, "POST", `/lessons/${other.lesson.code}/join`, { name: "Ben" })).status, 200);

  for (const { id } of switches) await done(lectern, "DELETE", `/degradation/${id}`);
  await until(() => room.signals.get("shed ")?.what.length === 0, "the room to say that nothing is off");
  assert.equal((await room.send("danmaku", { text: "Hello" })).code, undefined);
  assert.equal((await room.send("reaction", { reaction: "up" })).code, undefined);
  await until(async () => (await codeOf(at(".jpg"))) === "ok", "a preview");
  assert.equal((await ask(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Ben" })).status, 200);
  await until(async () => (await codeOf(at("@saver.flv"))) === "ok", "the rung");
});

test("a node whose memory is full does without one thing after the other, says so, and takes them back when it is not", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-degradation-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "lectern.yaml");
  writeFileSync(file, "degradation: { memoryPercent: 0.1 }\n");
  const only = { "degradation.loopDelayMs": "0", "degradation.storeMs": "0", "degradation.processorPercent": "0" };
  const set = { ...only, "degradation.automatic": "true", workers: "1" };
  const lectern = await startLectern(t, set, { args: ["--config", file] });
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const before: number[] = [];
  await until(async () => {
    const on = [...(await shedOf(lectern)).values()].filter((value) => value === "1").length;
    if (on !== before.at(-1)) before.push(on);
    return on === 10;
  }, "everything of the list");
  assert.deepEqual(
    before,
    [...before].sort((a, b) => a - b),
    "in its order",
  );
  const { sheddable, nodes } = await done(lectern, "GET", "/degradation");
  assert.deepEqual(
    nodes[0].what,
    sheddable.map(({ what }: Body) => what),
  );
  assert.equal(nodes[0].pressure, "memory");
  await until(async () => {
    const { items } = await done(lectern, "GET", "/alarms?open=true");
    return items.some(({ code }: Body) => code === "load-shed");
  }, "the alarm");
  assert.equal((await ask(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Ben" })).body.code, "full");

  writeFileSync(file, "degradation: { memoryPercent: 0 }\n");
  lectern.process.kill("SIGHUP");
  await until(async () => (await shedOf(lectern)).get("joins") === "0", "new people again");
  assert.equal((await shedOf(lectern)).get("reactions"), "1", "the first thing comes back last");
  assert.equal((await ask(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Ben" })).status, 200);
});
