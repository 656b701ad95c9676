/** Quota and retention of recordings, and stored playback positions. Only with --all, or by name. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done, push, watch } from "./lesson-client.ts";

const SET = { "recording.maxSegmentSeconds": "2", "publish.graceSeconds": "1", "timeshift.windowSeconds": "0" };

const recordingsOf = async (lectern: Lectern, lessonId: string): Promise<Body[]> =>
  (await done(lectern, "GET", `/recordings?lessonId=${lessonId}`)).items;

const flvsOf = ({ directory }: Lectern, name: string) => {
  const folder = join(directory, "recordings/live", name);
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".flv")) : [];
};

test("a school that has used up its space is not recorded any more, and goes on live; with more space it is again", async (t) => {
  const lectern = await sharedLectern(SET);
  const { id: schoolId } = (await done(lectern, "GET", "/schools")).items[0];
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true, guests: true });
  const { name, publishKey } = lesson.stream;
  push(t, `${lectern.rtmp}/live/${name}?key=${publishKey}`);
  await lectern.stream(name, (stream) => stream.video !== null);
  const { play } = (await ask(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Li Mei" }, null)).body;
  const viewer = watch(play.flv);
  await until(async () => (await done(lectern, "GET", `/schools/${schoolId}/space`)).bytes > 0, "something recorded");
  await done(lectern, "PATCH", `/schools/${schoolId}`, { quotaBytes: 100_000 });
  const alarm = await until(async () => (await done(lectern, "GET", "/alarms?open=true")).items[0] ?? null, "the alarm");
  assert.deepEqual([alarm.code, alarm.subject, alarm.schoolId], ["quota-reached", schoolId, schoolId]);
  const recording = await until(async () => (await recordingsOf(lectern, lesson.id)).find(({ whole }) => whole) ?? null, "its end");
  const refused = await ask(lectern, "POST", `/lessons/${lesson.id}/record`, { action: "start" });
  assert.deepEqual([refused.status, refused.body.code], [409, "quota-reached"]);
  const before = viewer.bytes();
  await until(() => viewer.bytes() > before + 50_000, "the picture, which goes on");
  await done(lectern, "PATCH", `/schools/${schoolId}`, { quotaBytes: 0 });
  await until(async () => (await recordingsOf(lectern, lesson.id)).some(({ id }) => id !== recording.id), "another recording");
  await until(async () => (await done(lectern, "GET", "/alarms?open=true")).items.length === 0, "the alarm's end");
  assert.ok(viewer.longestGapMs() < 5000, `a gap of ${Math.round(viewer.longestGapMs())} ms`);
  viewer.leave();
});

test("what is too old goes into the bin; what is too much goes for good, the bin first", async (t) => {
  const lectern = await startLectern(t, { ...SET, "recording.retainDays": "0.0001" });
  const { id: schoolId } = (await done(lectern, "GET", "/schools")).items[0];
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true, guests: true });
  const { name, publishKey } = lesson.stream;
  const sending = push(t, `${lectern.rtmp}/live/${name}?key=${publishKey}`);
  await until(async () => (await recordingsOf(lectern, lesson.id))[0]?.seconds > 9, "nine seconds");
  sending.child.kill("SIGKILL");
  const old = await until(async () => (await done(lectern, "GET", "/recordings?deleted=true")).items[0] ?? null, "the bin");
  assert.equal(old.lessonId, lesson.id);
  assert.ok(flvsOf(lectern, name).length > 0);
  await done(lectern, "PATCH", `/schools/${schoolId}`, { keepBytes: 1 });
  await until(() => flvsOf(lectern, name).length === 0, "an empty folder");
  await until(async () => (await done(lectern, "GET", "/recordings?deleted=true")).items.length === 0, "an empty bin");
  const audit = (await done(lectern, "GET", `/audit?targetId=${old.id}`)).items;
  assert.equal(audit[0]?.action, "recording.remove");
});

test("a person goes on where they stopped, on any device; nobody else does", async (t) => {
  const lectern = await sharedLectern(SET);
  const { id: schoolId } = (await done(lectern, "GET", "/schools")).items[0];
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions", record: true, guests: true });
  push(t, `${lectern.rtmp}/live/${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  const recording = await until(async () => (await recordingsOf(lectern, lesson.id))[0] ?? null, "a recording");
  const password = "a good password";
  await done(lectern, "POST", "/users", { schoolId, login: "head", name: "The head", role: "administrator", password });
  await done(lectern, "POST", "/users", { schoolId, login: "other", name: "Another", role: "administrator", password });
  const token = async (login: string) => (await ask(lectern, "POST", "/sessions", { login, password }, null)).body.token as string;
  const place = async (who: string) => (await ask(lectern, "POST", `/recordings/${recording.id}/links`, {}, who)).body.place;
  const [phone, computer, other] = [await token("head"), await token("head"), await token("other")];
  assert.equal(await place(phone), null);
  for (const seconds of [12.5, 37]) {
    const noted = await ask(lectern, "PUT", `/recordings/${recording.id}/place`, { seconds }, phone);
    assert.equal(noted.status, 204);
  }
  assert.deepEqual([await place(computer), await place(other)], [37, null]);
  assert.equal((await ask(lectern, "PUT", `/recordings/${recording.id}/place`, { seconds: 1 })).status, 403, "a token is nobody");
  assert.equal((await ask(lectern, "PUT", `/recordings/${recording.id}/place`, { seconds: -1 }, phone)).status, 400);
});
