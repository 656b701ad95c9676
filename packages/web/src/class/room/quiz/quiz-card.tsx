/** Shows one quiz: the question, a way to answer that fits its type, and the results once they are revealed. */

import { formatDuration } from "@lectern/player/format-duration";
import { type Choice, MAX_ANSWER_LETTERS, type Quiz } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { CHECK_ICON } from "@lectern/ui/icons";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useSecondsUntil } from "../../../schedule/use-now.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { answerText } from "./answer-text.ts";
import { ChoiceSender, type ChoiceState, isEmpty } from "./choice-sender.ts";
import "./quiz.css";
import { QuizResults } from "./quiz-results.tsx";

/** Who chooses several is given time for the next one. */
const SEVERAL_MS = 600;

type QuizCardProps = {
  readonly quiz: Quiz;
  /** What the person has answered; null: nothing yet. */
  readonly own: Choice | null;
  /** @returns whether the room took it */
  readonly onAnswer: ((choice: Choice) => Promise<boolean>) | null;
  readonly failure: string;
};

export function QuizCard({ quiz, own, onAnswer, failure }: QuizCardProps) {
  const { t } = useTranslation();
  const secondsLeft = useSecondsUntil(quiz.closesAt, quiz.state === "open");
  const isOpen = quiz.state === "open" && secondsLeft !== 0;
  return (
    <article className="quiz-card">
      <header>
        <p className="quiz-state">
          {quiz.state === "revealed" ? t("quizRevealed") : isOpen ? null : t("quizClosed")}
          {secondsLeft !== null && quiz.state === "open" ? (
            <span className="badge" role="timer">
              {secondsLeft === 0 ? t("timeUp") : t("timeLeft", { time: formatDuration(secondsLeft) })}
            </span>
          ) : null}
        </p>
        <h2 dir="auto">{quiz.text || t("spokenQuestion")}</h2>
        {quiz.isAnonymous && isOpen ? <p className="chat-note">{t("anonymous")}</p> : null}
      </header>
      {quiz.state === "revealed" ? (
        <QuizResults quiz={quiz} own={own} />
      ) : (
        <AnswerForm key={quiz.ref} {...{ quiz, own }} onAnswer={isOpen ? onAnswer : null} />
      )}
      {failure ? (
        <p className="error" role="alert">
          {failure}
        </p>
      ) : null}
    </article>
  );
}

/** What is chosen is sent at once, what is typed by the button, which also sends again what was refused. */
function AnswerForm({ quiz, own, onAnswer }: Omit<QuizCardProps, "failure">) {
  const { t } = useTranslation();
  const { chosen, isSending, choose, send } = useChoice(quiz, onAnswer);
  const isSent = own !== null && (chosen === null || JSON.stringify(chosen) === JSON.stringify(own));
  const isOpen = onAnswer !== null;
  const isWaiting = chosen !== null && !isEmpty(chosen);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={submit}>
      <AnswerFields quiz={quiz} choice={chosen ?? own} isDisabled={!isOpen} onChoose={choose} />
      <p role="status" className={isSent ? "quiz-sent" : "chat-note"}>
        {isSent ? (
          <>
            <Icon drawing={CHECK_ICON} /> {t(isOpen ? "answerSent" : "yourAnswerWas", { answer: answerText(quiz, own, t) })}
          </>
        ) : isSending ? (
          t("sending")
        ) : isTyped(quiz) ? null : (
          t(quiz.type === "multiple" ? "chooseSeveral" : "chooseOne")
        )}
      </p>
      {isOpen && !isSent && !isSending && (isWaiting || isTyped(quiz)) ? (
        <button type="submit" className="button primary" disabled={!isWaiting}>
          {t(own === null ? "sendAnswer" : "changeAnswer")}
        </button>
      ) : null}
    </form>
  );
}

const isTyped = ({ type }: Quiz): boolean => type === "number" || type === "text";

function useChoice(quiz: Quiz, onAnswer: QuizCardProps["onAnswer"]) {
  const [, setState] = useState<ChoiceState | null>(null);
  const [sender] = useState(() => {
    const one: ChoiceSender = new ChoiceSender(() => setState(one.state));
    return one;
  });
  useEffect(() => () => sender.close(), [sender]);
  const deliver = onAnswer ?? (async () => false);
  const afterMs = isTyped(quiz) ? null : quiz.type === "multiple" ? SEVERAL_MS : 0;
  return {
    ...sender.state,
    choose: (choice: Choice) => sender.choose(choice, afterMs, deliver),
    send: () => void sender.send(deliver),
  };
}

type FieldsProps = {
  readonly quiz: Quiz;
  readonly choice: Choice | null;
  readonly isDisabled: boolean;
  readonly onChoose: (choice: Choice) => void;
};

function AnswerFields({ quiz, choice, isDisabled, onChoose }: FieldsProps) {
  const { t } = useTranslation();
  const places: readonly number[] = Array.isArray(choice) ? choice : [];
  switch (quiz.type) {
    case "single":
    case "multiple": {
      const toggle = (place: number): void => {
        if (quiz.type === "single") onChoose([place]);
        else onChoose(places.includes(place) ? places.filter((one) => one !== place) : [...places, place].sort((a, b) => a - b));
      };
      return (
        <Options label={quiz.text || t("spokenQuestion")}>
          {quiz.options.map((option, place) => (
            <Option
              // biome-ignore lint/suspicious/noArrayIndexKey: an option is its place
              key={place}
              isSeveral={quiz.type === "multiple"}
              isChosen={places.includes(place)}
              isDisabled={isDisabled}
              onClick={() => toggle(place)}
            >
              {option}
            </Option>
          ))}
        </Options>
      );
    }
    case "boolean":
      return (
        <Options label={quiz.text || t("spokenQuestion")}>
          {([true, false] as const).map((value) => (
            <Option
              key={String(value)}
              isSeveral={false}
              isChosen={choice === value}
              isDisabled={isDisabled}
              onClick={() => onChoose(value)}
            >
              {t(value ? "yes" : "no")}
            </Option>
          ))}
        </Options>
      );
    default:
      return <TypedAnswer {...{ quiz, choice, isDisabled, onChoose }} />;
  }
}

/** Toggle buttons, not radio buttons: a television's OK presses them, and its arrows only move. */
function Options({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="quiz-options" aria-label={label}>
      {children}
    </fieldset>
  );
}

type OptionProps = {
  readonly isSeveral: boolean;
  readonly isChosen: boolean;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
};

function Option({ isSeveral, isChosen, isDisabled, onClick, children }: OptionProps) {
  return (
    <button type="button" className="quiz-option" aria-pressed={isChosen} disabled={isDisabled} onClick={onClick}>
      <span className={isSeveral ? "quiz-mark square" : "quiz-mark"} aria-hidden="true">
        {isChosen ? <Icon drawing={CHECK_ICON} /> : null}
      </span>
      <span dir="auto">{children}</span>
    </button>
  );
}

function TypedAnswer({ quiz, choice, isDisabled, onChoose }: FieldsProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(choice === null ? "" : String(choice));
  const isNumber = quiz.type === "number";
  const change = (text: string): void => {
    setTyped(text);
    // People write decimals with a comma, too.
    const number = Number(text.trim().replace(",", "."));
    onChoose(isNumber && text.trim() !== "" && Number.isFinite(number) ? number : isNumber ? "" : text.trim());
  };
  return (
    <input
      className="quiz-typed"
      value={typed}
      inputMode={isNumber ? "decimal" : "text"}
      maxLength={MAX_ANSWER_LETTERS}
      aria-label={t(isNumber ? "numberAnswer" : "textAnswer")}
      placeholder={t(isNumber ? "numberAnswer" : "textAnswer")}
      disabled={isDisabled}
      autoComplete="off"
      onChange={(event) => change(event.target.value)}
    />
  );
}
