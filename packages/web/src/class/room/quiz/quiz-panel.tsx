/** Shows the quizzes of the lesson, the newest first. */

import { type Choice, type Quiz, quizzesOf } from "@lectern/room";
import { isStudent } from "../../../room/roles.ts";
import type { Room } from "../../../room/use-room.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { ScrollArea } from "../../parts/scroll-area.tsx";
import { useSend } from "../../parts/use-send.ts";
import type { OwnAnswers } from "./own-answers.ts";
import { QuizCard } from "./quiz-card.tsx";

export function QuizPanel({ room, answers }: { room: Room; answers: OwnAnswers }) {
  const { t } = useTranslation();
  const quizzes = quizzesOf(room.held("quiz"));
  return (
    <ScrollArea className="scroll quizzes" label={t("quiz")}>
      {quizzes.length === 0 ? <p className="empty">{t("noQuiz")}</p> : null}
      {quizzes.map((quiz) => (
        <AnsweredQuiz key={quiz.ref} {...{ room, quiz, answers }} />
      ))}
    </ScrollArea>
  );
}

export function AnsweredQuiz({ room, quiz, answers }: { room: Room; quiz: Quiz; answers: OwnAnswers }) {
  const { send, failure } = useSend(room);
  const answer = async (choice: Choice): Promise<boolean> => {
    const done = await send("answer", { quiz: quiz.ref, choice });
    if (done) answers.keep(quiz.ref, choice);
    return done !== null;
  };
  return <QuizCard quiz={quiz} own={answers.of(quiz.ref)} onAnswer={isStudent(room) ? answer : null} failure={failure} />;
}
