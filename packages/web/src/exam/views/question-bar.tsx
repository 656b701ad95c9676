/** Shows a button for each question: which are answered, which the candidate wants to look at again, and which is shown. */
import { useEffect, useRef } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { isAnswered } from "../paper/is-answered.ts";
import type { NumberedQuestion } from "../paper/numbered.ts";
import type { OwnAnswer } from "../session/journal.ts";

type QuestionBarProps = {
  readonly questions: readonly NumberedQuestion[];
  readonly at: number;
  readonly answerOf: (question: string) => OwnAnswer;
  readonly onGo: (at: number) => void;
};

export function QuestionBar({ questions, at, answerOf, onGo }: QuestionBarProps) {
  const { t } = useTranslation();
  const row = useRef<HTMLElement>(null);
  // On a phone the row is longer than the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each question has another button
  useEffect(() => {
    const [nav, button] = [row.current, row.current?.querySelector<HTMLElement>("[aria-current]")];
    if (nav && button) nav.scrollLeft = button.offsetLeft - nav.offsetLeft - nav.clientWidth / 2 + button.clientWidth / 2;
  }, [at]);
  const answered = questions.filter(({ question }) => isAnswered(answerOf(question.id).value)).length;
  return (
    <nav className="question-bar" aria-label={t("exam.questions", { answered, of: questions.length })} ref={row}>
      <p className="question-count">{t("exam.questions", { answered, of: questions.length })}</p>
      {questions.map(({ number, question }, place) => {
        const { value, isMarked } = answerOf(question.id);
        const hasAnswer = isAnswered(value);
        const words = [
          t("paper.question", { number }),
          t(hasAnswer ? "exam.answered" : "exam.unanswered"),
          ...(isMarked ? [t("exam.marked")] : []),
        ];
        return (
          <button
            key={question.id}
            type="button"
            className={`bar-question${hasAnswer ? " answered" : ""}${isMarked ? " marked" : ""}`}
            aria-label={words.join(", ")}
            aria-current={place === at ? "step" : undefined}
            onClick={() => onGo(place)}
          >
            {number}
          </button>
        );
      })}
    </nav>
  );
}
