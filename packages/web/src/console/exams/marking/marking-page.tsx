/** Shows what is to be marked: answers that wait for a person, question by question and without names. Digits give points, Enter goes on. */
import type { Examination } from "@lectern/client";
import { EmptyState, SkeletonRows } from "@lectern/ui";
import { CHECK_ICON } from "@lectern/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { RichText } from "../../../exam/paper/rich-text.tsx";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useUrlFilter } from "../../list/filters.tsx";
import { AnswerQueue } from "./answer-queue.tsx";

const REFETCH_MS = 10_000;
const SHORT_LETTERS = 60;

export function MarkingPage({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const [chosen, choose] = useUrlFilter("question");
  const marking = useQuery({
    queryKey: ["exam-marking", exam.id],
    queryFn: () =>
      unwrap(api().GET("/api/v1/examinations/{examinationId}/marking", { params: { path: { examinationId: exam.id } } })),
    refetchInterval: REFETCH_MS,
  });
  if (marking.error)
    return (
      <p className="error-box" role="alert">
        {t("failed", { message: errorMessage(marking.error, t("offline")) })}
      </p>
    );
  if (!marking.data) return <SkeletonRows label={t("loading")} />;
  const { questions } = marking.data;
  if (questions.length === 0)
    return (
      <>
        <h1>{t("exams.marking")}</h1>
        <EmptyState icon={CHECK_ICON} text={t("exams.nothingToMark")} />
      </>
    );
  const shown =
    questions.find(({ question }) => question === chosen) ?? questions.find(({ waiting }) => waiting > 0) ?? questions[0];
  return (
    <div className="marking">
      <h1>{t("exams.marking")}</h1>
      <nav className="marking-questions" aria-label={t("exams.questionsToMark")}>
        {questions.map(({ question, text, waiting, marked }) => (
          <button
            key={question}
            type="button"
            className="marking-question"
            aria-current={question === shown?.question ? "true" : undefined}
            onClick={() => choose(question)}
          >
            <span dir="auto">{shortText(text)}</span>
            <span className="text-muted">
              {waiting > 0 ? t("exams.waitingCount", { count: waiting }) : t("exams.allMarked", { count: marked })}
            </span>
          </button>
        ))}
      </nav>
      {shown ? (
        <section className="marking-answers" aria-labelledby="marking-question">
          <h2 id="marking-question">
            <RichText text={shown.text} />
          </h2>
          {shown.rubric ? (
            <details className="marking-rubric" open>
              <summary>{t("exams.rubric")}</summary>
              <RichText text={shown.rubric} />
            </details>
          ) : null}
          <AnswerQueue
            key={shown.question}
            examinationId={exam.id}
            question={shown.question}
            of={shown.of}
            marked={shown.marked}
            waiting={shown.waiting}
            onMarked={() => void marking.refetch()}
          />
        </section>
      ) : null}
    </div>
  );
}

function shortText(text: string): string {
  const letters = [...text.replace(/\s+/g, " ")];
  return letters.length > SHORT_LETTERS ? `${letters.slice(0, SHORT_LETTERS).join("").trim()}…` : letters.join("");
}
