/** Shows what is right in a question that was answered wrong, and what teachers say about it. */
import type { WrongAnswer } from "@lectern/client";
import { solutionLines } from "../../exam/paper/answer-text.ts";
import { RichText } from "../../exam/paper/rich-text.tsx";
import { useTranslation } from "../../texts/use-translation.ts";

export function WrongAnswerSolution({ mistake }: { readonly mistake: WrongAnswer }) {
  const { t } = useTranslation();
  const { question, solution, explanation, comment } = mistake;
  const right = solutionLines(question, solution, { yes: t("paper.true"), no: t("paper.false") });
  return (
    <>
      <WrongAnswerLines title={t("mistakes.right")} lines={right} none={t("mistakes.byTeacher")} />
      {explanation ? <WrongAnswerLines title={t("mistakes.explanation")} lines={[explanation]} /> : null}
      {comment ? <WrongAnswerLines title={t("mistakes.comment")} lines={[comment]} /> : null}
    </>
  );
}

type WrongAnswerLinesProps = {
  readonly title: string;
  readonly lines: readonly string[];
  /** What is said where there are none. */
  readonly none?: string;
};

export function WrongAnswerLines({ title, lines, none }: WrongAnswerLinesProps) {
  return (
    <div className="mistake-lines">
      <span className="text-muted">{title}</span>
      {lines.length === 0 ? <span>{none}</span> : null}
      {lines.map((line) => (
        <RichText key={line} text={line} />
      ))}
    </div>
  );
}
