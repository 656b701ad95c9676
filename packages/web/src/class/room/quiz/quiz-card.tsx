/** One quiz: the question, a way to answer that fits its type, and the results once they are revealed. */
import { formatDuration } from "@lectern/player/format-duration";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSecondsUntil } from "../../../schedule/use-now.ts";
import { Icon } from "../../parts/icons.tsx";
import type { Choice, Quiz } from "./quiz.ts";
import "./quiz.css";
import { QuizResults } from "./quiz-results.tsx";

const MAX_TEXT = 200;

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
        <h2 dir="auto">{quiz.text}</h2>
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

function AnswerForm({ quiz, own, onAnswer }: Omit<QuizCardProps, "failure">) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [isSending, setIsSending] = useState(false);
  const choice = chosen ?? own;
  const isSent = own !== null && (chosen === null || JSON.stringify(chosen) === JSON.stringify(own));
  const isDisabled = onAnswer === null;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (choice === null || !onAnswer) return;
    setIsSending(true);
    if (await onAnswer(choice)) setChosen(null);
    setIsSending(false);
  };
  const isEmpty = choice === null || choice === "" || (Array.isArray(choice) && choice.length === 0);
  return (
    <form onSubmit={(event) => void submit(event)}>
      <AnswerFields {...{ quiz, choice, isDisabled }} onChoose={setChosen} />
      <p role="status" className={isSent ? "quiz-sent" : "chat-note"}>
        {isSent ? (
          <>
            <Icon name="check" /> {isDisabled ? t("yourAnswer") : t("answerSent")}
          </>
        ) : quiz.type === "multiple" ? (
          t("chooseSeveral")
        ) : quiz.type === "single" ? (
          t("chooseOne")
        ) : null}
      </p>
      {isDisabled || isSent ? null : (
        <button type="submit" className="button primary" disabled={isEmpty || isSending}>
          {t(isSending ? "sending" : own === null ? "sendAnswer" : "changeAnswer")}
        </button>
      )}
    </form>
  );
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
        <Options label={quiz.text}>
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
        <Options label={quiz.text}>
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
        {isChosen ? <Icon name="check" /> : null}
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
      maxLength={MAX_TEXT}
      aria-label={t(isNumber ? "numberAnswer" : "textAnswer")}
      placeholder={t(isNumber ? "numberAnswer" : "textAnswer")}
      disabled={isDisabled}
      autoComplete="off"
      onChange={(event) => change(event.target.value)}
    />
  );
}
