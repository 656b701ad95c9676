/** Shows one answer to a marker, without a name. */
import type { ExamMarking } from "@lectern/client";
import { uploadsOf } from "../../../exam/files/named-uploads.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { MarkedFiles } from "./marked-files.tsx";

type Answer = Pick<ExamMarking["items"][number], "attemptId" | "value" | "files">;

export function AnswerView({ examinationId, answer }: { readonly examinationId: string; readonly answer: Answer }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the keys that scroll
    <section className="mark-answer" aria-label={t("exams.answerToMark")} tabIndex={0} dir="auto">
      {uploadsOf(answer.value).length > 0 ? (
        <MarkedFiles examinationId={examinationId} answer={answer} />
      ) : (
        typedText(answer.value) || <span className="text-muted">{t("exams.emptyAnswer")}</span>
      )}
    </section>
  );
}

/** People mark what was typed. */
function typedText(value: Answer["value"]): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "typed" in value && typeof value.typed === "string") return value.typed;
  return "";
}
