/** Decides who may see which recordings. */

import { type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Db, Recording, Tables } from "../../foundation/store/tables.ts";
import { visibleLessons } from "../lesson-rights.ts";

/** Recordings that the actor may see; students and supervisors see published ones only. @param inBin lists the deleted ones instead */
export function visibleRecordings(db: Db, actor: Actor, inBin = false): SelectQueryBuilder<Tables, "recordings", Recording> {
  const recordings = db
    .selectFrom("recordings")
    .selectAll("recordings")
    .where("recordings.deleted_at", inBin ? "is not" : "is", null)
    // Candidates are seen by those who supervise them, beside the examination.
    .where(sql<SqlBool>`recordings.name not like 'exam-%~%'`);
  if (actor.schoolId === null) return actor.role === "operator" ? recordings : recordings.where("recordings.id", "is", null);
  const ofSchool = recordings.where("recordings.school_id", "=", actor.schoolId);
  if (actor.role === "administrator") return ofSchool;
  const ofLessons = ofSchool.where("recordings.lesson_id", "in", visibleLessons(db, actor).clearSelect().select("lessons.id"));
  return actor.role === "teacher" || actor.role === "assistant" ? ofLessons : ofLessons.where("recordings.published", "=", true);
}

/** @throws RefusalError no-such-recording */
export async function findRecording(db: Db, actor: Actor, id: string, inBin = false): Promise<Recording> {
  const recording = await visibleRecordings(db, actor, inBin).where("recordings.id", "=", id).executeTakeFirst();
  if (!recording) throw new RefusalError("no-such-recording");
  return recording;
}
