/** Shows fields for what is typed: a short text, and an essay with the count of its letters. */
import { LIMITS } from "@lectern/exam";
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFieldProps } from "../attempt/answer-field.ts";

/** So near to the end of an essay's room, the count is said aloud. */
const NEARLY_FULL = 0.95;

export function ShortTextField({ value, onChange, isDisabled, labelId }: AnswerFieldProps<"text">) {
  const { t } = useTranslation();
  return (
    <div className="field">
      <input
        dir="auto"
        aria-labelledby={labelId}
        placeholder={t("paper.yourAnswer")}
        maxLength={LIMITS.typedLetters}
        autoComplete="off"
        disabled={isDisabled}
        value={typeof value === "string" ? value : ""}
        onChange={({ target }) => onChange(target.value === "" ? null : target.value, true)}
      />
    </div>
  );
}

export function EssayField({ question, value, onChange, isDisabled, labelId }: AnswerFieldProps<"essay">) {
  const { t, i18n } = useTranslation();
  const typed = typeof value === "object" && value !== null && "typed" in value ? value.typed : "";
  const text = typeof typed === "string" ? typed : "";
  const most = question.maxLetters ?? LIMITS.essayLetters;
  const count = (letters: number) => letters.toLocaleString(i18n.language);
  return (
    <div className="field essay">
      <textarea
        dir="auto"
        rows={12}
        aria-labelledby={labelId}
        aria-describedby={`${labelId}-letters`}
        placeholder={t("paper.yourAnswer")}
        maxLength={most}
        disabled={isDisabled}
        value={text}
        onChange={({ target }) => onChange(target.value === "" ? null : { typed: target.value }, true)}
      />
      <small id={`${labelId}-letters`} className="text-muted" role={text.length >= most * NEARLY_FULL ? "status" : undefined}>
        {t("paper.letters", { used: count(text.length), most: count(most) })}
      </small>
    </div>
  );
}
