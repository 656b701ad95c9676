/** Shows what is right in a question that was answered wrong, and what teachers say about it. */
import type { WrongAnswer } from "@lectern/client";
import { solutionLines } from "../../exam/paper/answer-text.ts";
import { TitledLines } from "../../exam/paper/titled-lines.tsx";
import { useTranslation } from "../../texts/use-translation.ts";

export function WrongAnswerSolution({ mistake }: { readonly mistake: WrongAnswer }) {
  const { t } = useTranslation();
  const { question, solution, explanation, comment } = mistake;
  const right = solutionLines(question, solution, { yes: t("paper.true"), no: t("paper.false") });
  return (
    <>
      <TitledLines title={t("mistakes.right")} lines={right} none={t("mistakes.byTeacher")} />
      {explanation ? <TitledLines title={t("mistakes.explanation")} lines={[explanation]} /> : null}
      {comment ? <TitledLines title={t("mistakes.comment")} lines={[comment]} /> : null}
    </>
  );
}
