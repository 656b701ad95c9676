/** Finds the sources that an actor may see. Teachers see those of the lessons that they teach, others those that they may change. */
import { sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { ADMINISTRATORS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { JobControl } from "../jobs/job-control.ts";
import { type JobStates, jobStates } from "../jobs/job-state.ts";
import { storedAddresses } from "../jobs/wanted-jobs.ts";
import { type SourceWithStream, sourceResponse } from "./shapes.ts";

export type SourceContext = RouteContext & {
  readonly policyNotices: PolicyNotices;
  readonly jobs: JobControl;
  /** Applications that channels may belong to. */
  readonly apps: () => readonly string[];
};

export function visibleSources(db: Db, actor: Actor) {
  const sources = db
    .selectFrom("sources")
    .leftJoin("lessons", "lessons.id", "sources.lesson_id")
    .selectAll("sources")
    .select(["lessons.stream_app", "lessons.stream_name"]);
  if (actor.schoolId === null) return actor.role === "operator" ? sources : sources.where("sources.id", "is", null);
  const ofSchool = sources.where("sources.school_id", "=", actor.schoolId);
  if (maySet(actor)) return ofSchool;
  if (actor.role !== "teacher") return ofSchool.where("sources.id", "is", null);
  const me = actor.id ?? "";
  return ofSchool.where("lessons.deleted_at", "is", null).where(
    sql<boolean>`(lessons.teacher_id = ${me} or lessons.course_id = any(array(
      select course_id from course_members where user_id = ${me} and role = 'teacher')))`,
  );
}

/** @throws RefusalError not-found */
export async function findSource(db: Db, actor: Actor, sourceId: string): Promise<SourceWithStream> {
  const source = await visibleSources(db, actor).where("sources.id", "=", sourceId).executeTakeFirst();
  if (!source) throw new RefusalError("not-found", schoolText("no-source"));
  return source;
}

/** Presents sources to a reader. */
export async function presentSources(jobs: JobControl, secrets: StoredSecrets, reader: Actor) {
  const states: JobStates = await jobStates(jobs, "pull");
  return (source: SourceWithStream) => {
    const mayChange = maySet(reader);
    return sourceResponse(source, mayChange ? storedAddresses(secrets, source) : null, mayChange, states);
  };
}

function maySet({ role }: Actor): boolean {
  return role !== null && ADMINISTRATORS.includes(role);
}
