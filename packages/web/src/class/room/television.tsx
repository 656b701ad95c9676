/** Shows the side of a class on a television: the running quiz, and the last lines of the chat. People take part by phone. */

import { chatLinesOf, quizzesOf } from "@lectern/room";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { QuizResults } from "./quiz/quiz-results.tsx";

const LINES = 3;

export function Television({ room }: { room: Room }) {
  const { t } = useTranslation();
  const quiz = quizzesOf(room.held("quiz")).at(0);
  const lines = chatLinesOf(room.held("chat"))
    .filter(({ text, to }) => to === "all" && text !== null)
    .slice(-LINES);
  return (
    <div className="television-side">
      {quiz ? (
        <section className="television-quiz" aria-label={t("quiz")}>
          <h2 dir="auto">{quiz.text || t("spokenQuestion")}</h2>
          {quiz.state === "revealed" ? (
            <QuizResults quiz={quiz} own={null} />
          ) : (
            <p>{quiz.state === "open" ? t("byPhone") : t("quizClosed")}</p>
          )}
        </section>
      ) : null}
      <section className="television-lines" aria-label={t("chat")}>
        {lines.map(({ key, author, text }) => (
          <p key={key} dir="auto">
            <strong>
              <bdi>{author.name}</bdi>
            </strong>{" "}
            {text}
          </p>
        ))}
      </section>
    </div>
  );
}
