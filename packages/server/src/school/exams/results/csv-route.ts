/** Serves the API route that exports the results of an examination as CSV: a row for each attempt, a column for each question. */
import { type AuthoredPaper, scoreParts } from "@lectern/exam";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { type CsvColumn, writeCsv } from "../../foundation/requests/csv.ts";
import { id } from "../../foundation/requests/fields.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, published, READ_EXAMS } from "../exam-rights.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";

/** A page takes a moment, also with as many questions as a paper has. */
const MAX_ROWS = 5000;

export function csvRoute({ db }: ExamContext, papers: FrozenPapers): ApiRoute {
  return route({
    id: "exportExamResults",
    method: "GET",
    path: "/exams/:examinationId/results.csv",
    tag: "Results of examinations",
    summary: "Export the results of an examination as CSV",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: "export",
    params: z.strictObject({ examinationId: id }),
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(MAX_ROWS).describe("Rows."),
      cursor: id.optional().describe("The header Lectern-Next-Cursor of the page before."),
    }),
    status: 200,
    answer: z.string(),
    answerType: "text/csv; charset=utf-8",
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params, query: { limit, cursor } }) => {
      const exam = published(await findExam(db, actor, params.examinationId));
      const paper = await papers.paperOf(db, exam.id);
      const rows = await readRows(db, exam.id, limit + 1, cursor);
      const page = rows.slice(0, limit);
      const headers = {
        "content-disposition": 'attachment; filename="results.csv"',
        ...(rows.length > limit ? { "lectern-next-cursor": page.at(-1)?.id ?? "" } : {}),
      };
      return { body: writeCsv(columnsOf(paper), page), headers };
    },
  });
}

type ResultRow = Awaited<ReturnType<typeof readRows>>[number];

function readRows(db: Db, examId: string, limit: number, cursor: string | undefined) {
  return db
    .selectFrom("exam_attempts")
    .leftJoin("users", "users.id", "exam_attempts.user_id")
    .select(["exam_attempts.id", "exam_attempts.name", "number", "login", "external_id", "started_at", "handed_in_at"])
    .select(["handed_in_by", "extra_seconds", "points", "points_of", "waiting", "questions"])
    .where("exam_id", "=", examId)
    .where("exam_attempts.id", ">", cursor ?? "")
    .orderBy("exam_attempts.id")
    .limit(limit)
    .execute();
}

/** Null: not graded yet, or nothing of the section was asked. */
function sectionPoints({ sections }: AuthoredPaper, section: string, questions: ResultRow["questions"]): number | null {
  const own = { title: "", instruction: "", sections: sections.filter(({ id: each }) => each === section) };
  return (questions && scoreParts(own, { points: 0, of: 0, waiting: 0, questions }).sections[0]?.points) ?? null;
}

function columnsOf(paper: AuthoredPaper): CsvColumn<ResultRow>[] {
  const sections = paper.sections.map(
    ({ id: section, title }, i): CsvColumn<ResultRow> => ({
      name: `section ${i + 1}${title === "" ? "" : `: ${title}`}`,
      valueOf: ({ questions }) => sectionPoints(paper, section, questions),
    }),
  );
  const asked = paper.sections.flatMap(({ questions }) => questions);
  const questions = asked.map(
    ({ question }): CsvColumn<ResultRow> => ({
      name: `question ${question.id}`,
      valueOf: ({ questions: scores }) => scores?.[question.id]?.points ?? null,
    }),
  );
  return [
    { name: "name", valueOf: ({ name }) => name },
    { name: "login", valueOf: ({ login }) => login },
    { name: "externalId", valueOf: ({ external_id }) => external_id },
    { name: "attempt", valueOf: ({ number }) => number },
    { name: "startedAt", valueOf: ({ started_at }) => started_at },
    { name: "handedInAt", valueOf: ({ handed_in_at }) => handed_in_at },
    { name: "handedInBy", valueOf: ({ handed_in_by }) => handed_in_by },
    { name: "extraSeconds", valueOf: ({ extra_seconds }) => extra_seconds },
    { name: "points", valueOf: ({ points }) => points },
    { name: "of", valueOf: ({ points_of }) => points_of },
    { name: "waiting", valueOf: ({ waiting }) => waiting },
    ...sections,
    ...questions,
  ];
}
