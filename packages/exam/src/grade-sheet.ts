/** Grades a candidate's sheet. Its points are the sum of what each question shows, so that who adds them up comes to the same. */
import type { AnswerSheet } from "./answer.ts";
import { type AnswerGrader, answerGrader } from "./grade-answer.ts";
import { ownValue } from "./own.ts";
import type { AuthoredPaper } from "./paper.ts";
import type { QuestionScore, SheetScore } from "./score.ts";
import { drawnQuestions } from "./sheet.ts";

/** Points that people gave, by question. They count in place of the rules' too. */
export type Marks = Readonly<Record<string, number>>;
export type SheetGrader = (seed: number, answers: AnswerSheet, marks?: Marks) => SheetScore;

type Prepared = { readonly id: string; readonly passage?: string; readonly of: number; readonly grade: AnswerGrader };

/** Prepares what is the same for all candidates of a paper: for one sheet `gradeSheet` is shorter. */
export function sheetGrader({ sections }: AuthoredPaper): SheetGrader {
  const prepared = sections.map(({ questions, ...section }) => ({
    ...section,
    questions: questions.map(({ question, solution }): Prepared => {
      const { id, passage, points: of } = question;
      return { id, of, grade: answerGrader(question, solution), ...(passage === undefined ? null : { passage }) };
    }),
  }));
  return (seed, answers, marks = {}) => {
    const questions: Record<string, QuestionScore> = {};
    let [points, of, waiting] = [0, 0, 0];
    for (const section of drawnQuestions(prepared, seed))
      for (const question of section) {
        const score = scoreOf(question, answers, marks);
        questions[question.id] = score;
        points += score.points;
        of += score.of;
        if (score.by === "waits") waiting++;
      }
    return { points: rounded(points), of: rounded(of), waiting, questions };
  };
}

/** @param seed that of the attempt: it says which questions the candidate was asked */
export function gradeSheet(authored: AuthoredPaper, seed: number, answers: AnswerSheet, marks: Marks = {}): SheetScore {
  return sheetGrader(authored)(seed, answers, marks);
}

function scoreOf({ id, of, grade }: Prepared, answers: AnswerSheet, marks: Marks): QuestionScore {
  const mark = ownValue(marks, id);
  if (mark !== undefined && Number.isFinite(mark)) return { points: rounded(Math.min(of, Math.max(0, mark))), of, by: "person" };
  return grade(ownValue(answers, id));
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}
