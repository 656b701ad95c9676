/** Writes a paper as a Word document by the template (`word-template.ts`), in the words of one language. It has all kinds of questions; pictures and sound are left out. */
import type { AuthoredPaper, Passage } from "../paper.ts";
import type { AcceptedNumber, AcceptedTexts, AuthoredQuestion, Option, Question, Solution } from "../question.ts";
import { DOCX_TYPE, type WrittenParagraph, writeDocx } from "./docx-write.ts";
import { type BlockKind, type Label, type WordLanguage, wordsIn } from "./word-words.ts";
import type { LeaveOut, NotWritten, WrittenFile } from "./written-file.ts";

/** @param notes before the questions: they are not read */
export function writeWord(paper: AuthoredPaper, language: WordLanguage, notes: readonly string[] = []): WrittenFile {
  const leftOut: NotWritten[] = [];
  const leaveOutOf =
    (id: string): LeaveOut =>
    (code) =>
      leftOut.some((each) => each.id === id && each.code === code) || leftOut.push({ id, code });
  // As questions name them: through all sections, from 1.
  const passages = new Map<Passage, string>();
  for (const passage of paper.sections.flatMap((section) => section.passages)) passages.set(passage, String(passages.size + 1));
  const paragraphs: WrittenParagraph[] = [
    { style: "title", text: paper.title },
    ...notes.map((text): WrittenParagraph => ({ style: "note", text })),
  ];
  for (const section of paper.sections) {
    if (section.title !== "") paragraphs.push({ style: "heading", text: section.title });
    for (const passage of section.passages) paragraphs.push(...writePassage(passage, language, leaveOutOf(passage.id)));
    for (const authored of section.questions) {
      const { id, passage } = authored.question;
      const own = section.passages.find((each) => each.id === passage);
      paragraphs.push(...new QuestionWriter(authored, language, leaveOutOf(id)).write(own && passages.get(own)));
    }
  }
  return { content: writeDocx(paragraphs), contentType: DOCX_TYPE, extension: "docx", leftOut };
}

function writePassage(
  { title, text, media = [] }: Passage,
  language: WordLanguage,
  leaveOut: LeaveOut,
): readonly WrittenParagraph[] {
  const words = wordsIn(language);
  if (media.length > 0) leaveOut("file");
  return [
    { style: "question", text: words.block("passage", title) },
    { style: "line", text: words.line("text", text) },
  ];
}

class QuestionWriter {
  readonly #authored: AuthoredQuestion;
  readonly #words: ReturnType<typeof wordsIn>;
  readonly #leaveOut: LeaveOut;
  readonly #paragraphs: WrittenParagraph[] = [];

  constructor(authored: AuthoredQuestion, language: WordLanguage, leaveOut: LeaveOut) {
    [this.#authored, this.#words, this.#leaveOut] = [authored, wordsIn(language), leaveOut];
  }

  write(passage: string | undefined): readonly WrittenParagraph[] {
    const { question, solution, explanation = "" } = this.#authored;
    this.#paragraphs.push({ style: "question", text: this.#words.block(blockKindOf(question), question.text) });
    this.#writeItems(question, solution);
    this.#writeSolution(question, solution);
    if ("scoring" in solution) this.#line("scoring", this.#words.scoring(solution.scoring));
    this.#line("points", String(question.points));
    if (passage !== undefined) this.#line("passage", passage);
    for (const topic of question.knowledge ?? []) this.#line("topic", topic);
    if (question.difficulty !== undefined) this.#line("difficulty", String(question.difficulty));
    if (explanation !== "") this.#line("explanation", explanation);
    if ((question.media ?? []).length > 0) this.#leaveOut("file");
    return this.#paragraphs;
  }

  #writeItems(question: Question, solution: Solution): void {
    switch (question.kind) {
      case "single":
      case "multiple":
        return this.#options([question.options, letterOf]);
      case "matching":
        return this.#options([question.left, numberOf], [question.right, letterOf]);
      case "ordering":
        return this.#options([solution.kind === "ordering" ? inOrder(question.items, solution.order) : [], numberOf]);
      default:
    }
  }

  #options(...lists: readonly (readonly [options: readonly Option[], nameOf: (place: number) => string])[]): void {
    const fixed: string[] = [];
    for (const [options, nameOf] of lists)
      for (const [i, { text, isAnchored = false }] of options.entries()) {
        // A number, a point and a bracket may be the beginning of a question.
        const sign = /^[[【［]/.test(text) ? ":" : ".";
        this.#paragraphs.push({ style: "line", text: `${nameOf(i)}${sign} ${text}` });
        if (isAnchored) fixed.push(nameOf(i));
      }
    if (fixed.length > 0) this.#line("fixed", fixed.join(", "));
  }

  #writeSolution(question: Question, solution: Solution): void {
    switch (solution.kind) {
      case "single":
      case "multiple": {
        const ids = "options" in question ? question.options.map(({ id }) => id) : [];
        const right = solution.kind === "single" ? [solution.right] : solution.right;
        const letters = ids.flatMap((id, i) => (right.includes(id) ? [letterOf(i)] : []));
        return this.#line("answer", letters.join(", "));
      }
      case "boolean":
        return this.#line("answer", this.#words.boolean(solution.right));
      case "gaps":
        for (const gap of question.kind === "gaps" ? question.gaps : []) this.#writeGap(gap, solution.accepted[gap.id]);
        return;
      case "matching":
        return question.kind === "matching" ? this.#line("answer", pairsOf(question, solution.pairs)) : undefined;
      case "ordering":
        return;
      case "text":
        return this.#acceptedTexts(solution.accepted);
      case "essay":
      case "speaking":
        if (question.kind === "essay" && question.form === "typed" && question.maxLetters !== undefined)
          this.#line("longest", String(question.maxLetters));
        if (question.kind === "speaking") this.#line("seconds", String(question.maxSeconds));
        if (solution.rubric !== "") this.#line("rubric", solution.rubric);
        for (const { text, points } of solution.criteria ?? []) this.#line("criterion", text, String(points));
    }
  }

  #writeGap(
    { id, unit }: { readonly id: string; readonly unit?: string },
    accepted: AcceptedTexts | AcceptedNumber | undefined,
  ): void {
    const ofNumber = accepted && "value" in accepted ? accepted.unit : undefined;
    if (unit !== ofNumber) this.#leaveOut("unit");
    if (!accepted) return;
    if ("texts" in accepted) return this.#acceptedTexts(accepted, id);
    const { value, tolerance } = accepted;
    const within = tolerance > 0 || ofNumber?.startsWith("±") ? ` ± ${tolerance}` : "";
    this.#line("number", `${value}${within}${ofNumber === undefined ? "" : ` ${ofNumber}`}`, id);
  }

  #acceptedTexts({ texts, isCaseSensitive = false }: AcceptedTexts, gap?: string): void {
    for (const text of texts) this.#line(isCaseSensitive ? "exact" : "answer", text, gap);
  }

  #line(label: Label, value: string, of?: string): void {
    this.#paragraphs.push({ style: "line", text: this.#words.line(label, value, of) });
  }
}

function blockKindOf(question: Question): BlockKind {
  return question.kind === "essay" && question.form === "photos" ? "photos" : question.kind;
}

function inOrder(items: readonly Option[], order: readonly string[]): readonly Option[] {
  return order.flatMap((id) => items.find((item) => item.id === id) ?? []);
}

function pairsOf(question: Question & { readonly kind: "matching" }, pairs: Readonly<Record<string, string>>): string {
  const right = question.right.map(({ id }) => id);
  return question.left.map(({ id }, i) => `${numberOf(i)}-${letterOf(right.indexOf(pairs[id] ?? ""))}`).join(", ");
}

function letterOf(place: number): string {
  return String.fromCharCode("A".charCodeAt(0) + place);
}

function numberOf(place: number): string {
  return String(place + 1);
}
