/** Shows the answers of a question in the list of the bank: its options, and what is correct. */
import type { QuizBankItem } from "@lectern/client";
import { useTranslation } from "../../texts/use-translation.ts";
import { correctTexts, isOptionIndexes } from "./question-values.ts";

export function Answers({ item: { options, correct } }: { readonly item: QuizBankItem }) {
  const { t } = useTranslation();
  if (options.length > 0) {
    const places = isOptionIndexes(correct) ? correct : [];
    return (
      <ol className="bank-answers">
        {options.map((option, place) => (
          <li key={option}>{places.includes(place) ? <Correct text={option} /> : option}</li>
        ))}
      </ol>
    );
  }
  const texts = correctTexts(correct, (isTrue) => t(isTrue ? "questionBank.true" : "questionBank.false"));
  if (texts.length === 0) return <span className="text-muted">{t("questionBank.poll")}</span>;
  return (
    <ul className="bank-answers">
      {texts.map((text) => (
        <li key={text}>
          <Correct text={text} />
        </li>
      ))}
    </ul>
  );
}

function Correct({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  return (
    <strong>
      {text}
      <span role="img" aria-label={t("questionBank.isRight")} className="bank-correct">
        ✓
      </span>
    </strong>
  );
}
