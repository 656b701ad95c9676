/** Defines what reading a file of questions gives, and collects it: questions with new ids, what is wrong with its place, and what the file has that a paper cannot say. */
import { checkQuestion } from "../check-question.ts";
import { LIMITS } from "../limits.ts";
import type { Passage } from "../paper.ts";
import type { PaperErrorCode } from "../paper-errors.ts";
import type { AuthoredQuestion, Question, Solution } from "../question.ts";

/** What makes a question, or a file, unreadable. */
export const FILE_ERRORS = [
  "not-text",
  "file-too-large",
  /** Entities of a document type could name files, or grow without bounds. */
  "document-type",
  "not-well-formed",
  "no-questions",
  "too-many-questions",
  "braces",
  "unknown-kind",
  "no-right-answer",
  /** A single choice has one right option. */
  "several-right-answers",
  "not-a-number",
  "pair-without-arrow",
  "missing-file",
  "not-word",
  /** It belongs to no part of its question. */
  "unexpected-paragraph",
  /** Capitals count in some accepted answers and not in others. */
  "mixed-answers",
] as const;
export type FileErrorCode = (typeof FILE_ERRORS)[number] | PaperErrorCode;

/** What a file has that is not read, or a paper has that is not written. The question is there without it, except where `question` says so. */
export const LEFT_OUT = [
  "question",
  "feedback",
  "weights",
  "wildcard",
  "file",
  /** Of a word processor; raised and lowered letters too. */
  "formula",
  "passage",
  "points",
  "rubric",
  "criteria",
  "knowledge",
  "difficulty",
  "anchor",
  "unit",
  "tolerance",
  "case",
  "scoring",
  "max-letters",
  /** It is written as another kind, which asks for the same. */
  "kind",
] as const;
export type LeftOutCode = (typeof LEFT_OUT)[number];

/** Where something is: the line in the file, or the paragraph of a Word document, from 1; in a ZIP file the name of the file in it; the question's number or name as the file has it. */
export type FilePlace = { readonly line: number | null; readonly file?: string; readonly item: string | null };
/** @field path from the question, as of `PaperError`; only of codes of papers */
export type FileError = FilePlace & { readonly code: FileErrorCode; readonly path?: string };
export type LeftOut = FilePlace & { readonly code: LeftOutCode };

export type QuestionFile = {
  readonly questions: readonly AuthoredQuestion[];
  readonly passages: readonly Passage[];
  /** Questions with mistakes are not among the questions. */
  readonly mistakes: readonly FileError[];
  readonly leftOut: readonly LeftOut[];
};

/** A question without id and points: most files have none. */
type Draft<Q> = Q extends Question ? Omit<Q, "id" | "points"> & { readonly points?: number } : never;
export type DraftQuestion = Draft<Question>;

export const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** Reported for one file. */
const MAX_ERRORS = 200;

export class QuestionCollector {
  readonly #questions: AuthoredQuestion[] = [];
  readonly #passages: Passage[] = [];
  readonly #mistakes: FileError[] = [];
  readonly #leftOut: LeftOut[] = [];
  #isFull = false;

  /** Whether nothing more is read: the paper is full, and that is said once. */
  get isFull(): boolean {
    return this.#isFull;
  }

  mistake(place: FilePlace, code: FileErrorCode, path?: string): void {
    if (this.#mistakes.length < MAX_ERRORS) this.#mistakes.push({ ...place, code, ...(path === undefined ? null : { path }) });
    else this.#isFull = true;
  }

  leaveOut(place: FilePlace, code: LeftOutCode): void {
    const isKnown = this.#leftOut.some((each) => each.code === code && each.line === place.line && each.item === place.item);
    if (!isKnown && this.#leftOut.length < MAX_ERRORS) this.#leftOut.push({ ...place, code });
  }

  /** @returns its id; null: the paper has no room for it */
  addPassage(title: string, text: string): string | null {
    if (this.#passages.length === LIMITS.passages) return null;
    const id = `p${this.#passages.length + 1}`;
    this.#passages.push({ id, title, text });
    return id;
  }

  /** Gives the question an id and checks it. */
  add(place: FilePlace, draft: DraftQuestion, solution: Solution, explanation = ""): void {
    if (this.#questions.length === LIMITS.questions) {
      this.mistake(place, "too-many-questions");
      this.#isFull = true;
      return;
    }
    // The check of a paper compares options with each other, so a file with a million is refused before.
    const path = tooMany(draft);
    if (path !== null) {
      this.mistake(place, "too-many", path);
      return;
    }
    const id = `q${this.#questions.length + 1}`;
    const question: Question = { ...draft, id, points: draft.points ?? 1 };
    const authored: AuthoredQuestion = { question, solution, ...(explanation === "" ? null : { explanation }) };
    let hasErrors = false;
    checkQuestion((path, code) => {
      hasErrors = true;
      this.mistake(place, code, path);
    }, authored);
    if (!hasErrors) this.#questions.push(authored);
  }

  read(): QuestionFile {
    const [questions, passages] = [this.#questions, this.#passages];
    if (questions.length === 0 && passages.length === 0 && this.#mistakes.length === 0)
      this.mistake({ line: null, item: null }, "no-questions");
    return { questions, passages, mistakes: this.#mistakes, leftOut: this.#leftOut };
  }
}

/** The list of a question that has more than a paper may have; null: none. */
function tooMany(draft: DraftQuestion): string | null {
  const lists = ["options", "left", "right", "items", "gaps"] as const;
  const long = lists.find((name) => {
    const list: unknown = Reflect.get(draft, name);
    return Array.isArray(list) && list.length > LIMITS.maxOptions;
  });
  return long === undefined ? null : `question.${long}`;
}

/** A file that cannot be read at all. */
export function unreadable(code: FileErrorCode, line: number | null = null): QuestionFile {
  return { questions: [], passages: [], mistakes: [{ line, item: null, code }], leftOut: [] };
}

/** The text of UTF-8 or, with a byte order mark, UTF-16; of anything else GBK, as Chinese editors save. Null: it is no text. */
export function textOfBytes(bytes: Uint8Array): string | null {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? ["utf-16le"] : bytes[0] === 0xfe && bytes[1] === 0xff ? ["utf-16be"] : [];
  for (const encoding of [...marked, "utf-8", "gb18030"])
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes("\0") ? null : text;
    } catch {
      // Not this encoding.
    }
  return null;
}
