/** A lesson that another system has recorded: what is in its texts comes from people there, and is as people here could have written it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ImportedEntry } from "../../../contracts/recordings/imported-lesson.ts";
import { Changes } from "../../foundation/store/change.ts";
import { insertSchool, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { addImportedLesson } from "./imported-lesson.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

let refs = 0;
const chat = (from: string, text: string): ImportedEntry => {
  const ref = `r${++refs}`;
  return { at: 1000, kind: "chat", key: `chat/${ref}`, body: { ref, text }, from };
};

test("titles and names are one visible line, and what was said turns no text around it", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const { lessonId } = await addImportedLesson(
    { db, changes: new Changes(db, () => {}), node: "n" },
    {
      externalId: "bigbluebutton:1",
      title: "Frac\u202etions\nand \u0007thirds",
      startedAt: 1000,
      endedAt: 2000,
      school: school.slug,
      course: null,
      materials: [
        {
          id: "m".repeat(26),
          title: "\u2066 \u202e",
          filename: "a\nb.pdf",
          kind: "pdf",
          size: 1,
          pictureBytes: 1,
          pages: [{ n: 1, text: "One\u0000\u202e\nTwo", width: 1, height: 1 }],
        },
      ],
      entries: [chat("\u202eretsaM", "Hello\u202e\u0000"), chat("\u200b", "\u2067"), chat("A".repeat(500), "Bye")],
    },
  );
  const lesson = await db.selectFrom("lessons").select("title").where("id", "=", lessonId).executeTakeFirstOrThrow();
  assert.equal(lesson.title, "Fractions and thirds");
  const material = await db.selectFrom("materials").select(["title", "filename"]).executeTakeFirstOrThrow();
  assert.deepEqual(material, { title: "?", filename: "a b.pdf" });
  assert.equal((await db.selectFrom("material_pages").select("text").executeTakeFirstOrThrow()).text, "One\nTwo");
  const names = await db.selectFrom("participants").select("name").where("lesson_id", "=", lessonId).orderBy("name").execute();
  assert.deepEqual(names.map(({ name }) => name).sort(), ["A".repeat(100), "retsaM"]);
  const entries = await db
    .selectFrom("room_entries")
    .select(["from_name", "body"])
    .where("lesson_id", "=", lessonId)
    .orderBy("seq")
    .execute();
  // What says nothing any more was not said.
  assert.deepEqual(
    entries.map(({ from_name, body }) => [from_name, Reflect.get(Object(body), "text")]),
    [
      ["retsaM", "Hello"],
      ["A".repeat(100), "Bye"],
    ],
  );
});
