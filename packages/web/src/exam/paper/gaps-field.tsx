/** Shows a text with fields in its gaps. */
import { LIMITS } from "@lectern/exam";
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFieldProps } from "../attempt/answer-field.ts";
import { choicesOf, withChoice } from "./choices-by-key.ts";
import { gapParts } from "./gap-parts.ts";
import { RichText } from "./rich-text.tsx";

export function GapsField({ question, value, onChange, isDisabled }: AnswerFieldProps<"gaps">) {
  const { t } = useTranslation();
  const typed = choicesOf(value);
  return (
    <p className="gaps" dir="auto">
      {gapParts(question).map((part, at) =>
        part.kind === "words" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
          <RichText key={at} text={part.text} />
        ) : (
          <span key={part.gap.id} className="gap">
            <input
              aria-label={
                part.gap.unit
                  ? t("paper.gapWithUnit", { number: part.number, unit: part.gap.unit })
                  : t("paper.gap", { number: part.number })
              }
              dir="auto"
              inputMode={part.gap.form === "number" ? "decimal" : "text"}
              maxLength={LIMITS.typedLetters}
              size={Math.min(28, Math.max(part.gap.form === "number" ? 6 : 12, (typed[part.gap.id] ?? "").length + 1))}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              disabled={isDisabled}
              value={typed[part.gap.id] ?? ""}
              onChange={({ target }) => onChange(withChoice(typed, part.gap.id, target.value), true)}
            />
            {part.gap.unit ? <span className="gap-unit">{part.gap.unit}</span> : null}
          </span>
        ),
      )}
    </p>
  );
}
