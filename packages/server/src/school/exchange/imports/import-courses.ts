/** Provides courses that the rows of an import name: those of the school, and those that are created when their first row is written. */
import { newId } from "../../../platform/id.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Db, School } from "../../foundation/store/tables.ts";
import { courseEventData } from "../../people/courses/course.ts";

/** Those that were made, and the id of each name. */
export type NamedCourses = { readonly made: readonly string[]; readonly idOf: ReadonlyMap<string, string> };

export async function findOrCreateCourses(
  change: Change,
  school: Pick<School, "id">,
  names: readonly string[],
): Promise<NamedCourses> {
  const idOf = new Map<string, string>();
  const made: string[] = [];
  for (const name of new Set(names)) {
    const present = await courseCalled(change.trx, school, name);
    if (present !== undefined) {
      idOf.set(name, present);
      continue;
    }
    const row = { id: newId(), school_id: school.id, name, description: "", external_id: null };
    const course = await change.trx.insertInto("courses").values(row).returningAll().executeTakeFirstOrThrow();
    idOf.set(name, course.id);
    made.push(course.id);
    const target = { targetKind: "course", targetId: course.id };
    await change.audit({ action: "course.create", schoolId: school.id, ...target, after: course });
    await change.emit("course.created", school.id, courseEventData(course));
  }
  return { made, idOf };
}

async function courseCalled(db: Db, school: Pick<School, "id">, name: string): Promise<string | undefined> {
  const course = await db
    .selectFrom("courses")
    .select("id")
    .where("school_id", "=", school.id)
    .where("name", "=", name)
    .executeTakeFirst();
  return course?.id;
}
