/** Finds the paper that an examination is to have. */
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { reachedPapers } from "../exam-rights.ts";

/** @throws RefusalError not-found; conflict, where the paper is another course's */
export async function checkPaperOf(
  db: Db,
  actor: Actor,
  { school_id, course_id }: Pick<Exam, "school_id" | "course_id">,
  paperId: string,
): Promise<void> {
  const papers = reachedPapers(db, actor).where("exam_papers.id", "=", paperId).where("exam_papers.school_id", "=", school_id);
  const paper = await papers.executeTakeFirst();
  if (!paper) throw new RefusalError("not-found", examText("no-paper"));
  if (paper.course_id !== null && paper.course_id !== course_id)
    throw new RefusalError("conflict", examText("paper-of-other-course"));
}
