/** The side of a class on a television: the running quiz, and the last lines of the chat. People take part by phone. */
import { useTranslation } from "react-i18next";
import type { Room } from "../../room/use-room.ts";
import { textOf } from "../../room/wire.ts";
import { quizzesOf } from "./quiz/quiz-panel.tsx";
import { QuizResults } from "./quiz/quiz-results.tsx";

const LINES = 3;

export function Television({ room }: { room: Room }) {
  const { t } = useTranslation();
  const quiz = quizzesOf(room).at(0);
  const lines = room
    .held("chat")
    .filter(({ body, to }) => to === "all" && body["deleted"] !== true)
    .slice(-LINES);
  return (
    <div className="television-side">
      {quiz ? (
        <section className="television-quiz" aria-label={t("quiz")}>
          <h2 dir="auto">{quiz.text}</h2>
          {quiz.state === "revealed" ? (
            <QuizResults quiz={quiz} own={null} />
          ) : (
            <p>{quiz.state === "open" ? t("byPhone") : t("quizClosed")}</p>
          )}
        </section>
      ) : null}
      <section className="television-lines" aria-label={t("chat")}>
        {lines.map(({ key, name, body }) => (
          <p key={key} dir="auto">
            <strong>
              <bdi>{name}</bdi>
            </strong>{" "}
            {textOf(body, "text")}
          </p>
        ))}
      </section>
    </div>
  );
}
