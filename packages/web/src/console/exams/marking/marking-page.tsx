/**
 * Shows what is to be marked: the questions of this person, the answers to one of them without names, and for those who work with the examination how far all markers are.
 */
import type { MarkingAssignment } from "@lectern/client";
import type { Media } from "@lectern/exam";
import { EmptyState, SkeletonRows } from "@lectern/ui";
import { CHECK_ICON } from "@lectern/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { MediaContext } from "../../../exam/media/media-context.ts";
import { examFileUrl } from "../../../exam/media/media-source.ts";
import { MediaView } from "../../../exam/media/media-view.tsx";
import { RichText } from "../../../exam/paper/rich-text.tsx";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useUrlFilter } from "../../list/filters.tsx";
import { AnswerQueue } from "./answer-queue.tsx";
import { MarkingProgress } from "./marking-progress.tsx";
import { shortText } from "./short-text.ts";

const REFETCH_MS = 10_000;

type MarkingPageProps = {
  readonly examinationId: string;
  /** Default: "Marking". */
  readonly title?: string;
};

export function MarkingPage({ examinationId, title }: MarkingPageProps) {
  const { t } = useTranslation();
  const assignment = useQuery({
    queryKey: ["marking-assignment", examinationId],
    queryFn: () => unwrap(api().GET("/api/v1/exams/{examinationId}/marking-assignment", { params: { path: { examinationId } } })),
    refetchInterval: REFETCH_MS,
  });
  if (assignment.error)
    return (
      <p className="error-box" role="alert">
        {t("failed", { message: errorMessage(assignment.error, t("offline")) })}
      </p>
    );
  if (!assignment.data) return <SkeletonRows label={t("loading")} />;
  const { leads, marks, questions } = assignment.data;
  return (
    <div className="marking">
      <h1>{title ?? t("exams.marking")}</h1>
      {leads ? <MarkingProgress examinationId={examinationId} /> : null}
      {questions.length === 0 ? (
        <EmptyState icon={CHECK_ICON} text={t(marks ? "exams.nothingToMark" : "exams.othersMark")} />
      ) : (
        <Questions
          examinationId={examinationId}
          questions={questions}
          onMarked={() => void assignment.refetch({ cancelRefetch: false })}
        />
      )}
    </div>
  );
}

type QuestionsProps = {
  readonly examinationId: string;
  readonly questions: MarkingAssignment["questions"];
  readonly onMarked: () => void;
};

function Questions({ examinationId, questions, onMarked }: QuestionsProps) {
  const { t } = useTranslation();
  const [chosen, choose] = useUrlFilter("question");
  // It stays when its last answer is marked: that can be taken back.
  const [first] = useState(() => questions.find(({ waiting }) => waiting > 0)?.question);
  const shown = [chosen, first].flatMap((one) => questions.find(({ question }) => question === one) ?? [])[0] ?? questions[0];
  return (
    <>
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
          <QuestionMedia examinationId={examinationId} media={shown.media} />
          {shown.isDouble ? <p className="text-muted">{t("exams.markedTwiceHint")}</p> : null}
          {shown.rubric ? (
            <details className="marking-rubric" open>
              <summary>{t("exams.rubric")}</summary>
              <RichText text={shown.rubric} />
            </details>
          ) : null}
          <AnswerQueue key={shown.question} examinationId={examinationId} question={shown} onMarked={onMarked} />
        </section>
      ) : null}
    </>
  );
}

function QuestionMedia({
  examinationId,
  media,
}: {
  readonly examinationId: string;
  readonly media: MarkingAssignment["questions"][number]["media"];
}) {
  return (
    <MediaContext value={{ urlOf: (file) => examFileUrl(examinationId, file), player: null }}>
      <MediaView media={media as readonly Media[] | undefined} />
    </MediaContext>
  );
}
