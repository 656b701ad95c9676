/** Shows one question with the way to answer it: to a candidate, and to a teacher as candidates see it. */
import type { Question } from "@lectern/exam";
import { Suspense } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { AnswerFieldProps } from "../attempt/answer-field.ts";
import { PhotosField, SoundField } from "../files/file-fields.tsx";
import { ShownMediaList } from "../media/shown-media.tsx";
import { ChoiceField } from "./choice-field.tsx";
import { GapsField } from "./gaps-field.tsx";
import { MatchingField } from "./matching-field.tsx";
import { OrderingField } from "./ordering-field.tsx";
import { RichText } from "./rich-text.tsx";
import { EssayField, ShortTextField } from "./text-fields.tsx";
import "./paper.css";

type QuestionViewProps = Omit<AnswerFieldProps, "labelId" | "question"> & { readonly question: Question; readonly number: number };

export function QuestionView({ question, number, ...field }: QuestionViewProps) {
  const { t } = useTranslation();
  const labelId = `question-${question.id}`;
  return (
    <article className="question" aria-labelledby={labelId}>
      <header className="question-head">
        <h2 id={labelId}>
          <span className="question-number">{t("paper.question", { number })}</span>{" "}
          {question.kind === "gaps" ? null : <RichText text={question.text} />}
        </h2>
        <span className="question-points">{t("paper.points", { count: question.points })}</span>
      </header>
      <ShownMediaList media={question.media} />
      <AnswerField {...field} question={question} labelId={labelId} />
    </article>
  );
}

function AnswerField({ question, ...field }: AnswerFieldProps) {
  const { t } = useTranslation();
  switch (question.kind) {
    case "single":
    case "multiple":
    case "boolean":
      return <ChoiceField {...field} question={question} />;
    case "gaps":
      return <GapsField {...field} question={question} />;
    case "matching":
      return <MatchingField {...field} question={question} />;
    case "ordering":
      return <OrderingField {...field} question={question} />;
    case "text":
      return <ShortTextField {...field} question={question} />;
    case "essay":
      if (question.form === "typed") return <EssayField {...field} question={question} />;
      return (
        <Suspense fallback={<p className="text-muted">{t("paper.fieldLoading")}</p>}>
          <PhotosField {...field} question={question} />
        </Suspense>
      );
    case "speaking":
      return (
        <Suspense fallback={<p className="text-muted">{t("paper.fieldLoading")}</p>}>
          <SoundField {...field} question={question} />
        </Suspense>
      );
  }
}
