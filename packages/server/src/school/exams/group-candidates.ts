/** Finds the group of a candidate: the one that lists the person, else the one whose course has the person as a member. */
import { sql } from "kysely";
import type { Exam } from "../foundation/store/exam-tables.ts";
import type { Db } from "../foundation/store/tables.ts";

/** @param userId null: a guest, whom a supervisor puts into a group @returns null: none */
export async function groupOf(db: Db, { id }: Pick<Exam, "id">, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const { rows } = await sql<{ id: string }>`
    select id from (${groupsOfPeople(id)}) candidates where user_id = ${userId} order by is_listed desc, id limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

/** Puts those into groups who have entered before their group was made, and are in none. */
export async function groupCandidates(db: Db, examId: string): Promise<void> {
  await sql`
    update exam_attempts set group_id = found.id
    from (select distinct on (user_id) user_id, id from (${groupsOfPeople(examId)}) candidates
      order by user_id, is_listed desc, id) found
    where exam_attempts.exam_id = ${examId} and exam_attempts.group_id is null and exam_attempts.user_id = found.user_id`.execute(
    db,
  );
}

/** The groups that each person is a candidate of: by name, and by course. */
function groupsOfPeople(examId: string) {
  return sql`
    select g.id, p.user_id, true as is_listed from exam_groups g join exam_group_people p on p.group_id = g.id
    where g.exam_id = ${examId} and p.role = 'candidate'
    union all
    select g.id, m.user_id, false from exam_groups g join course_members m on m.course_id = g.course_id
    where g.exam_id = ${examId}`;
}
