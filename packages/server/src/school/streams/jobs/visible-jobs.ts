/** Decides whose jobs an actor sees: operators all, others those of their school's sources, forwards and live streams. */
import type { Actor } from "../../../access/actor.ts";
import type { JobReport } from "../../../contracts/jobs/job-report.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { visibleStreams } from "../../lessons/lesson-rights.ts";

type SeesJob = (job: Pick<JobReport, "kind" | "id" | "app" | "name">) => boolean;

export async function visibleJobs(db: Db, actor: Actor): Promise<SeesJob> {
  const streams = await visibleStreams(db, actor);
  if (streams === null) return () => true;
  const school = actor.schoolId ?? "";
  const sources = await db.selectFrom("sources").select(["id", "app", "name"]).where("school_id", "=", school).execute();
  const forwards = await db
    .selectFrom("forwards")
    .innerJoin("lessons", "lessons.id", "forwards.lesson_id")
    .select("forwards.id")
    .where("lessons.school_id", "=", school)
    .execute();
  const ids = new Set([...sources, ...forwards].map(({ id }) => id));
  const channels = new Set(sources.map(({ app, name }) => `${app}/${name}`));
  return ({ kind, id, app, name }) =>
    kind === "ladder" || kind === "captions" ? streams.has(`${app}/${name}`) || channels.has(`${app}/${name}`) : ids.has(id);
}
