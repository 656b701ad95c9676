/** Quizzes: makes one on the spot, shows how the class answers, closes it and reveals the answer. */
import { formatDuration } from "@lectern/player/format-duration";
import { type Body, numberOf, type Quiz, quizzesOf, type Results, resultsOf } from "@lectern/room";
import { useQuery } from "@tanstack/react-query";
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { lessonId } from "../lesson/lesson-api.ts";
import { answerBars } from "./answer-bars.ts";
import { QuestionBank } from "./question-bank.tsx";
import { QuizForm } from "./quiz-form.tsx";
import { QuizResults, SaveQuizzesButton } from "./quiz-results.tsx";
import { useTeacherRoom } from "./teacher-room.ts";

/** More than a lesson has. */
const MAX_PAST = 100;

export function QuizPanel() {
  const { t } = useTranslation();
  const { room, isOver, act } = useTeacherRoom();
  const start = (quiz: Body) => act("quiz", quiz);
  const past = usePastQuizzes(isOver);
  const quizzes = isOver ? past : quizzesOf(room.held("quiz"));
  const [running, held] = [quizzes.filter(isOpen), quizzes.filter((quiz) => !isOpen(quiz))];
  return (
    <div className="panel-scroll">
      {running.map((quiz) => (
        <QuizCard key={quiz.ref} quiz={quiz} />
      ))}
      {isOver ? null : (
        <>
          <QuizForm onStart={start} />
          <QuestionBank onStart={start} />
        </>
      )}
      {quizzes.length === 0 ? <p className="text-muted">{t(isOver ? "room.noQuizHeld" : "room.noQuiz")}</p> : null}
      {held.map((quiz) => (
        <QuizCard key={quiz.ref} quiz={quiz} />
      ))}
      {quizzes.length > 0 ? <SaveQuizzesButton /> : null}
    </div>
  );
}

function isOpen({ state }: Quiz): boolean {
  return state === "open";
}

/** Those of a lesson that is over, the newest first. */
function usePastQuizzes(isOver: boolean): readonly Quiz[] {
  const list = useQuery({
    queryKey: ["quizzes"],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/quizzes", { params: { path: { lessonId }, query: { limit: MAX_PAST } } })),
    enabled: isOver,
  });
  return (list.data?.items ?? [])
    .map(
      ({ id: ref, anonymous: isAnonymous, ...quiz }): Quiz => ({
        ...quiz,
        ref,
        isAnonymous,
        seq: 0,
        closesAt: null,
        state: quiz.state === "open" ? "closed" : quiz.state,
      }),
    )
    .toReversed();
}

/** Also where a ready-made poll is opened. */
export function QuizCard({ quiz }: { quiz: Quiz }) {
  const { t } = useTranslation();
  const { room, isOver } = useTeacherRoom();
  const { ref, state } = quiz;
  const tally = resultsOf(room.signal("tally", ref)) ?? quiz.results;
  const question = quiz.text || t("room.spokenQuestion");
  return (
    <article className={`quiz-card ${state}`} aria-label={question}>
      <header className="row">
        <strong className="grow">{question}</strong>
        <QuizState quiz={quiz} />
      </header>
      <Answered tally={tally} />
      <Bars quiz={quiz} tally={tally} />
      {quiz.explanation && state === "revealed" ? <p className="text-muted">{quiz.explanation}</p> : null}
      {isOver ? null : <QuizActions quiz={quiz} />}
      {state === "open" ? null : <QuizResults quiz={quiz} />}
    </article>
  );
}

function QuizActions({ quiz: { ref, state, text } }: { quiz: Quiz }) {
  const { t } = useTranslation();
  const { act, setNotice } = useTeacherRoom();
  const change = (action: "close" | "reveal" | "remove") => act("quiz", { action, ref });
  const remove = async (): Promise<void> => {
    if (await change("remove")) setNotice({ text: t("room.quizRemoved"), isFailure: false, undo: null });
  };
  return (
    <div className="chips">
      {state === "open" ? (
        <button type="button" className="button small primary" onClick={() => void change("close")}>
          {t("room.closeQuiz")}
        </button>
      ) : null}
      {state === "revealed" ? null : (
        <button
          type="button"
          className={`button small ${state === "closed" ? "primary" : ""}`}
          onClick={() => void change("reveal")}
        >
          {t("room.reveal")}
        </button>
      )}
      {state === "open" ? null : (
        <button
          type="button"
          className="button small"
          aria-label={`${t("room.removeQuiz")}: ${text || t("room.spokenQuestion")}`}
          onClick={() => void remove()}
        >
          {t("room.removeQuiz")}
        </button>
      )}
    </div>
  );
}

function QuizState({ quiz: { state, closesAt, isAnonymous } }: { quiz: Quiz }) {
  const { t } = useTranslation();
  const left = useSecondsUntil(closesAt, state === "open");
  const words = [t(`room.quizState.${state}`), ...(isAnonymous ? [t("room.anonymous")] : [])].join(" · ");
  return (
    <span className="quiz-state">
      {words} {state === "open" && left ? <span role="timer">{formatDuration(left)}</span> : null}
    </span>
  );
}

/** Of those who could answer: staff do not, nor do parents and inspectors, whom `staff` counts too. */
function Answered({ tally }: { tally: Results | null }) {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const answered = tally?.answered ?? 0;
  const people = room.signal("people") ?? {};
  const present = (numberOf(people, "count") ?? 0) - (numberOf(people, "staff") ?? 1);
  return (
    <p role="status" className="quiz-answered">
      {t("room.answered", { answered, present: Math.max(present, answered) })}
    </p>
  );
}

function Bars({ quiz, tally }: { quiz: Quiz; tally: Results | null }) {
  const { t } = useTranslation();
  const bars = answerBars(quiz, tally);
  const others = tally?.others ?? 0;
  const answered = Math.max(1, tally?.answered ?? 0, ...bars.map(({ count }) => count));
  return (
    <ul className="answer-bars" aria-label={t("room.answers")}>
      {bars.map(({ answer, count, isCorrect }) => {
        const words = typeof answer === "string" ? answer : t(answer ? "room.isTrue" : "room.isFalse");
        return (
          <li key={words} className={isCorrect ? "correct" : ""}>
            <span className="grow">
              {words} {isCorrect ? <small>✓ {t("room.correct")}</small> : null}
            </span>
            <strong>{count}</strong>
            <meter min={0} max={answered} value={count} aria-label={words} />
          </li>
        );
      })}
      {others > 0 ? <li className="text-muted">{t("room.otherAnswers", { count: others })}</li> : null}
    </ul>
  );
}
