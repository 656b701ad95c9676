/** Checks of pictures of live lessons: when a school's check is asked, and what its answers do. */
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { checkServer, ModeratedSchool } from "./test-moderated-room.ts";
import { ThumbnailChecks } from "./thumbnail-checks.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

type Check = { readonly answer: () => object | null; readonly still?: () => string | null; readonly deadlineMs?: number };

async function open(t: TestContext, { answer, still = () => "anBlZw==", deadlineMs = 5000 }: Check) {
  const room = await ModeratedSchool.open(t, database);
  const { db } = database;
  await db.updateTable("lessons").set({ state: "live" }).where("id", "=", room.lesson.id).execute();
  const { asked, url } = await checkServer(t, answer);
  await room.addCheck(url, "hold", deadlineMs, "picture");
  const ended: string[] = [];
  const checks = new ThumbnailChecks({
    db,
    log: silentLog,
    rooms: room.rooms,
    allowPrivate: () => true,
    storedSecrets: { decrypt: (_table, _key, stored) => stored },
    stillOf: async () => still(),
    endStream: async (app, name) => ended.push(`${app}/${name}`) > 0,
  });
  t.after(async () => {
    await db.deleteFrom("content_checks").where("school_id", "=", room.lesson.school_id).execute();
  });
  const poll = async (seconds: number) => {
    await workOnce(checks, seconds * 1000);
  };
  return { room, asked, ended, poll };
}

test("each live lesson's picture is asked about at the school's interval, and not without a picture or when it has ended", async (t) => {
  let jpeg: string | null = null;
  const { room, asked, poll } = await open(t, { answer: () => ({ action: "pass" }), still: () => jpeg });
  await poll(1000);
  assert.equal(asked.length, 0);
  jpeg = "anBlZw==";
  await poll(1031);
  await poll(1040);
  assert.equal(asked.length, 1);
  const { data, event } = JSON.parse(asked[0]?.body ?? "");
  const { id, stream_app: app, stream_name: name } = room.lesson;
  assert.deepEqual([event, data], ["check.picture", { lessonId: id, stream: { app, name }, jpeg }]);
  assert.match(asked[0]?.signature ?? "", /^t=\d+,v1=[0-9a-f]{64}$/);
  await poll(1062);
  assert.equal(asked.length, 2);
  await database.db.updateTable("lessons").set({ state: "ended" }).where("id", "=", id).execute();
  await poll(2000);
  assert.equal(asked.length, 2);
});

test("staff are told of a picture that does not pass, once, until one passes; a refused one ends the stream", async (t) => {
  let answer: object = { action: "hold", reason: "skin" };
  const { room, ended, poll } = await open(t, { answer: () => answer });
  await poll(1000);
  await poll(1031);
  const told = () => room.entries.filter(({ key }) => key === "picture").map(({ to, gone, body }) => [to, gone, body["answer"]]);
  assert.deepEqual(told(), [["staff", false, "hold"]]);
  assert.equal((await room.retained()).get("picture")?.body["reason"], "skin");
  assert.deepEqual(ended, []);
  answer = { action: "refuse" };
  await poll(1062);
  assert.deepEqual(ended, [`${room.lesson.stream_app}/${room.lesson.stream_name}`]);
  answer = { action: "pass" };
  await poll(1093);
  await poll(1124);
  assert.deepEqual(told(), [
    ["staff", false, "hold"],
    ["staff", false, "refuse"],
    ["staff", true, "pass"],
  ]);
  const audit = await database.db
    .selectFrom("audit")
    .select("action")
    .where("target_id", "=", room.lesson.id)
    .orderBy("id")
    .execute();
  assert.deepEqual(
    audit.map(({ action }) => action),
    ["room.picture-hold", "room.picture-refuse"],
  );
});

test("without a valid answer in time nothing happens", async (t) => {
  for (const answer of [() => null, () => ({ action: "explode" })]) {
    const { room, ended, asked, poll } = await open(t, { answer, deadlineMs: 200 });
    await poll(1000);
    assert.equal(asked.length, 1);
    assert.deepEqual([room.entries, ended], [[], []]);
  }
});
