/** Makes an examination with attempts in a test's database. */
import type { FactKind } from "@lectern/exam";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { insertSchool } from "../../foundation/store/test-database.ts";

export const OPENS = Date.UTC(2026, 10, 30, 9);
export const CLOSES = OPENS + 2 * 3_600_000;
/** 32 bytes. */
export const KEY = Buffer.alloc(32, 7).toString("base64url");
export const HASH = "ab".repeat(32);

/** One that lasts an hour for each candidate, in a window of two; answers come 20 minutes late at the most. */
export async function insertExam(db: Database, attempts: number, facts: readonly FactKind[] = ["page-left"]) {
  const school = await insertSchool(db);
  const exam = newId();
  await db
    .insertInto("exams")
    .values({
      id: exam,
      school_id: school.id,
      course_id: null,
      paper_id: null,
      title: "Physics",
      code: exam.slice(-10),
      opens_at: new Date(OPENS),
      closes_at: new Date(CLOSES),
      seconds: 3600,
      offline_seconds: 1200,
      facts: json(facts),
      published_at: new Date(OPENS - 60_000),
    })
    .execute();
  const paper = json({ title: "", instruction: "", sections: [] });
  await db
    .insertInto("exam_packages")
    .values({ exam_id: exam, paper, hash: HASH, bytes: Buffer.from("encrypted"), secret_key: KEY })
    .execute();
  const ids = Array.from({ length: attempts }, () => newId());
  for (const id of ids)
    await db
      .insertInto("exam_attempts")
      .values({ id, exam_id: exam, school_id: school.id, user_id: null, name: "A candidate", seed: 1 })
      .execute();
  return { exam, school: school.id, attempts: ids };
}
