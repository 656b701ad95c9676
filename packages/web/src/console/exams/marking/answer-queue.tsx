/** Shows an answer that waits, and takes its points and a comment: digits, Enter. Others can be marked meanwhile by somebody else. */
import { Button, EmptyState, SkeletonRows } from "@lectern/ui";
import { CHECK_ICON, LEFT_ICON } from "@lectern/ui/icons";
import { Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { uploadsOf } from "../../../exam/files/named-uploads.ts";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { MarkedFiles } from "./marked-files.tsx";
import { pointButtons, readPoints } from "./points-text.ts";
import { useAnswerQueue, type WaitingAnswer } from "./use-answer-queue.ts";

const MAX_COMMENT = 2000;

type AnswerQueueProps = {
  readonly examinationId: string;
  readonly question: string;
  /** Its points. */
  readonly of: number;
  readonly marked: number;
  readonly waiting: number;
  readonly onMarked: () => void;
};

export function AnswerQueue({ examinationId, question, of, marked, waiting, onMarked }: AnswerQueueProps) {
  const { t } = useTranslation();
  const queue = useAnswerQueue(examinationId, question);
  const { current } = queue;
  const all = marked + waiting;
  if (queue.error && !current)
    return (
      <p className="error-box" role="alert">
        {t("failed", { message: errorMessage(queue.error, t("offline")) })}{" "}
        <Button onClick={queue.again}>{t("exams.again")}</Button>
      </p>
    );
  if (queue.answers === null) return <SkeletonRows label={t("loading")} />;
  return (
    <>
      <p className="text-muted" role="status">
        {t("exams.markedOf", { marked, of: all })}
      </p>
      <progress max={Math.max(1, all)} value={marked} aria-label={t("exams.markedOf", { marked, of: all })} />
      {current ? (
        <MarkForm
          key={current.attemptId}
          examinationId={examinationId}
          answer={current}
          of={of}
          canGoBack={queue.at > 0}
          onBack={() => queue.go(queue.at - 1)}
          onSkip={() => queue.go(queue.at + 1)}
          save={async (points, comment) => {
            await unwrap(
              api().PUT("/api/v1/examinations/{examinationId}/attempts/{attemptId}/marks/{question}", {
                params: { path: { examinationId, attemptId: current.attemptId, question } },
                body: { points, comment },
              }),
            );
            queue.marked(points, comment);
            onMarked();
          }}
        />
      ) : (
        <EmptyState
          icon={CHECK_ICON}
          text={t("exams.questionMarked")}
          action={queue.at > 0 ? <Button onClick={() => queue.go(queue.at - 1)}>{t("exams.lastAnswer")}</Button> : null}
        />
      )}
    </>
  );
}

type MarkFormProps = {
  readonly examinationId: string;
  readonly answer: WaitingAnswer;
  readonly of: number;
  readonly canGoBack: boolean;
  readonly onBack: () => void;
  readonly onSkip: () => void;
  readonly save: (points: number, comment: string) => Promise<void>;
};

function MarkForm({ examinationId, answer, of, canGoBack, onBack, onSkip, save }: MarkFormProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(answer.points === null ? "" : String(answer.points));
  const [comment, setComment] = useState(answer.comment);
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  useDigits(field);
  const points = readPoints(typed, of);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (points === null) {
      setError(t("exams.pointsNeeded", { of }));
      field.current?.focus();
      return;
    }
    setIsBusy(true);
    setError("");
    try {
      await save(points, comment.trim());
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
      setIsBusy(false);
    }
  };
  return (
    <form className="mark-form" onSubmit={(event) => void submit(event)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the keys that scroll */}
      <section className="mark-answer" aria-label={t("exams.answerToMark")} tabIndex={0} dir="auto">
        {uploadsOf(answer.value).length > 0 ? (
          <MarkedFiles examinationId={examinationId} answer={answer} />
        ) : (
          typedText(answer.value) || <span className="text-muted">{t("exams.emptyAnswer")}</span>
        )}
      </section>
      <div className="mark-points">
        <TextInput
          ref={field}
          label={t("exams.pointsOf", { of })}
          inputMode="decimal"
          autoComplete="off"
          value={typed}
          {...(error ? { error } : {})}
          onChange={(event) => {
            setTyped(event.target.value);
            setError("");
          }}
        />
        <PointButtons of={of} points={points} onChoose={(one) => setTyped(String(one))} />
      </div>
      <Textarea
        label={t("exams.comment")}
        description={t("exams.commentHint")}
        autosize
        minRows={2}
        maxLength={MAX_COMMENT}
        dir="auto"
        value={comment}
        onChange={(event) => setComment(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      <div className="form-end">
        <Button type="submit" kind="primary" disabled={isBusy}>
          {t("exams.saveAndNext")}
        </Button>
        <Button onClick={onSkip}>{t("exams.skip")}</Button>
        {canGoBack ? (
          <Button kind="quiet" icon={LEFT_ICON} onClick={onBack}>
            {t("exams.lastAnswer")}
          </Button>
        ) : null}
      </div>
      <p className="text-muted">{t("exams.keysHint")}</p>
    </form>
  );
}

type PointButtonsProps = {
  readonly of: number;
  readonly points: number | null;
  readonly onChoose: (points: number) => void;
};

function PointButtons({ of, points, onChoose }: PointButtonsProps) {
  return (
    <span className="mark-buttons">
      {pointButtons(of).map((one) => (
        <Button key={one} aria-pressed={points === one} onClick={() => onChoose(one)}>
          {one}
        </Button>
      ))}
    </span>
  );
}

/** A digit anywhere but in a field goes into the points. */
function useDigits(field: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
      const isTyping = target instanceof Element && target.matches("input, textarea, select");
      if (!isTyping && !ctrlKey && !metaKey && !altKey && /^[\d.,]$/.test(key)) field.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [field]);
}

/** People mark what was typed. */
function typedText(value: WaitingAnswer["value"]): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "typed" in value && typeof value.typed === "string") return value.typed;
  return "";
}
