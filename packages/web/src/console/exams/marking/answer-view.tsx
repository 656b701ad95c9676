/** Shows one answer to a marker, without a name. */
import type { ExamMarking } from "@lectern/client";
import { useTranslation } from "../../../texts/use-translation.ts";

type AnswerValue = ExamMarking["items"][number]["value"];

export function AnswerView({ value }: { readonly value: AnswerValue }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the keys that scroll
    <section className="mark-answer" aria-label={t("exams.answerToMark")} tabIndex={0} dir="auto">
      {typedText(value) || <span className="text-muted">{t("exams.emptyAnswer")}</span>}
    </section>
  );
}

/** People mark what was typed. */
function typedText(value: AnswerValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "typed" in value && typeof value.typed === "string") return value.typed;
  return "";
}
