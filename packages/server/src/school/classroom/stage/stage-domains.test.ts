/** The stage in a room on a database: what it stores, whom it tells, and who gets keys. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { RoomPerson, RoomRole } from "@lectern/room";
import { verifyMemberKey } from "../../../access/links/member-key.ts";
import { verifyLink } from "../../../access/links/signed-link.ts";
import { newId } from "../../../platform/id.ts";
import type { LessonMode } from "../../foundation/store/lesson-modes.ts";
import { insertUser, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { streamPolicy } from "../../lessons/stream-policy.ts";
import { TestRoom } from "../talk/test-room.ts";
import { stageDomains } from "./stage-domains.ts";
import type { StageKeys } from "./stage-keys.ts";

const SECRET = "a-long-secret";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

type Opened = {
  readonly room: TestRoom;
  readonly person: (role: RoomRole, name?: string) => Promise<RoomPerson>;
  /** How often media workers were told to read the policy again. */
  readonly told: () => number;
  readonly members: () => Promise<unknown>;
  readonly keys: (who: RoomPerson) => Promise<StageKeys>;
};

async function open(t: TestContext, mode: LessonMode = "broadcast"): Promise<Opened> {
  let told = 0;
  const domains = stageDomains({ ruleChanged: () => told++, linkSecret: () => SECRET });
  const room = await TestRoom.open(database, domains, { mode });
  t.after(() => room.close());
  const { db } = database;
  const { id: lesson_id, stream_app, stream_name, school_id } = room.lesson;
  const person: Opened["person"] = async (role, name = role) => {
    const user_id = role === "staff" ? (await insertUser(db, school_id, "teacher")).id : null;
    const now = new Date();
    const row = { id: newId(), lesson_id, user_id, name, role: "guest" as const, token_hash: null, joined_at: now, seen_at: now };
    await db.insertInto("participants").values(row).execute();
    room.people = new Set([...room.people, row.id]);
    return { id: row.id, name, role };
  };
  const members = async () => {
    const policy = await streamPolicy(db, stream_app, stream_name);
    return typeof policy?.members === "string" ? policy.members : [...(policy?.members ?? [])].sort();
  };
  const keys = async (who: RoomPerson) => {
    const result = await room.do(who, "stage", { action: "key" });
    if ("refused" in result) throw new Error(result.refused);
    return result.body as StageKeys;
  };
  return { room, person, told: () => told, members, keys };
}

async function bring(room: TestRoom, teacher: RoomPerson, who: RoomPerson): Promise<void> {
  assert.equal(await room.refusal(teacher, "stage", { action: "invite", person: who.id }), null);
  assert.equal(await room.refusal(who, "stage", { action: "accept", camera: true }), null);
}

test("who is on stage may publish, by the policy that workers read, until either side ends it", async (t) => {
  const { room, person, told, members } = await open(t);
  const [teacher, anna, ben] = [await person("staff"), await person("guest", "Anna"), await person("guest", "Ben")];
  await room.do(anna, "hand", { action: "raise" });
  await bring(room, teacher, anna);
  assert.equal((await room.retained()).has(`hand/${anna.id}`), false, "the hand was taken");
  assert.deepEqual(await members(), [anna.id]);
  await bring(room, teacher, ben);
  assert.deepEqual(await members(), [anna.id, ben.id].sort());
  assert.equal(told(), 2);
  await room.do(anna, "stage", { action: "leave" });
  assert.deepEqual(await members(), [ben.id]);
  await room.do(teacher, "stage", { action: "remove", person: ben.id });
  assert.deepEqual([await members(), told()], [[], 4]);
  const kept = await database.db.selectFrom("audit").select("action").where("target_id", "=", room.lesson.id).execute();
  assert.deepEqual(
    kept.map(({ action }) => action),
    ["room.stage-invite", "room.stage-invite", "room.stage-remove"],
  );
});

test("another owner of the room, and a reload, find the same stage", async (t) => {
  const { room, person, members, keys } = await open(t);
  const [teacher, anna] = [await person("staff"), await person("guest", "Anna")];
  await bring(room, teacher, anna);
  await room.do(teacher, "mute", { action: "mute", person: anna.id });
  const before = [...(await room.retained()).entries()].map(([key, { body }]) => [key, body]);
  await room.restart();
  assert.deepEqual(
    [...(await room.retained()).entries()].map(([key, { body }]) => [key, body]),
    before,
  );
  assert.deepEqual(await members(), [anna.id]);
  assert.notEqual((await keys(anna)).publish, null);
  assert.equal(await room.refusal(anna, "stage", { action: "leave" }), null);
  assert.deepEqual(await members(), []);
});

test("a key is given to those on stage alone, for their own stream; it is in no entry", async (t) => {
  const { room, person, keys } = await open(t);
  const [teacher, anna, ben] = [await person("staff"), await person("guest", "Anna"), await person("guest", "Ben")];
  await bring(room, teacher, anna);
  await room.do(teacher, "layout", { action: "set", mixed: true });
  const { publish, play } = await keys(anna);
  assert.equal(publish?.name, `${room.lesson.stream_name}~${anna.id}`);
  const check = { app: "live", secrets: [SECRET], now: room.now };
  assert.equal(verifyMemberKey(publish.key, { ...check, name: publish.name }), "valid");
  assert.equal(verifyMemberKey(publish.key, { ...check, name: `${room.lesson.stream_name}~${ben.id}` }), "bad-key");
  const query = new URLSearchParams(play?.query);
  const link = { sign: query.get("sign") ?? "", expires: query.get("expires") ?? "", ip: "", viewer: query.get("viewer") ?? "" };
  assert.equal(verifyLink(link, { ...check, name: `${room.lesson.stream_name}~${teacher.id}`, ip: "10.0.0.1" }), "valid");
  assert.deepEqual(await keys(ben), { publish: null, play: null });
  const hosts = await keys(teacher);
  assert.equal(hosts.publish?.name, `${room.lesson.stream_name}~${teacher.id}`);
  assert.doesNotMatch(JSON.stringify(room.entries), /member\.\d/);
});

test("without a page that mixes, everybody plays the stage beside the lesson's stream", async (t) => {
  const { room, person, keys } = await open(t);
  const [teacher, anna, ben] = [await person("staff"), await person("guest", "Anna"), await person("guest", "Ben")];
  await bring(room, teacher, anna);
  const { publish, play } = await keys(ben);
  assert.deepEqual([publish, play?.prefix], [null, `${room.lesson.stream_name}~`]);
});

test("of twenty people who are invited at once, four come; of twenty who accept uninvited, none", async (t) => {
  const { room, person, members } = await open(t);
  const teacher = await person("staff");
  const students = await Promise.all(Array.from({ length: 20 }, (_, i) => person("guest", `S${i}`)));
  const uninvited = await Promise.all(students.map((who) => room.refusal(who, "stage", { action: "accept" })));
  assert.deepEqual(new Set(uninvited), new Set(["conflict"]));
  const invited = await Promise.all(students.map(({ id }) => room.refusal(teacher, "stage", { action: "invite", person: id })));
  assert.deepEqual([invited.filter((code) => code === null).length, invited.filter((code) => code === "full").length], [4, 16]);
  await Promise.all(students.map((who) => room.refusal(who, "stage", { action: "accept" })));
  assert.equal(((await members()) as unknown[]).length, 4);
});

test("in a small lesson sixteen people publish; the policy names nobody, the room gives the keys", async (t) => {
  const { room, person, members, keys } = await open(t, "small");
  const people = await Promise.all(Array.from({ length: 17 }, (_, i) => person("guest", `S${i}`)));
  const results = await Promise.all(people.map((who) => room.do(who, "stage", { action: "key" })));
  assert.deepEqual(
    results.flatMap((result) => ("refused" in result ? [result.refused] : [])),
    ["full"],
  );
  assert.equal(await members(), "all");
  const first = people[0] as RoomPerson;
  assert.equal((await keys(first)).publish?.name, `${room.lesson.stream_name}~${first.id}`);
  assert.equal([...(await room.retained()).keys()].filter((key) => key.startsWith("media/")).length, 16);
});

test("an invitation ends by itself, and a person who leaves the room is taken off", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { room, person, members } = await open(t);
  const [teacher, anna, ben] = [await person("staff"), await person("guest", "Anna"), await person("guest", "Ben")];
  await bring(room, teacher, anna);
  await room.do(teacher, "stage", { action: "invite", person: ben.id });
  room.people = new Set([teacher.id, ben.id]);
  const tidy = async () => {
    room.now += 5000;
    t.mock.timers.tick(5000);
    // Actions are done in their order.
    await room.do(teacher, "stage", { action: "remove", person: newId() });
    return [...(await room.retained()).keys()].filter((key) => key.startsWith("stage/")).length;
  };
  for (let i = 0; i < 6; i++) assert.equal(await tidy(), 2);
  assert.equal(await tidy(), 1, "Anna has left for half a minute");
  assert.deepEqual(await members(), []);
  for (let i = 0; i < 5; i++) assert.equal(await tidy(), 1);
  assert.equal(await tidy(), 0, "Ben did not answer for a minute");
});
