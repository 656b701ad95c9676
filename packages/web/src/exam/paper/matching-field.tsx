/** Shows what is matched: each of the left with a list of the right, which keys and screen readers know. */
import { useId } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFieldProps } from "../attempt/answer-field.ts";
import { choicesOf, withChoice } from "./choices-by-key.ts";
import { letterOf } from "./letters.ts";
import { RichText } from "./rich-text.tsx";

/** A list of the browser shows no formulas; then the right sides stand below with letters, and the list has their letters. */
const FORMULA = /\$/;

export function MatchingField({ question, value, onChange, isDisabled, labelId }: AnswerFieldProps<"matching">) {
  const { t } = useTranslation();
  const chosen = choicesOf(value);
  const id = useId();
  const hasFormulas = question.right.some(({ text }) => FORMULA.test(text));
  return (
    <fieldset className="matching" aria-labelledby={labelId} disabled={isDisabled}>
      {question.left.map((left) => (
        <div key={left.id} className="match">
          <label htmlFor={`${id}-${left.id}`}>
            <RichText text={left.text} />
          </label>
          <select
            id={`${id}-${left.id}`}
            dir="auto"
            value={chosen[left.id] ?? ""}
            onChange={({ target }) => onChange(withChoice(chosen, left.id, target.value))}
          >
            <option value="">{t("paper.choose")}</option>
            {question.right.map((right, at) => (
              <option key={right.id} value={right.id}>
                {hasFormulas ? letterOf(at) : right.text}
              </option>
            ))}
          </select>
        </div>
      ))}
      {hasFormulas ? (
        <ol className="match-choices" type="A">
          {question.right.map((right) => (
            <li key={right.id}>
              <RichText text={right.text} />
            </li>
          ))}
        </ol>
      ) : null}
    </fieldset>
  );
}
