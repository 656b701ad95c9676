/** Joining: who may enter a lesson, and as which participant. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { verifyLink } from "../../access/links/signed-link.ts";
import { Changes } from "../foundation/store/change.ts";
import type { Lesson, School } from "../foundation/store/tables.ts";
import {
  actorOf,
  insertCourse,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  STRANGER,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import { isGuestRemoved, type ReturningGuest } from "./guest-device.ts";
import { type JoinRequest, joinLesson } from "./join.ts";
import { LINK_SECONDS, RENEW_AFTER_SECONDS, signedPlayUrls } from "./play-urls.ts";

let database: TestDatabase;
let changes: Changes;
let school: School;

before(async () => {
  database = await openTestDatabase();
  changes = new Changes(database.db, () => {});
  school = await insertSchool(database.db);
});
after(() => database.close());

const GUEST: JoinRequest = { name: "Mei", token: null, hasCode: true };

async function join(lesson: Lesson, actor = STRANGER, request: JoinRequest = GUEST) {
  return (await changes.transact({ actor }, async (change) => ({ body: await joinLesson(change, actor, lesson, request) }))).body;
}

test("a guest needs the code and a name, and a lesson that admits guests", async () => {
  const lesson = await insertLesson(database.db, school.id);
  assert.equal(await refusalCode(join(lesson, STRANGER, { ...GUEST, hasCode: false })), "guests-not-allowed");
  assert.equal(await refusalCode(join(lesson, STRANGER, { ...GUEST, name: "  " })), "bad-request");
  const closed = await insertLesson(database.db, school.id, { guests: false });
  assert.equal(await refusalCode(join(closed)), "guests-not-allowed");
  const { participant, token } = await join(lesson);
  assert.deepEqual([participant.name, participant.role, participant.user_id], ["Mei", "guest", null]);
  assert.ok(token);
});

test("a guest with the token is the same participant, without code or name; another guest is another", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const first = await join(lesson);
  const again = await join(lesson, STRANGER, { name: null, token: first.token, hasCode: false });
  assert.deepEqual([again.participant.id, again.token], [first.participant.id, null]);
  assert.notEqual((await join(lesson)).participant.id, first.participant.id);
});

test("a token of one lesson does not open another", async () => {
  const { token } = await join(await insertLesson(database.db, school.id));
  const other = await insertLesson(database.db, school.id, { guests: false });
  assert.equal(await refusalCode(join(other, STRANGER, { name: "Mei", token, hasCode: true })), "guests-not-allowed");
});

test("a member of the course joins without a code, under the own name and role, once", async () => {
  const user = await insertUser(database.db, school.id, "assistant");
  const course = await insertCourse(database.db, school.id, [user]);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id, guests: false });
  const request = { name: "Somebody else", token: null, hasCode: false };
  const first = await join(lesson, actorOf(user), request);
  assert.deepEqual([first.participant.name, first.participant.role, first.token], [user.name, "assistant", null]);
  assert.equal((await join(lesson, actorOf(user), request)).participant.id, first.participant.id);
});

test("who is no member of the course any more needs the code, as everybody else", async () => {
  const user = await insertUser(database.db, school.id, "student");
  const course = await insertCourse(database.db, school.id, [user]);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id });
  const request = { name: null, token: null, hasCode: false };
  const { participant } = await join(lesson, actorOf(user), request);
  await database.db.deleteFrom("course_members").where("user_id", "=", user.id).execute();
  assert.equal(await refusalCode(join(lesson, actorOf(user), request)), "guests-not-allowed");
  assert.equal((await join(lesson, actorOf(user), { ...request, hasCode: true })).participant.id, participant.id);
});

test("a person of the school who may not see the lesson joins as a guest, under the own account", async () => {
  const user = await insertUser(database.db, school.id, "assistant");
  const lesson = await insertLesson(database.db, school.id, { guests: true });
  const { participant } = await join(lesson, actorOf(user));
  assert.deepEqual([participant.role, participant.user_id, participant.name], ["guest", user.id, user.name]);
  const stranger = await insertUser(database.db, (await insertSchool(database.db)).id, "student");
  const { participant: foreign } = await join(lesson, actorOf(stranger));
  assert.deepEqual([foreign.role, foreign.user_id, foreign.name], ["guest", null, "Mei"]);
});

test("a removed participant does not come back", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const { participant, token } = await join(lesson);
  await database.db.updateTable("participants").set({ removed_at: new Date() }).where("id", "=", participant.id).execute();
  assert.equal(await refusalCode(join(lesson, STRANGER, { ...GUEST, token })), "removed-from-lesson");
});

test("a lesson ended by hand admits nobody; one ended by its publisher does", async () => {
  const byHand = await insertLesson(database.db, school.id, { ended_by: "hand", state: "ended" });
  assert.equal(await refusalCode(join(byHand)), "lesson-ended");
  await join(await insertLesson(database.db, school.id, { ended_by: "publisher", state: "ended" }));
});

test("a full lesson admits its participants again, and others when places become free", async () => {
  const lesson = await insertLesson(database.db, school.id, { capacity: 1 });
  const first = await join(lesson);
  assert.equal(await refusalCode(join(lesson)), "lesson-full");
  await join(lesson, STRANGER, { ...GUEST, token: first.token });
  const unseen = new Date(Date.now() - (LINK_SECONDS + 1) * 1000);
  await database.db.updateTable("participants").set({ seen_at: unseen }).where("id", "=", first.participant.id).execute();
  await join(lesson);
});

test("a first join is announced to webhooks, a later one is not", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const row = { id: "webhook", school_id: school.id, url: "http://hook", events: "[]" as never, secret: "s", enabled: true };
  await database.db.insertInto("webhooks").values(row).execute();
  const { token } = await join(lesson);
  await join(lesson, STRANGER, { ...GUEST, token });
  const events = await database.db.selectFrom("deliveries").select("event").execute();
  assert.deepEqual(events, [{ event: "participant.joined" }]);
});

test("links are signed for one viewer, and are renewed before they expire", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const now = 1_800_000_000_000;
  const hosts = { origin: "https://school.example", rtmp: "rtmp://school.example", srt: "srt://school.example:10080" };
  const { play, expiresAt, renewAt } = signedPlayUrls(lesson, "viewer", { secret: "secret", hosts, isEncrypted: false, now });
  const query = new URL(play.hls).searchParams;
  assert.ok(play.flv?.startsWith(`https://school.example/live/${lesson.stream_name}.flv?`));
  assert.equal(play.whep, play.flv?.replace(".flv?", "/whep?"));
  assert.ok(play.hls.startsWith(`https://school.example/live/${lesson.stream_name}.m3u8?`));
  assert.ok(play.rtmp?.startsWith(`rtmp://school.example/live/${lesson.stream_name}?`));
  const streamId = new URL(play.srt ?? "").searchParams.get("streamid");
  assert.equal(streamId, `#!::r=live/${lesson.stream_name},m=request,${String(query).replaceAll("&", ",")}`);
  const encrypted = signedPlayUrls(lesson, "viewer", { secret: "secret", hosts, isEncrypted: true, now });
  assert.deepEqual(encrypted.play, { flv: null, hls: play.hls, whep: null, rtmp: null, srt: null });
  assert.equal(expiresAt.getTime(), now + LINK_SECONDS * 1000);
  assert.equal(renewAt.getTime(), now + RENEW_AFTER_SECONDS * 1000);
  assert.ok(renewAt < expiresAt);
  const { sign = "", expires = "", viewer = "" } = Object.fromEntries(query);
  const verify = (token: { readonly viewer: string }, at: number) =>
    verifyLink(
      { sign, expires, ip: "", ...token },
      { app: "live", name: lesson.stream_name, ip: "10.0.0.1", secrets: ["secret"], now: at },
    );
  assert.equal(verify({ viewer }, now), "valid");
  assert.equal(verify({ viewer: "another" }, now), "bad-signature");
  assert.equal(verify({ viewer }, expiresAt.getTime() + 1), "expired");
});

const DEVICE = { mark: "mark", ip: "10.0.0.1", agent: "Firefox" };
const remove = (id: string, device_removed: boolean) =>
  database.db.updateTable("participants").set({ removed_at: new Date(), device_removed }).where("id", "=", id).execute();

test("a removed member does not come back as a guest: neither signed in, nor signed out on the same device", async () => {
  const user = await insertUser(database.db, school.id, "student");
  const course = await insertCourse(database.db, school.id, [user]);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id });
  const { participant } = await join(lesson, actorOf(user), { ...GUEST, device: DEVICE });
  await remove(participant.id, true);
  await database.db.deleteFrom("course_members").where("user_id", "=", user.id).execute();
  for (const actor of [actorOf(user), STRANGER])
    assert.equal(await refusalCode(join(lesson, actor, { ...GUEST, device: DEVICE })), "removed-from-lesson");
});

test("a removal that holds for the device knows it by its mark, or by address and browser; other guests come in", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const { participant } = await join(lesson, STRANGER, { ...GUEST, device: DEVICE });
  const other = { mark: "other", ip: "10.0.0.2", agent: "Chrome" };
  const code = (device: typeof DEVICE, of = lesson) => refusalCode(join(of, STRANGER, { ...GUEST, device }));
  await remove(participant.id, false);
  assert.equal(await code(DEVICE), null);
  await remove(participant.id, true);
  assert.equal(await code({ ...other, mark: DEVICE.mark }), "removed-from-lesson");
  assert.equal(await code({ ...DEVICE, mark: "new" }), "removed-from-lesson");
  assert.equal(await code(other), null);
  assert.equal(await code({ ...other, ip: DEVICE.ip }), null);
  assert.equal(await code(DEVICE, await insertLesson(database.db, school.id)), null);
});

test("a removed device is known also when the person came back by a request that named none", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const { participant, token } = await join(lesson, STRANGER, { ...GUEST, device: DEVICE });
  await join(lesson, STRANGER, { name: null, token, hasCode: false });
  await remove(participant.id, true);
  assert.equal(await refusalCode(join(lesson, STRANGER, { ...GUEST, device: DEVICE })), "removed-from-lesson");
});

test("a valid guest token is not refused because of another guest's removed device", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const same = { ...DEVICE, mark: "a classmate's" };
  const classmate = await join(lesson, STRANGER, { ...GUEST, device: same });
  const { participant } = await join(lesson, STRANGER, { ...GUEST, device: DEVICE });
  await remove(participant.id, true);
  const again = await join(lesson, STRANGER, { name: null, token: classmate.token, hasCode: false, device: same });
  assert.equal(again.participant.id, classmate.participant.id);
});

test("a locked lesson admits its members and the guests who are inside, and no new guest", async () => {
  const user = await insertUser(database.db, school.id, "student");
  const course = await insertCourse(database.db, school.id, [user]);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id });
  const { token } = await join(lesson);
  await database.db.updateTable("lessons").set({ locked: true }).where("id", "=", lesson.id).execute();
  assert.equal(await refusalCode(join(lesson)), "lesson-locked");
  await join(lesson, STRANGER, { ...GUEST, token });
  await join(lesson, actorOf(user));
});

test("a guest waits to be let in, keeps the place in the queue by the token, and is inside when the room is opened", async () => {
  const lesson = await insertLesson(database.db, school.id, { waiting_room: true });
  const first = await join(lesson);
  assert.ok(first.participant.waiting_since);
  const again = await join(lesson, STRANGER, { ...GUEST, token: first.token });
  assert.deepEqual(
    [again.participant.id, again.participant.waiting_since],
    [first.participant.id, first.participant.waiting_since],
  );
  await database.db.updateTable("lessons").set({ waiting_room: false }).where("id", "=", lesson.id).execute();
  assert.equal((await join(lesson, STRANGER, { ...GUEST, token: first.token })).participant.waiting_since, null);
  // Members never wait.
  const user = await insertUser(database.db, school.id, "teacher");
  const taught = await insertLesson(database.db, school.id, { teacher_id: user.id, waiting_room: true });
  assert.equal((await join(taught, actorOf(user))).participant.waiting_since, null);
});

test("in a one-to-one lesson, guests with the code take neither the student's place nor the teacher's", async () => {
  const [teacher, student] = [
    await insertUser(database.db, school.id, "teacher"),
    await insertUser(database.db, school.id, "student"),
  ];
  const course = await insertCourse(database.db, school.id, [teacher, student]);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id, capacity: 2 });
  assert.equal(await refusalCode(join(lesson)), "lesson-full");
  await join(lesson, actorOf(student));
  await join(lesson, actorOf(teacher));
  assert.equal(await refusalCode(join(lesson)), "lesson-full");
});

test("the teacher always gets in: into a full lesson, and after having been removed", async () => {
  const [teacher, ...students] = [
    await insertUser(database.db, school.id, "teacher"),
    await insertUser(database.db, school.id, "student"),
    await insertUser(database.db, school.id, "student"),
  ];
  const course = await insertCourse(database.db, school.id, [teacher, ...students]);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id, capacity: 2 });
  await join(lesson, actorOf(students[0]!));
  assert.equal(await refusalCode(join(lesson, actorOf(students[1]!))), "lesson-full");
  const { participant } = await join(lesson, actorOf(teacher));
  await remove(participant.id, true);
  const back = await join(lesson, actorOf(teacher));
  assert.deepEqual([back.participant.id, back.participant.removed_at, back.isBack], [participant.id, null, true]);
});

test("guests share what the members leave, and a member who comes late finds a place all the same", async () => {
  const [early, late] = [await insertUser(database.db, school.id, "student"), await insertUser(database.db, school.id, "student")];
  const course = await insertCourse(database.db, school.id, [early]);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id, capacity: 3 });
  await join(lesson);
  await join(lesson);
  assert.equal(await refusalCode(join(lesson)), "lesson-full");
  await join(lesson, actorOf(early));
  await database.db.insertInto("course_members").values({ course_id: course.id, user_id: late.id, role: "student" }).execute();
  await join(lesson, actorOf(late));
});

test("a removed guest is known again by account, token and device, for recordings too", async () => {
  const lesson = await insertLesson(database.db, school.id);
  const user = await insertUser(database.db, school.id, "student");
  const guest = await join(lesson, STRANGER, { ...GUEST, device: DEVICE });
  const signedIn = await join(lesson, actorOf(user), { ...GUEST, device: { ...DEVICE, mark: "u", ip: "10.0.0.7" } });
  const other = { userId: null, token: null, device: { mark: "other", ip: "10.0.0.8", agent: "Chrome" } };
  const known = (over: Partial<ReturningGuest>) => isGuestRemoved(database.db, lesson.id, { ...other, ...over });
  await remove(guest.participant.id, false);
  await remove(signedIn.participant.id, false);
  assert.equal(await known({}), false);
  assert.equal(await known({ device: DEVICE }), false);
  assert.equal(await known({ token: guest.token }), true);
  assert.equal(await known({ userId: user.id }), true);
  await remove(guest.participant.id, true);
  assert.equal(await known({ device: DEVICE }), true);
});
