/** Makes a quiz: choose a type, change what is filled in, start. Enter in an option adds the next one. */

import {
  type Body,
  MAX_ANSWER_LETTERS,
  MAX_EXPLANATION,
  MAX_OPTIONS,
  MAX_QUIZ_TEXT,
  QUIZ_TYPES,
  type QuizType,
} from "@lectern/room";
import { Button } from "@lectern/ui";
import { CLOSE_ICON } from "@lectern/ui/icons";
import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "../../texts/use-translation.ts";

/** Seconds until a quiz closes by itself. */
const TIME_LIMITS = [0, 30, 60, 120, 300] as const;
const MIN_OPTIONS = 2;
/** An option that has no text is called by its letter. */
const LETTERS = "ABCDEFGHIJKLMNOPQRST";

type Option = { readonly id: number; readonly text: string; readonly isCorrect: boolean };
const FIRST_OPTIONS: readonly Option[] = [0, 1, 2, 3].map((id) => ({ id, text: "", isCorrect: false }));

/** @param onStart false: it was refused, and the form stays */
export function QuizForm({ onStart }: { onStart: (quiz: Body) => Promise<boolean> }) {
  const { t } = useTranslation();
  const [type, setType] = useState<QuizType | null>(null);
  return (
    <section className="quiz-form" aria-label={t("room.newQuiz")}>
      <h3>{t("room.newQuiz")}</h3>
      <fieldset className="chips">
        <legend className="only-spoken">{t("room.quizType")}</legend>
        {QUIZ_TYPES.map((known) => (
          <button
            key={known}
            type="button"
            className="button small"
            aria-pressed={known === type}
            onClick={() => setType(known === type ? null : known)}
          >
            {t(`room.quizTypes.${known}`)}
          </button>
        ))}
      </fieldset>
      {type ? (
        <QuizFields
          type={type}
          onStart={async (quiz) => {
            if (await onStart(quiz)) setType(null);
          }}
        />
      ) : null}
    </section>
  );
}

function QuizFields({ type, onStart }: { type: QuizType; onStart: (quiz: Body) => Promise<void> }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [options, setOptions] = useState(FIRST_OPTIONS);
  const [correct, setCorrect] = useState("");
  const [seconds, setSeconds] = useState(0);
  const [isAnonymous, setAnonymous] = useState(false);
  const [explanation, setExplanation] = useState("");
  const [isBusy, setBusy] = useState(false);
  const hasOptions = type === "single" || type === "multiple";
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const used = usedOptions(options);
    const answer = hasOptions ? correctOptions(used) : correctValue(type, correct);
    await onStart({
      action: "open",
      type,
      ...(text.trim() ? { text: text.trim() } : {}),
      ...(hasOptions ? { options: used.map(({ text: own }) => own) } : {}),
      ...(answer === null ? {} : { correct: answer }),
      ...(seconds > 0 ? { seconds } : {}),
      ...(isAnonymous ? { anonymous: true } : {}),
      ...(explanation.trim() ? { explanation: explanation.trim() } : {}),
    });
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label className="stacked">
        {t("room.quizText")}
        <textarea
          rows={2}
          maxLength={MAX_QUIZ_TEXT}
          value={text}
          placeholder={t("room.spokenQuestion")}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {hasOptions ? <OptionFields {...{ type, options, setOptions }} /> : <CorrectField {...{ type, correct, setCorrect }} />}
      <div className="row start">
        <label className="choice">
          {t("room.timeLimit")}
          <select value={seconds} onChange={(event) => setSeconds(Number(event.target.value))}>
            {TIME_LIMITS.map((limit) => (
              <option key={limit} value={limit}>
                {limit === 0 ? t("room.noLimit") : t("room.seconds", { count: limit })}
              </option>
            ))}
          </select>
        </label>
        <label className="switch">
          <input type="checkbox" checked={isAnonymous} onChange={(event) => setAnonymous(event.target.checked)} />
          {t("room.anonymous")}
        </label>
      </div>
      <details>
        <summary>{t("room.addExplanation")}</summary>
        <textarea
          rows={2}
          maxLength={MAX_EXPLANATION}
          aria-label={t("room.explanation")}
          value={explanation}
          onChange={(event) => setExplanation(event.target.value)}
        />
      </details>
      <button type="submit" className="button primary" disabled={isBusy}>
        {t("room.startQuiz")}
      </button>
    </form>
  );
}

type OptionFieldsProps = {
  readonly type: QuizType;
  readonly options: readonly Option[];
  readonly setOptions: (options: readonly Option[]) => void;
};

function OptionFields({ type, options, setOptions }: OptionFieldsProps) {
  const { t } = useTranslation();
  const group = useId();
  const list = useRef<HTMLFieldSetElement>(null);
  const add = (): void => {
    if (options.length >= MAX_OPTIONS) return;
    setOptions([...options, { id: Math.max(...options.map(({ id }) => id)) + 1, text: "", isCorrect: false }]);
  };
  const change = (id: number, changes: Partial<Option>): void =>
    setOptions(
      options.map((option) =>
        option.id === id
          ? { ...option, ...changes }
          : // Only one answer of a single choice is correct.
            { ...option, isCorrect: option.isCorrect && !(type === "single" && changes.isCorrect) },
      ),
    );
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    // What is typed next belongs to the next field.
    if (index === options.length - 1) flushSync(add);
    list.current?.querySelectorAll<HTMLInputElement>("input.option-text")[index + 1]?.focus();
  };
  return (
    <fieldset ref={list} className="quiz-options">
      <legend>{t("room.optionsHint")}</legend>
      {options.map(({ id, text, isCorrect }, index) => {
        const letter = LETTERS[index] ?? "";
        return (
          <div key={id} className="quiz-option">
            <label className="correct-mark">
              <input
                type={type === "single" ? "radio" : "checkbox"}
                name={group}
                aria-label={`${t("room.correct")}: ${letter}`}
                checked={isCorrect}
                onChange={(event) => change(id, { isCorrect: event.target.checked })}
              />
            </label>
            <input
              className="option-text"
              aria-label={`${t("room.option")} ${letter}`}
              placeholder={letter}
              maxLength={MAX_ANSWER_LETTERS}
              value={text}
              onChange={(event) => change(id, { text: event.target.value })}
              onKeyDown={(event) => onKeyDown(event, index)}
            />
            {options.length > MIN_OPTIONS ? (
              <Button
                kind="quiet"
                icon={CLOSE_ICON}
                aria-label={`${t("room.removeOption")}: ${letter}`}
                onClick={() => setOptions(options.filter((option) => option.id !== id))}
              />
            ) : null}
          </div>
        );
      })}
      <button type="button" className="button small" disabled={options.length >= MAX_OPTIONS} onClick={add}>
        {t("room.addOption")}
      </button>
    </fieldset>
  );
}

type CorrectFieldProps = {
  readonly type: QuizType;
  readonly correct: string;
  readonly setCorrect: (correct: string) => void;
};

function CorrectField({ type, correct, setCorrect }: CorrectFieldProps) {
  const { t } = useTranslation();
  if (type !== "boolean")
    return (
      <label className="stacked">
        {t("room.correctAnswer")}
        <input
          value={correct}
          maxLength={MAX_ANSWER_LETTERS}
          inputMode={type === "number" ? "decimal" : "text"}
          {...(type === "number" ? { pattern: "-?[0-9]+([.,][0-9]+)?" } : {})}
          onChange={(event) => setCorrect(event.target.value)}
        />
      </label>
    );
  return (
    <label className="choice">
      {t("room.correctAnswer")}
      <select value={correct} onChange={(event) => setCorrect(event.target.value)}>
        <option value="">{t("room.noCorrect")}</option>
        <option value="true">{t("room.isTrue")}</option>
        <option value="false">{t("room.isFalse")}</option>
      </select>
    </label>
  );
}

/** Those with a text, where that is enough; else all, each without a text called by its letter. */
function usedOptions(options: readonly Option[]): readonly Option[] {
  const named = options.map((option, index) => ({ ...option, text: option.text.trim() || (LETTERS[index] ?? "") }));
  const filled = named.filter((_, index) => options[index]?.text.trim() !== "" || options[index]?.isCorrect);
  return filled.length >= MIN_OPTIONS ? filled : named;
}

function correctOptions(options: readonly Option[]): readonly number[] | null {
  const correct = options.flatMap(({ isCorrect }, index) => (isCorrect ? [index] : []));
  return correct.length === 0 ? null : correct;
}

function correctValue(type: QuizType, text: string): boolean | number | string | null {
  const value = text.trim();
  if (value === "") return null;
  if (type === "boolean") return value === "true";
  return type === "number" ? Number(value.replace(",", ".")) : value;
}
