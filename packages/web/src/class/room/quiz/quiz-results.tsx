/** Shows the results of a quiz: a bar for each answer, the right one and one's own marked. */

import { type Choice, choiceOf, isRightAnswer, type Quiz } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CHECK_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../../texts/use-translation.ts";
import { answerText } from "./answer-text.ts";

export function QuizResults({ quiz, own }: { quiz: Quiz; own: Choice | null }) {
  const { t, i18n } = useTranslation();
  const { results, explanation } = quiz;
  if (!results) return null;
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  const labelOf = (choice: unknown): string => answerText(quiz, choiceOf(choice) ?? "", t);
  const isOwn = (choice: unknown) => (Array.isArray(own) ? own.includes(choice) : own === choice);
  return (
    <div className="quiz-results">
      <ul>
        {results.counts.map(({ choice, count }) => {
          const share = results.answered === 0 ? 0 : count / results.answered;
          const right = isRightAnswer(quiz, choice) === true;
          return (
            <li key={String(choice)} className={right ? "result right" : "result"}>
              <p>
                <span dir="auto">{labelOf(choice)}</span>
                {right ? (
                  <span className="badge good">
                    <Icon drawing={CHECK_ICON} /> {t("right")}
                  </span>
                ) : null}
                {isOwn(choice) ? <span className="badge">{t("yourAnswer")}</span> : null}
                <span className="result-share">{percent.format(share)}</span>
              </p>
              <div className="bar-track" aria-hidden="true">
                <div className="bar-fill" style={{ width: `${share * 100}%` }} />
              </div>
            </li>
          );
        })}
      </ul>
      <p className="chat-note">{t("responses", { count: results.answered })}</p>
      {explanation ? <p className="question-answer">{explanation}</p> : null}
    </div>
  );
}
