/** Stored policies as the media workers get them, and what goes with their targets. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PolicyLevel, PolicyRule } from "../../../access/policies/access-policy.ts";
import type { PolicyNotice } from "../../../access/policies/policy-snapshot.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { sweep } from "../../expired-rows.ts";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import {
  insertCourse,
  insertLesson,
  insertSchool,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { policyTargets } from "./policy-targets.ts";
import { rulesBytes } from "./shapes.ts";
import { readPolicies, readPolicy } from "./stored-policies.ts";

const SECRETS = new StoredSecrets(() => ["a secret of the server"], silentLog);
let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

function rulesOf(entries: number): PolicyRule[] {
  const deny = Array.from({ length: entries }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
  return [{ kind: "addresses", for: "play", combine: "add", mode: "enforce", locked: false, allow: [], deny }];
}

async function insertPolicy(schoolId: string | null, level: PolicyLevel, id: string, rules = rulesOf(1)): Promise<void> {
  const of = (one: PolicyLevel) => (level === one ? id : null);
  await database.db
    .insertInto("policies")
    .values({
      id: newId(),
      school_id: schoolId,
      level,
      target_id: id,
      rules: json<readonly PolicyRule[]>(rules),
      bytes: rulesBytes(rules),
      course_id: of("course"),
      lesson_id: of("lesson"),
      recording_id: of("recording"),
    })
    .execute();
}

test("all policies are read, however large they are together", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const wanted = new Set<string>();
  for (let i = 0; i < 40; i++) {
    const { id } = await insertCourse(db, school.id);
    await insertPolicy(school.id, "course", id, rulesOf(i % 3 === 0 ? 1000 : 1));
    wanted.add(id);
  }
  const all = await readPolicies(db, SECRETS);
  assert.deepEqual(new Set(all.map(({ target }) => target.id)), wanted);
  assert.equal(all.length, wanted.size);
  const [first] = all;
  assert.deepEqual(first && (await readPolicy(db, SECRETS, first.target)), first);
  assert.equal(await readPolicy(db, SECRETS, { level: "course", id: newId() }), null);
});

test("when a lesson's time in the bin is over, its policy goes, and the media workers hear of it", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const lesson = await insertLesson(db, school.id, { deleted_at: new Date(0) });
  const kept = await insertLesson(db, school.id, { deleted_at: new Date() });
  for (const { id } of [lesson, kept]) await insertPolicy(school.id, "lesson", id);
  const heard: PolicyNotice[] = [];
  const idle = { sweep: async () => {} } as never;
  const policyNotices = { policyChanged: (notice: PolicyNotice) => heard.push(notice) };
  const audit = { secrets: () => [], platformDays: () => 0 };
  await sweep({ db, attempts: idle, space: idle, streamRuleChanged: () => {}, policyNotices, audit }, Date.now());
  assert.deepEqual(heard, [{ part: "policy", target: { level: "lesson", id: lesson.id } }]);
  assert.equal(await readPolicy(db, SECRETS, { level: "lesson", id: lesson.id }), null);
  assert.notEqual(await readPolicy(db, SECRETS, { level: "lesson", id: kept.id }), null);
});

test("the targets of everything go from the installation to itself; what is not there has none", async () => {
  const { db } = database;
  const school = await insertSchool(db);
  const course = await insertCourse(db, school.id);
  const lesson = await insertLesson(db, school.id, { course_id: course.id });
  const levels = async (level: PolicyLevel, id: string) =>
    (await policyTargets(db, level, id))?.map((target) => target.level) ?? null;
  assert.deepEqual(await levels("installation", ""), ["installation"]);
  assert.deepEqual(await levels("lesson", lesson.id), ["installation", "school", "course", "lesson"]);
  assert.deepEqual(await levels("stream", `${lesson.stream_app}/${lesson.stream_name}@720p`), [
    "installation",
    "school",
    "course",
    "lesson",
  ]);
  assert.deepEqual(await levels("stream", "live/camera"), ["installation", "stream"]);
  for (const level of ["school", "course", "lesson", "recording"] as const) assert.equal(await levels(level, newId()), null);
  assert.equal(await levels("stream", "live/lesson-aaaaaaaaaaaaaaaa"), null);
});
