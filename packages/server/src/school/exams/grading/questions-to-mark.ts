/** Counts, question by question, what people have to mark and have marked. */
import { type AuthoredPaper, type AuthoredQuestion, isMarkedByPeople } from "@lectern/exam";
import { sql } from "kysely";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";

export function authoredQuestion({ sections }: AuthoredPaper, question: string): AuthoredQuestion | undefined {
  return sections.flatMap(({ questions }) => questions).find((each) => each.question.id === question);
}

/** Those that people mark by their kind, and those that somebody has marked. */
export async function countMarking(db: Db, exam: Exam, paper: AuthoredPaper) {
  const { rows } = await sql<{ question: string; waiting: number; marked: number }>`
    select q.key as question, count(*) filter (where q.value ->> 'by' = 'waits')::int as waiting,
      count(*) filter (where q.value ->> 'by' = 'person')::int as marked
    from exam_attempts, jsonb_each(questions) q
    where exam_id = ${exam.id} and questions is not null and q.value ->> 'by' <> 'rules' group by q.key`.execute(db);
  const counts = new Map(rows.map((row) => [row.question, row]));
  return paper.sections.flatMap(({ questions }) =>
    questions.flatMap((authored) => {
      const { question, solution } = authored;
      const count = counts.get(question.id);
      if (!isMarkedByPeople(authored) && !count) return [];
      const rubric = "rubric" in solution ? solution.rubric : "";
      const { waiting = 0, marked = 0 } = count ?? {};
      return [{ question: question.id, text: question.text, of: question.points, rubric, waiting, marked, solution }];
    }),
  );
}
