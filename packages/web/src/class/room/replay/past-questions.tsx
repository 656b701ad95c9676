/** The questions that had been asked by then: those with the most votes first, answered ones last. */
import { Icon } from "@lectern/ui";
import { CHECK_ICON, UP_ICON } from "@lectern/ui/icons";
import { useTranslation } from "react-i18next";
import type { Room } from "../../../room/use-room.ts";
import { isBody, numberOf, textOf, type WireEntry } from "../../../room/wire.ts";

export function PastQuestions({ room }: { room: Room }) {
  const { t } = useTranslation();
  const questions = room.held("question").toSorted(byImportance);
  return (
    <div className="questions">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls takes the arrow keys */}
      <section className="scroll" tabIndex={0} aria-label={t("questions")}>
        {questions.length === 0 ? <p className="empty">{t("noPastQuestions")}</p> : null}
        <ul>
          {questions.map(({ key, body }) => (
            <li key={key} className={isAnswered({ body }) ? "question answered" : "question"}>
              <p className="past-votes">
                <Icon drawing={UP_ICON} />
                <span aria-hidden="true">{votesOf({ body })}</span>
                <span className="unseen">{t("vote", { count: votesOf({ body }) })}</span>
              </p>
              <div>
                <p dir="auto">{textOf(body, "text")}</p>
                <p className="chat-note">
                  {t("askedBy", { name: isBody(body["author"]) ? (textOf(body["author"], "name") ?? "") : "" })}
                  {isAnswered({ body }) ? (
                    <span className="badge good">
                      <Icon drawing={CHECK_ICON} />
                      {t("answered")}
                    </span>
                  ) : null}
                </p>
                {textOf(body, "answer") ? <p className="question-answer">{t("answer", { text: textOf(body, "answer") })}</p> : null}
              </div>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

type OfBody = Pick<WireEntry, "body">;
const isAnswered = ({ body }: OfBody): boolean => body["state"] === "answered";
const votesOf = ({ body }: OfBody): number => numberOf(body, "votes") ?? 0;

function byImportance(one: WireEntry, other: WireEntry): number {
  const rank = (entry: WireEntry) => (isAnswered(entry) ? -1 : votesOf(entry));
  return rank(other) - rank(one) || one.at - other.at;
}
