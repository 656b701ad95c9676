/** Says in a teacher's words where a paper has mistakes: which question of which section, and what. */
import { type AuthoredPaper, checkPaper, type PaperErrorCode } from "@lectern/exam";

type DraftError = {
  readonly code: PaperErrorCode;
  /** From 1; null: of the paper. */
  readonly section: number | null;
  /** From 1, in the whole paper, and its id; null: of the section. */
  readonly question: { readonly number: number; readonly id: string } | null;
};

/** Each mistake of a place once. */
export function draftErrors(paper: AuthoredPaper): readonly DraftError[] {
  const found = new Map<string, DraftError>();
  for (const { path, code } of checkPaper(paper)) {
    const [, sectionAt, questionAt] = /^sections\.(\d+)(?:\.questions\.(\d+))?/.exec(path) ?? [];
    const section = sectionAt === undefined ? null : Number(sectionAt);
    const id =
      section === null || questionAt === undefined
        ? undefined
        : paper.sections[section]?.questions[Number(questionAt)]?.question.id;
    const question =
      section === null || id === undefined ? null : { id, number: numberBefore(paper, section) + Number(questionAt) + 1 };
    const error = { code, section: section === null ? null : section + 1, question };
    found.set(`${code} ${sectionAt} ${questionAt}`, error);
  }
  return [...found.values()];
}

/** Questions of the sections before. */
export function numberBefore({ sections }: AuthoredPaper, section: number): number {
  return sections.slice(0, section).reduce((sum, { questions }) => sum + questions.length, 0);
}
