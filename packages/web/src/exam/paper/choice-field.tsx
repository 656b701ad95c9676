/** Shows options: one of them can be chosen, or several, or true and false. Arrow keys move between them as the browser has it. */
import type { AnswerValue } from "@lectern/exam";
import { useId } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFieldProps } from "../attempt/answer-field.ts";
import { RichText } from "./rich-text.tsx";

type Choice = { readonly id: string; readonly text: string; readonly answer: AnswerValue; readonly isChosen: boolean };

export function ChoiceField({
  question,
  value,
  onChange,
  isDisabled,
  labelId,
}: AnswerFieldProps<"single" | "multiple" | "boolean">) {
  const { t } = useTranslation();
  const name = useId();
  const chosen: readonly string[] = Array.isArray(value) ? value : [];
  const isSeveral = question.kind === "multiple";
  const choices: readonly Choice[] =
    question.kind === "boolean"
      ? [true, false].map((is) => ({
          id: String(is),
          text: t(is ? "paper.true" : "paper.false"),
          answer: is,
          isChosen: value === is,
        }))
      : question.options.map(({ id, text }) =>
          isSeveral
            ? { id, text, answer: toggled(chosen, id), isChosen: chosen.includes(id) }
            : { id, text, answer: id, isChosen: value === id },
        );
  const hasAnswer = choices.some(({ isChosen }) => isChosen);
  return (
    <fieldset className="choices" aria-labelledby={labelId} disabled={isDisabled}>
      {isSeveral ? <p className="text-muted">{t("paper.chooseSeveral")}</p> : null}
      {choices.map(({ id, text, answer, isChosen }) => (
        <label key={id} className="choice">
          <input type={isSeveral ? "checkbox" : "radio"} name={name} checked={isChosen} onChange={() => onChange(answer)} />
          <RichText text={text} />
        </label>
      ))}
      {hasAnswer && !isSeveral ? (
        <button type="button" className="button quiet small take-back" onClick={() => onChange(null)}>
          {t("paper.takeBack")}
        </button>
      ) : null}
    </fieldset>
  );
}

/** Null: none is left. */
function toggled(chosen: readonly string[], id: string): readonly string[] | null {
  const next = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
  return next.length > 0 ? next : null;
}
