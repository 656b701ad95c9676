/** Shows the answers to one question to a marker, one after the other, and what a third has to know: what the two before gave. */
import type { MarkingAssignment } from "@lectern/client";
import { Button, EmptyState, SkeletonRows } from "@lectern/ui";
import { CHECK_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { AnswerView } from "./answer-view.tsx";
import { MarkForm } from "./mark-form.tsx";
import type { AnswerToMark } from "./marking-queue.ts";
import { useMarkingQueue } from "./use-marking-queue.ts";

type AnswerQueueProps = {
  readonly examinationId: string;
  readonly question: MarkingAssignment["questions"][number];
  readonly onMarked: () => void;
};

export function AnswerQueue({ examinationId, question, onMarked }: AnswerQueueProps) {
  const { t } = useTranslation();
  const queue = useMarkingQueue(examinationId, question.question);
  const [refused, setRefused] = useState("");
  if (!queue) return <SkeletonRows label={t("loading")} />;
  const { current, state, error, given, wasLost } = queue.state;
  const undo = async (): Promise<void> => {
    setRefused("");
    try {
      await queue.undo();
      onMarked();
    } catch (failure) {
      setRefused(errorMessage(failure, t("offline")));
    }
  };
  const all = question.waiting + question.marked;
  return (
    <>
      <p className="text-muted" role="status">
        {t("exams.markedOf", { marked: question.marked, of: all })} · {t("exams.ownMarked", { count: question.own })}
      </p>
      <progress
        max={Math.max(1, all)}
        value={question.marked}
        aria-label={t("exams.markedOf", { marked: question.marked, of: all })}
      />
      {error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(error, t("offline")) })}{" "}
          <Button onClick={() => void queue.start()}>{t("exams.again")}</Button>
        </p>
      ) : null}
      {refused ? (
        <p className="error-box" role="alert">
          {refused}
        </p>
      ) : null}
      {wasLost ? <p role="status">{t("exams.answerLost")}</p> : null}
      {current ? (
        <>
          <AnswerView examinationId={examinationId} answer={current} />
          <Earlier answer={current} />
          <MarkForm
            key={`${current.attemptId} ${given}`}
            question={question}
            before={current.before}
            proposal={current.proposal}
            canUndo={given > 0}
            onSkip={() => void queue.skip().catch((failure: unknown) => setRefused(errorMessage(failure, t("offline"))))}
            onUndo={() => void undo()}
            save={async (mark) => {
              setRefused("");
              await queue.give(mark);
              onMarked();
            }}
          />
        </>
      ) : null}
      {state === "none" ? (
        <EmptyState
          icon={CHECK_ICON}
          text={t("exams.questionMarked")}
          action={
            <span className="row">
              <Button onClick={() => void queue.start()}>{t("exams.lookAgain")}</Button>
              {given > 0 ? <Button onClick={() => void undo()}>{t("exams.undo")}</Button> : null}
            </span>
          }
        />
      ) : null}
      {state === "loading" && !error ? <SkeletonRows label={t("loading")} /> : null}
    </>
  );
}

function Earlier({ answer: { earlier } }: { readonly answer: AnswerToMark }) {
  const { t } = useTranslation();
  if (earlier.length === 0) return null;
  return (
    <section className="mark-earlier" aria-labelledby="mark-earlier">
      <h3 id="mark-earlier">{t("exams.twoDiffer")}</h3>
      <ul>
        {earlier.map(({ points, comment }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the two have no names
          <li key={at}>
            <strong>{t("exams.pointCount", { count: points })}</strong> <span dir="auto">{comment}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
