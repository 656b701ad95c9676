/** Serves the API route by which a candidate reads the own result: at once in practice, else once it is released. */
import {
  type AuthoredPaper,
  type AuthoredQuestion,
  mediaOfQuestion,
  scoreParts,
  sheetOf,
  paperOf as withoutSolutions,
} from "@lectern/exam";
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { id, time } from "../../foundation/requests/fields.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { answerFile, namedFiles, storedFiles } from "../answer-files.ts";
import { answerValue, questionScore } from "../answer-shapes.ts";
import { newestAnswers } from "../attempt-rows.ts";
import type { ExamContext } from "../exam-context.ts";
import type { FrozenPapers } from "../grading/frozen-papers.ts";
import { mediaList, questionShape, solutionShape } from "../papers/content.ts";
import { compared } from "./compared.ts";
import { findOwnAttempt } from "./own-attempt.ts";
import { isResultOut } from "./result-out.ts";
import { shownSolution } from "./shown-solution.ts";

const classShare = z
  .number()
  .nullable()
  .describe("The mean share of the points of all, 0 to 1. Null: not released, not computed yet, or of fewer than five.");
const partScore = { points: z.number(), of: z.number(), waiting: z.int(), classShare };
const resultShape = z
  .object({
    attemptId: id,
    name: z.string(),
    title: z.string().describe("Of the examination."),
    state: z.enum(["waiting", "graded"]).describe("waiting: not graded yet, or people have answers to mark still."),
    handedInAt: time.nullable(),
    points: z.number().nullable().describe("Null: not graded yet."),
    of: z.number().nullable(),
    waiting: z.int().nullable().describe("Answers that people have to mark."),
    classShare,
    standing: z
      .object({
        rank: z.int().nullable().describe("1: nobody has more points."),
        percentile: z
          .int()
          .nullable()
          .describe("Of 100 candidates, so many have fewer points; of those with the same points half are counted."),
        candidates: z.int().describe("Whose answers are all marked."),
      })
      .nullable()
      .describe("Null: the examination shows none, results are not released, answers wait still, or it is being computed."),
    sections: z.array(z.object({ id: z.string(), title: z.string(), ...partScore })),
    knowledge: z.array(z.object({ name: z.string(), ...partScore })).describe("By what the questions test."),
    questions: z
      .array(
        z.object({
          question: questionShape,
          media: mediaList
            .exactOptional()
            .describe("Pictures and sound of the question and its passage (`readExamResultFile`). Absent: none."),
          value: answerValue.describe("The candidate's answer."),
          files: z.array(answerFile).describe("What the answer names, and has arrived."),
          score: questionScore,
          comment: z.string(),
          solution: solutionShape,
          explanation: z.string().nullable(),
        }),
      )
      .nullable()
      .describe("As the candidate was asked them. Null: only the score is shown."),
  })
  .meta({ id: "ExamResult" });
type Result = z.input<typeof resultShape>;

export function resultRoute(context: ExamContext, papers: FrozenPapers): ApiRoute {
  const { db, joins } = context;
  return route({
    id: "readExamResult",
    method: "POST",
    path: "/exams/:examinationId/result",
    tag: "Sitting examinations",
    summary: "Read the own result: of the newest attempt of the person, or of the attempt that the token proves",
    access: everybody("lessons:read"),
    // None of them has sat it.
    rights: ["0000000-", "0000000-"],
    params: z.strictObject({ examinationId: z.string().max(40).describe("The examination's id, or its code.") }),
    body: z.strictObject({ token: z.string().max(600).optional().describe("From entering.") }).prefault({}),
    status: 200,
    answer: resultShape,
    refusals: ["no-such-exam", "not-found", "exam-not-released", "too-many", "database-away"],
    handle: async ({ actor, params, body, ip }) => {
      const { exam, attempt } = await findOwnAttempt(context, {
        actor,
        ip,
        examinationId: params.examinationId,
        token: body.token,
      });
      joins.byPerson(attempt.id);
      if (!isResultOut(exam, attempt)) throw new RefusalError("exam-not-released");
      return { body: await presentResult(db, papers, exam, attempt) };
    },
  });
}

async function presentResult(db: Db, papers: FrozenPapers, exam: Exam, attempt: ExamAttempt): Promise<Result> {
  const { questions: scores, waiting } = attempt;
  const paper = await papers.paperOf(db, exam.id);
  const parts =
    scores &&
    scoreParts(paper, { points: attempt.points ?? 0, of: attempt.points_of ?? 0, waiting: waiting ?? 0, questions: scores });
  const titles = new Map(paper.sections.map(({ id: section, title }) => [section, title]));
  const state = scores && waiting === 0 ? "graded" : "waiting";
  const { standing, classShare: ofClass, shareOf } = compared(exam, attempt, await standingsOf(db, exam, attempt));
  return {
    attemptId: attempt.id,
    name: attempt.name,
    title: exam.title,
    state,
    handedInAt: attempt.handed_in_at,
    points: attempt.points,
    of: attempt.points_of,
    waiting,
    classShare: ofClass,
    standing,
    sections: (parts?.sections ?? []).map(({ name, ...rest }) => ({
      id: name,
      title: titles.get(name) ?? "",
      ...rest,
      classShare: shareOf("sections", name),
    })),
    knowledge: (parts?.knowledge ?? []).map((part) => ({ ...part, classShare: shareOf("knowledge", part.name) })),
    questions: scores && exam.results_shown !== "score" ? await presentQuestions(db, paper, exam, attempt) : null,
  };
}

/** Null: results are not released, or it is not computed yet with the points that the attempt has now. */
async function standingsOf(db: Db, exam: Exam, attempt: ExamAttempt) {
  if (exam.released_at === null || attempt.graded_at === null) return null;
  const row = await db
    .selectFrom("exam_standings")
    .select("standings")
    .where("exam_id", "=", exam.id)
    .where("computed_at", ">=", attempt.graded_at)
    .executeTakeFirst();
  return row?.standings ?? null;
}

/** In the order of the candidate's own sheet. */
async function presentQuestions(db: Db, paper: AuthoredPaper, exam: Exam, attempt: ExamAttempt) {
  const [answers, files, marks] = await Promise.all([
    newestAnswers(db, [attempt.id]),
    storedFiles(db, [attempt.id]),
    db.selectFrom("exam_marks").select(["question", "comment"]).where("attempt_id", "=", attempt.id).execute(),
  ]);
  const values = new Map(answers.map(({ question, value }) => [question, value]));
  const comments = new Map(marks.map(({ question, comment }) => [question, comment]));
  const authored = new Map(
    paper.sections.flatMap(({ questions }) => questions.map((each): [string, AuthoredQuestion] => [each.question.id, each])),
  );
  const asked = sheetOf(withoutSolutions(paper), attempt.seed).sections.flatMap(({ questions }) => questions);
  return asked.flatMap((question) => {
    const of = authored.get(question.id);
    const score = attempt.questions?.[question.id];
    if (!of || !score) return [];
    return [
      {
        question: question as z.input<typeof questionShape>,
        ...shownMedia(paper, question.id),
        value: (values.get(question.id) ?? null) as z.input<typeof answerValue>,
        files: namedFiles(files, values.get(question.id)),
        score,
        comment: comments.get(question.id) ?? "",
        solution: shownSolution(of.solution) as z.input<typeof solutionShape>,
        explanation: exam.results_shown === "explanations" ? (of.explanation ?? null) : null,
      },
    ];
  });
}

function shownMedia(paper: AuthoredPaper, question: string) {
  const media = mediaOfQuestion(paper, question);
  return media.length > 0 ? { media: [...media] } : {};
}
