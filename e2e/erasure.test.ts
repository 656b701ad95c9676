/**
 * Erasing a person: every column of every table is filled from the schema, with rows that belong to the person; what is left of them afterwards is
 * what the table states, with the reason (`access/privacy.ts`). The second test does the same through the API with what people say in a room. Shares a
 * process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Kysely } from "kysely";
import { directoriesOf } from "../packages/server/src/library/files/directories.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import { erasedColumns, eraseTraces } from "../packages/server/src/school/exchange/privacy/erase.ts";
import type { Tables } from "../packages/server/src/school/foundation/store/tables.ts";
import { everyRow, fillEveryTable } from "./every-table.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { statedOf, tablePrivacy } from "./table-privacy.ts";

const USER = "users.id 0";
const PARTICIPANT = "participants.id 0";
/** Columns that name people without a foreign key, and texts whose form says whose they are. */
const OF_THE_PERSON = {
  "participants.user_id": [USER, null],
  "audit.actor_id": [USER, "x"],
  "audit.target_id": [USER, "x"],
  "audit.before": [`{"name": "audit.before 0 '"}`, "null"],
  "audit.after": [`{"login": "audit.after 0 '", "text": "audit.after 0 '"}`, "null"],
  "exemptions.created_by": ["users.name 0 '\"\\ %_;-- \r\n\u2028\u0085\t 数学 🎓", "x"],
  "degradations.created_by": ["users.name 0 '\"\\ %_;-- \r\n\u2028\u0085\t 数学 🎓", "x"],
  "imports.created_by": [USER, "x"],
  "imports.requested_by": [`{"id": "x", "name": "imports.requested_by 0 '"}`, "{}"],
  "imports.source": [null, null],
  "idempotency.actor": [`user ${USER}`, "x"],
  "room_entries.from_id": [PARTICIPANT, "x"],
  "room_entries.kind": ["chat", "chat"],
  "board_tags.person_id": [PARTICIPANT, "x"],
  "board_pages.lesson_id": ["lessons.id 0", "lessons.id 1"],
  "quiz_answers.participant_id": [PARTICIPANT, "x"],
  "quiz_answers.choice": [`"quiz_answers.choice 0 '"`, "1"],
  "question_votes.participant": [PARTICIPANT, "x"],
  "view_sessions.participant_id": [PARTICIPANT, null],
  "attendance.participant_id": [PARTICIPANT, "participants.id 1"],
  "deliveries.event": ["room.question", "room.question"],
  "deliveries.body": [`{"data": {"author": {"id": "${PARTICIPANT}", "name": "deliveries.body 0 '"}}}`, "{}"],
  "recordings.name": [`a~${PARTICIPANT}`, "b"],
  "recordings.version": ["1", "1"],
  "recordings.title": ["Maths · recordings.title 0 '", "b"],
  "check_ins.user_id": [USER, "users.id 1"],
} as const;

/** Folders of the library: none has a person's name or words. Recordings are the lesson's, and their rooms are read from the database. */
const FOLDERS = ["record", "shift", "pieces", "previews"];

onPostgresFirst((open, openStore) => {
  test("of an erased person no column of any table has the name or the words", async () => {
    const store = await openStore();
    try {
      const { db } = store;
      const tables = await fillEveryTable(db, OF_THE_PERSON);
      const stated = tablePrivacy();
      assert.deepEqual(Object.keys(stated).sort(), tables.toSorted());
      const before = await marksIn(db);
      const user = await db.selectFrom("users").selectAll().where("id", "=", USER).executeTakeFirstOrThrow();
      await db.transaction().execute(async (trx) => {
        await trx.updateTable("users").set(erasedColumns(user, new Date())).where("id", "=", USER).execute();
        await eraseTraces(trx, user);
      });
      const after = await marksIn(db);
      const mayStay = (mark: string) => ![undefined, "erased", "by-name"].includes(statedOf(stated, "erasure", mark));
      assert.deepEqual([...after].filter((mark) => !mayStay(mark)).sort(), []);
      // The test sees what it looks for.
      const gone = [...before].filter((mark) => !after.has(mark));
      for (const mark of [
        "users.name",
        "users.login",
        "audit.after",
        "room_entries.body",
        "deliveries.body",
        "recordings.title",
        "imports.requested_by",
      ])
        assert.ok(gone.includes(mark), `${mark} was not there, or is still there`);
      assert.ok(gone.length >= 30, `${gone.length} columns were erased`);
    } finally {
      await store.close();
    }
  });

  test("what a member and a guest said is in no delivery, kept or waiting, and in no row of any table", async (t) => {
    const { ok, person, service } = await open(t, { atRest: false });
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const events = [
      "room.chat",
      "room.question",
      "room.hand",
      "participant.joined",
      "participant.removed",
      "lesson.created",
      "user.changed",
    ];
    const hook = await ok("POST", "/webhooks", { body: { schoolId, url: "http://127.0.0.1:9/", events } });
    const teacher = await person(schoolId, "teacher");
    const member = await person(schoolId, "student", "mark-login");
    await ok("PATCH", `/users/${member.id}`, {
      body: { name: "mark-name", email: "mark-mail@x.example", externalId: "mark-external" },
    });
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Maths", openToSchool: true, guests: true } });
    await ok("POST", `/lessons/${lesson.id}/join`, { as: member.token });
    const guest = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "mark-guest" } });
    const say = (as: string, kind: string, body: object) =>
      ok("POST", `/lessons/${lesson.id}/room/entries`, { as, body: { id: newId(), kind, ...body } });
    await say(member.token, "chat", { text: "mark-chat" });
    const { answer } = await say(member.token, "question", { action: "ask", text: "mark-question" });
    await say(teacher.token, "question", { action: "answer", ref: answer.ref, text: "mark-answer" });
    await say(member.token, "hand", { action: "raise" });
    const quiz = await say(teacher.token, "quiz", { action: "open", type: "text", text: "Why?" });
    await say(member.token, "answer", { quiz: quiz.answer.ref, choice: "mark-written" }).catch(() => {});
    await ok("DELETE", `/lessons/${lesson.id}/participants/${guest.viewer}`, { as: teacher.token });
    const marks = ["login", "name", "mail", "external", "guest", "chat", "question", "answer"].map((mark) => `mark-${mark}`);
    const found = async () => {
      const rows = JSON.stringify(await everyRow(service.db));
      return marks.filter((mark) => rows.includes(mark));
    };
    assert.deepEqual(await found(), marks, "the marks are there before");
    const queued = async () =>
      (await ok("GET", `/webhooks/${hook.id}/deliveries?limit=100`)).items.map(({ event }: { event: string }) => event);
    for (const event of events) assert.ok((await queued()).includes(event), event);

    await ok("POST", `/users/${member.id}/erase`, { body: { login: "mark-login" } });
    await ok("POST", `/lessons/${lesson.id}/participants/${guest.viewer}/erase`);
    assert.deepEqual(await found(), []);
    assert.deepEqual(await queued(), ["lesson.created"], "what other systems go by, and names nobody, stays");
  });
});

test("every folder of the library is known to hold nobody's name", () => {
  assert.deepEqual(Object.keys(directoriesOf("/")).sort(), FOLDERS.toSorted());
});

/** The columns whose value is still somewhere, by `table.column`, of the rows of the person. */
async function marksIn(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  const rows = Object.values(await everyRow(db)).flat();
  return new Set(rows.flatMap((row) => [...row.matchAll(/([a-z_]+\.[a-z_]+) 0 '/g)].map((match) => match[1] ?? "")));
}
