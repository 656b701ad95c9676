/** Asks once before the candidate hands in, and says what is not answered, what is marked, and what has not arrived. */
import { Button, Dialog } from "@lectern/ui";
import { useTranslation } from "../../texts/use-translation.ts";
import { isAnswered } from "../paper/is-answered.ts";
import type { NumberedQuestion } from "../paper/numbered.ts";
import type { ExamSession } from "../session/exam-session.ts";
import type { SessionSnapshot } from "../session/session-snapshot.ts";

type HandInProps = {
  readonly questions: readonly NumberedQuestion[];
  readonly session: ExamSession;
  readonly state: SessionSnapshot;
  /** The candidate wants to see this question. */
  readonly onGo: (at: number) => void;
  readonly onClose: () => void;
};

export function HandIn({ questions, session, state, onGo, onClose }: HandInProps) {
  const { t } = useTranslation();
  const unanswered = questions.filter(({ question }) => !isAnswered(session.answerOf(question.id).value));
  const marked = questions.filter(({ question }) => session.answerOf(question.id).isMarked);
  const links = (some: readonly NumberedQuestion[]) => (
    <span className="hand-in-links">
      {some.map(({ number }) => (
        <button
          key={number}
          type="button"
          className="button small"
          aria-label={t("paper.question", { number })}
          onClick={() => onGo(number - 1)}
        >
          {number}
        </button>
      ))}
    </span>
  );
  return (
    <Dialog className="hand-in" aria-labelledby="hand-in-title" onClose={onClose}>
      <h2 id="hand-in-title">{t("exam.handInTitle")}</h2>
      <p>
        {unanswered.length === 0
          ? t("exam.allAnswered", { count: questions.length })
          : t("exam.notAnswered", { count: unanswered.length })}
      </p>
      {unanswered.length > 0 ? links(unanswered) : null}
      {marked.length > 0 ? (
        <>
          <p>{t("exam.stillMarked", { count: marked.length })}</p>
          {links(marked)}
        </>
      ) : null}
      {state.unsentFiles > 0 ? <p className="exam-warning">{t("exam.handInFiles", { count: state.unsentFiles })}</p> : null}
      <p className="text-muted">{t("exam.handInFinal")}</p>
      {state.isHandingIn ? <p role="status">{t(state.awaySince === null ? "exam.handingIn" : "exam.handInWaits")}</p> : null}
      <div className="hand-in-buttons">
        <Button kind="primary" disabled={state.isHandingIn} onClick={() => void session.handIn()}>
          {t("exam.handInNow")}
        </Button>
        <Button onClick={onClose}>{t("exam.goOn")}</Button>
      </div>
    </Dialog>
  );
}
