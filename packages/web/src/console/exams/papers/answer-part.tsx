/** Defines what the editors of answers are given, and shows what several of them have. */
import type { Question, Solution } from "@lectern/exam";
import { Checkbox } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";

export type Answered<Kind extends Solution["kind"]> = {
  readonly question: Extract<Question, { kind: Kind }>;
  readonly solution: Extract<Solution, { kind: Kind }>;
};
export type AnswerPartProps<Kind extends Solution["kind"]> = Answered<Kind> & {
  readonly onChange: (changed: Answered<Kind>) => void;
};

/** One in a line; empty lines at the end stay while somebody types. */
export function lines(text: string): readonly string[] {
  return text === "" ? [] : text.split("\n");
}

type CaseBoxProps = { readonly isCaseSensitive: boolean; readonly onChange: (isCaseSensitive: boolean) => void };

export function CaseBox({ isCaseSensitive, onChange }: CaseBoxProps) {
  const { t } = useTranslation();
  return (
    <Checkbox label={t("exams.caseSensitive")} checked={isCaseSensitive} onChange={(event) => onChange(event.target.checked)} />
  );
}
