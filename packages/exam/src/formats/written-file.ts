/** Collects what a format cannot say of a paper while the paper is written. */
import type { AuthoredPaper } from "../paper.ts";
import type { AuthoredQuestion } from "../question.ts";
import type { LeftOutCode } from "./question-file.ts";

export type NotWritten = {
  /** The id of the question, or of the passage. */
  readonly id: string;
  readonly code: LeftOutCode;
};
export type WrittenFile = {
  readonly content: string | Uint8Array;
  readonly contentType: string;
  /** Of a file's name, without the dot. */
  readonly extension: string;
  readonly leftOut: readonly NotWritten[];
};
export type LeaveOut = (code: LeftOutCode) => void;

/** Writes each question of a paper; null: the format has no such question. */
export function writeEach(
  { sections }: AuthoredPaper,
  write: (authored: AuthoredQuestion, leaveOut: LeaveOut) => string | null,
): { readonly written: readonly { readonly id: string; readonly text: string }[]; readonly leftOut: readonly NotWritten[] } {
  const leftOut: NotWritten[] = sections.flatMap(({ passages }) => passages.map(({ id }): NotWritten => ({ id, code: "passage" })));
  const written = sections
    .flatMap(({ questions }) => questions)
    .flatMap((authored) => {
      const { id } = authored.question;
      const found = new Set<LeftOutCode>();
      const text = write(authored, (code) => found.add(code));
      for (const code of text === null ? (["question"] as const) : found) leftOut.push({ id, code });
      return text === null ? [] : [{ id, text }];
    });
  return { written, leftOut };
}

/** What no format here has a place for. */
export function leaveOutCommon({ question }: AuthoredQuestion, leaveOut: LeaveOut): void {
  if (question.difficulty !== undefined) leaveOut("difficulty");
  if (question.passage !== undefined) leaveOut("passage");
  if ((question.media ?? []).length > 0) leaveOut("file");
}
