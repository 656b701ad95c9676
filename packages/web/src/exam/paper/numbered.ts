/** Numbers the questions of a sheet through all its sections, each with what stands beside it. */
import type { Passage, Question, Sheet, SheetSection } from "@lectern/exam";

export type NumberedQuestion = {
  readonly number: number;
  readonly question: Question;
  readonly section: SheetSection;
  readonly passage: Passage | null;
};

export function numbered({ sections }: Pick<Sheet, "sections">): readonly NumberedQuestion[] {
  return sections
    .flatMap((section) => section.questions.map((question) => ({ section, question })))
    .map(({ section, question }, at) => ({
      number: at + 1,
      question,
      section,
      passage: section.passages.find(({ id }) => id === question.passage) ?? null,
    }));
}
