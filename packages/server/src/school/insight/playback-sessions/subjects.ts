/** Finds out what viewers watch: the lesson and the school of a stream or a recording, and what the school keeps of views. */
import { isSchoolStream, lessonStreamOf } from "../../../access/policies/stream-policy.ts";
import { RecentMap } from "../../../platform/recent-map.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { ViewDetails } from "../../foundation/store/view-tables.ts";

export type ViewSubject = {
  readonly lessonId: string | null;
  readonly schoolId: string | null;
  readonly keeps: ViewDetails;
};

const NOTHING_KNOWN: ViewSubject = { lessonId: null, schoolId: null, keeps: "anonymous" };
/** What its school kept is not known any more. */
const DELETED: ViewSubject = { lessonId: null, schoolId: null, keeps: "none" };
/** A changed setting holds after this. */
const KNOWN_MS = 60_000;
const MAX_KNOWN = 20_000;

type Known = { readonly subject: ViewSubject; readonly at: number };

export class ViewSubjects {
  private known = new RecentMap<string, Known>(MAX_KNOWN);

  /** What was found may be gone. */
  forget(): void {
    this.known = new RecentMap(MAX_KNOWN);
  }

  /** @param cids APP/NAME or vod/ID; @param now milliseconds since 1970 */
  async find(db: Db, cids: Iterable<string>, now: number): Promise<ReadonlyMap<string, ViewSubject>> {
    const found = new Map<string, ViewSubject>();
    for (const cid of new Set(cids)) {
      const known = this.known.get(cid);
      const isFresh = known !== undefined && now - known.at < KNOWN_MS;
      const subject = isFresh ? known.subject : await lookUp(db, cid);
      if (!isFresh) this.known.set(cid, { subject, at: now });
      found.set(cid, subject);
    }
    return found;
  }
}

async function lookUp(db: Db, cid: string): Promise<ViewSubject> {
  const [app = "", name = ""] = cid.split("/");
  const lesson =
    app === "vod"
      ? await db
          .selectFrom("recordings")
          .leftJoin("schools", "schools.id", "recordings.school_id")
          .select(["recordings.lesson_id", "recordings.school_id", "schools.view_details"])
          .where("recordings.id", "=", name)
          .executeTakeFirst()
      : await db
          .selectFrom("lessons")
          .innerJoin("schools", "schools.id", "lessons.school_id")
          .select(["lessons.id as lesson_id", "lessons.school_id", "schools.view_details"])
          .where("lessons.stream_app", "=", app)
          .where("lessons.stream_name", "=", lessonStreamOf(name))
          .executeTakeFirst();
  if (!lesson) return app === "vod" || isSchoolStream(name) ? DELETED : NOTHING_KNOWN;
  return { lessonId: lesson.lesson_id, schoolId: lesson.school_id, keeps: lesson.view_details ?? "anonymous" };
}
