/** Shows the questions that had been asked by then: those with the most votes first, answered ones last. */

import { questionsOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CHECK_ICON, UP_ICON } from "@lectern/ui/icons";
import type { Room } from "../../../room/use-room.ts";
import { useTranslation } from "../../../texts/use-translation.ts";

export function PastQuestions({ room }: { room: Room }) {
  const { t } = useTranslation();
  const questions = questionsOf(room.held("question"));
  return (
    <div className="questions">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls takes the arrow keys */}
      <section className="scroll" tabIndex={0} aria-label={t("questions")}>
        {questions.length === 0 ? <p className="empty">{t("noPastQuestions")}</p> : null}
        <ul>
          {questions.map(({ key, text, votes, isAnswered, answer, author }) => (
            <li key={key} className={isAnswered ? "question answered" : "question"}>
              <p className="past-votes">
                <Icon drawing={UP_ICON} />
                <span aria-hidden="true">{votes}</span>
                <span className="unseen">{t("vote", { count: votes })}</span>
              </p>
              <div>
                <p dir="auto">{text}</p>
                <p className="chat-note">
                  {t("askedBy", { name: author.name })}
                  {isAnswered ? (
                    <span className="badge good">
                      <Icon drawing={CHECK_ICON} />
                      {t("answered")}
                    </span>
                  ) : null}
                </p>
                {answer ? <p className="question-answer">{t("answer", { text: answer })}</p> : null}
              </div>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
