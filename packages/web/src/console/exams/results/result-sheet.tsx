/** Shows the result of one candidate for paper, with answers and what is right, as the candidate sees it once everything is shown. */
import type { ExamAttempt, Examination } from "@lectern/client";
import { type AuthoredPaper, mediaOfQuestion, paperOf, scoreParts, sheetOf } from "@lectern/exam";
import { SkeletonRows } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import type { ExamResult } from "../../../exam/attempt/exam-calls.ts";
import "../../../exam/exam.css";
import { examFileUrl } from "../../../exam/media/media-source.ts";
import { EXAM_MESSAGES } from "../../../exam/messages.ts";
import { PrintSheet } from "../../../exam/print/print-sheet.tsx";
import { Result } from "../../../exam/views/result.tsx";
import { addTranslations } from "../../../i18n.ts";
import { formatDateTime } from "../../../language.ts";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { loadAnswerFile } from "../marking/load-answer-file.ts";

addTranslations(EXAM_MESSAGES);

type ResultSheetProps = { readonly exam: Examination; readonly attempt: ExamAttempt; readonly onClose: () => void };

export function ResultSheet({ exam, attempt, onClose }: ResultSheetProps) {
  const { t, i18n } = useTranslation();
  const result = useQuery({
    queryKey: ["result-sheet", attempt.id],
    queryFn: () => loadSheet(exam, attempt.id),
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const { data } = result;
  return (
    <PrintSheet label={t("printed.sheetOf", { name: attempt.name })} onClose={onClose}>
      <h1 dir="auto">{exam.title}</h1>
      <p>
        <strong dir="auto">{attempt.name}</strong>
        {attempt.handedInAt === null
          ? null
          : ` · ${t("printed.handedIn", { time: formatDateTime(attempt.handedInAt, i18n.language) })}`}
      </p>
      {result.isPending ? <SkeletonRows label={t("loading")} /> : null}
      {result.error ? <p role="alert">{t("failed", { message: errorMessage(result.error, t("offline")) })}</p> : null}
      {data ? (
        <Result
          result={data}
          isPrinted
          loadFile={(file) => loadAnswerFile(exam.id, attempt.id, file)}
          media={{ urlOf: (file) => examFileUrl(exam.id, file) }}
        />
      ) : null}
    </PrintSheet>
  );
}

/** In the order of the candidate's own sheet. */
async function loadSheet(exam: Examination, attemptId: string): Promise<ExamResult> {
  const params = { path: { examinationId: exam.id, attemptId } };
  const [attempt, frozen] = await Promise.all([
    unwrap(api().GET("/api/v1/exams/{examinationId}/attempts/{attemptId}", { params })),
    unwrap(api().GET("/api/v1/exams/{examinationId}/paper", { params: { path: { examinationId: exam.id } } })),
  ]);
  const paper = frozen as unknown as AuthoredPaper;
  const { points, pointsOf: of, waiting, questions: scores } = attempt;
  const parts = scores && scoreParts(paper, { points: points ?? 0, of: of ?? 0, waiting: waiting ?? 0, questions: scores });
  const authored = new Map(paper.sections.flatMap(({ questions }) => questions.map((one) => [one.question.id, one] as const)));
  const titles = new Map(paper.sections.map(({ id, title }) => [id, title]));
  const asked = sheetOf(paperOf(paper), attempt.seed).sections.flatMap(({ questions }) => questions);
  const shown = asked.flatMap((question) => {
    const [one, score] = [authored.get(question.id), scores?.[question.id]];
    if (!one || !score) return [];
    const value = attempt.answers.find((answer) => answer.question === question.id)?.value ?? null;
    const media = mediaOfQuestion(paper, question.id);
    return [
      {
        question,
        ...(media.length > 0 ? { media } : {}),
        value,
        files: attempt.files.filter((file) => file.question === question.id),
        score,
        comment: attempt.marks.find((mark) => mark.question === question.id)?.comment ?? "",
        solution: "rubric" in one.solution ? { ...one.solution, rubric: "", criteria: [] } : one.solution,
        explanation: one.explanation ?? null,
      },
    ];
  });
  return {
    attemptId,
    name: attempt.name,
    title: exam.title,
    state: waiting === 0 ? "graded" : "waiting",
    handedInAt: attempt.handedInAt,
    points,
    of,
    waiting,
    classShare: null,
    standing: null,
    sections: (parts?.sections ?? []).map(({ name, ...rest }) => ({
      id: name,
      title: titles.get(name) ?? "",
      ...rest,
      classShare: null,
    })),
    knowledge: (parts?.knowledge ?? []).map((part) => ({ ...part, classShare: null })),
    questions: shown as unknown as ExamResult["questions"],
  };
}
