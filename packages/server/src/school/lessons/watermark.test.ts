/** Watermarks: whose rules hold, what they show, and by which mark the school finds the person. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import type { PolicyLevel, PolicyRule, WatermarkRule } from "../../access/policies/access-policy.ts";
import { newId } from "../../platform/id.ts";
import { json } from "../../platform/store/store.ts";
import type { School } from "../foundation/store/tables.ts";
import {
  insertCourse,
  insertLesson,
  insertSchool,
  openTestDatabase,
  type TestDatabase,
} from "../foundation/store/test-database.ts";
import { markColumn, markOf } from "../people/accounts/person-watermark.ts";
import { watermarkBy, watermarkOf } from "./watermark.ts";

let database: TestDatabase;
let school: School;

before(async () => {
  database = await openTestDatabase();
  school = await insertSchool(database.db);
});
after(() => database.close());

const MEI = { name: "Li Mei", mark: "7KQ2XM" };
const RULE: WatermarkRule = {
  kind: "watermark",
  for: "play",
  combine: "add",
  mode: "enforce",
  locked: false,
  shows: "both",
  opacity: 0.4,
};

async function insertPolicy(level: PolicyLevel, id: string, rules: readonly PolicyRule[]): Promise<void> {
  const places = { course: "course_id", lesson: "lesson_id", recording: "recording_id" } as const;
  const place = level === "course" || level === "lesson" || level === "recording" ? { [places[level]]: id } : {};
  const of = { school_id: level === "installation" ? null : school.id, course_id: null, lesson_id: null, recording_id: null };
  await database.db
    .insertInto("policies")
    .values({ ...of, ...place, id: newId(), level, target_id: id, rules: json<readonly PolicyRule[]>(rules), bytes: 100 })
    .execute();
}

test("the mark of a person is the same in the database and here, and has no letters that look alike", async () => {
  const ids = Array.from({ length: 300 }, () => newId());
  const { rows } = await sql<{ id: string; mark: string }>`
    select id, ${markColumn(sql.ref("id"))} as mark from unnest(${ids}::text[]) as id`.execute(database.db);
  assert.equal(rows.length, ids.length);
  for (const { id, mark } of rows) {
    assert.equal(mark, markOf(id));
    assert.match(mark, /^[A-HJKMNP-Z2-9]{6}$/);
  }
  assert.equal(new Set(rows.map(({ mark }) => mark)).size, ids.length);
});

test("a watermark shows what its rules want: name, mark or both; of a person without a name, the mark", () => {
  const shown = (...rules: Partial<WatermarkRule>[]) =>
    watermarkBy(
      rules.map((rule) => ({ ...RULE, ...rule })),
      MEI,
    );
  assert.equal(shown(), null);
  assert.deepEqual(shown({}), { text: "Li Mei 7KQ2XM", opacity: 0.4 });
  assert.deepEqual(shown({ shows: "name" }), { text: "Li Mei", opacity: 0.4 });
  assert.deepEqual(shown({ shows: "id", opacity: 1 }), { text: "7KQ2XM", opacity: 1 });
  assert.deepEqual(shown({ shows: "id" }, { shows: "name", opacity: 0.2 }), { text: "Li Mei 7KQ2XM", opacity: 0.4 });
  assert.equal(watermarkBy([{ ...RULE, shows: "name" }], { name: "", mark: "192.0.2.7" })?.text, "192.0.2.7");
  assert.equal(watermarkBy([{ ...RULE, shows: "name" }], { name: "x".repeat(500), mark: "" })?.text.length, 40);
});

test("the rules of all levels hold; a nearer one replaces farther ones, a dry run and other kinds show nothing", async () => {
  const course = await insertCourse(database.db, school.id);
  const lesson = await insertLesson(database.db, school.id, { course_id: course.id });
  const of = { schoolId: school.id, courseId: course.id, lessonId: lesson.id };
  const text = async (belonging = of) => (await watermarkOf(database.db, belonging, MEI))?.text ?? null;
  assert.equal(await text(), null);
  const addresses: PolicyRule = { ...RULE, kind: "addresses", allow: [], deny: ["192.0.2.1"] };
  await insertPolicy("lesson", lesson.id, [{ ...RULE, mode: "dry-run" }, addresses]);
  assert.equal(await text(), null);
  await insertPolicy("school", school.id, [addresses, { ...RULE, shows: "id" }]);
  assert.equal(await text(), "7KQ2XM");
  await insertPolicy("course", course.id, [{ ...RULE, shows: "name", combine: "replace" }]);
  assert.equal(await text(), "Li Mei");
  const other = await insertSchool(database.db);
  assert.equal(await text({ schoolId: other.id, courseId: "", lessonId: "" }), null);
});
