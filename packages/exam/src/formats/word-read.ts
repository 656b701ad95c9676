/**
 * Reads questions of a Word document by the template of `word-template.ts`: a paragraph that begins with a kind in brackets begins a question, options have letters, items
 * numbers, and all else a label. What stands before the first question, and headings, are the writer's own. Each mistake has the number of its paragraph.
 */
import { LIMITS } from "../limits.ts";
import { optionId } from "../option-ids.ts";
import type { AcceptedNumber, AcceptedTexts, Criterion, Option, Scoring, Solution } from "../question.ts";
import { readDocx, type WordParagraph } from "./docx-paragraphs.ts";
import { type DraftQuestion, type FileErrorCode, type FilePlace, QuestionCollector, type QuestionFile } from "./question-file.ts";
import { type BlockKind, blockOf, booleanOf, type Label, labelOf, scoringOf } from "./word-words.ts";

type Line = { readonly label: Label; readonly of: string | null; readonly paragraphs: string[]; readonly place: FilePlace };
/** An option by its letter, or an item by its number. */
type Item = { readonly name: string; readonly text: string; readonly place: FilePlace };
type Block = {
  readonly kind: BlockKind;
  readonly place: FilePlace;
  readonly text: string[];
  readonly lines: Line[];
  readonly items: Item[];
  isRefused: boolean;
};

const ANY_KIND: readonly Label[] = ["points", "passage", "explanation", "topic", "difficulty"];
const RUBRIC: readonly Label[] = ["rubric", "criterion"];
const OWN_LABELS: Readonly<Record<BlockKind, readonly Label[]>> = {
  single: [...ANY_KIND, "answer", "fixed"],
  multiple: [...ANY_KIND, "answer", "scoring", "fixed"],
  boolean: [...ANY_KIND, "answer"],
  gaps: [...ANY_KIND, "answer", "exact", "number", "scoring"],
  matching: [...ANY_KIND, "answer", "scoring", "fixed"],
  ordering: [...ANY_KIND, "scoring", "fixed"],
  text: [...ANY_KIND, "answer", "exact"],
  essay: [...ANY_KIND, ...RUBRIC, "longest"],
  photos: [...ANY_KIND, ...RUBRIC],
  speaking: [...ANY_KIND, ...RUBRIC, "seconds"],
  passage: ["text"],
};
/** May stand several times. */
const REPEATED: readonly Label[] = ["answer", "exact", "topic", "criterion"];
/** Go on in the paragraphs that follow. */
const LONG: readonly Label[] = ["text", "rubric", "explanation"];
const HAS_LETTERS: readonly BlockKind[] = ["single", "multiple", "matching"];
const HAS_NUMBERS: readonly BlockKind[] = ["matching", "ordering"];

const LETTER = /^([A-Za-zＡ-Ｚａ-ｚ])\s*[.．、)）:：]\s*/;
const NUMBER = /^([\d０-９]{1,3})\s*[.．、)）:：]\s*/;
const SEPARATORS = /[\s,，;；、.。]+/g;
const PAIR = /(\d{1,3})\s*[-–—→=:：]?>?\s*([A-Z])/g;
const ACCEPTED_NUMBER = /^([-+−]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(?:±\s*((?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*)?(.*)$/isu;
/** A blank to fill in, as it is drawn on paper. */
const BLANK = /_{3,}|＿{2,}/g;
const GAP = /\{\{([^{}]*)\}\}/g;

export function readWord(bytes: Uint8Array): QuestionFile {
  const collector = new QuestionCollector();
  const paragraphs = readDocx(bytes);
  if ("code" in paragraphs) {
    const { code, line, file } = paragraphs;
    return {
      questions: [],
      passages: [],
      mistakes: [{ code, line, item: null, ...(file === undefined ? null : { file }) }],
      leftOut: [],
    };
  }
  const passages = new Map<string, string>();
  const blocks = blocksOf(collector, paragraphs);
  for (const block of blocks) if (block.kind === "passage") addPassage(collector, passages, block);
  for (const block of blocks) {
    if (collector.isFull) break;
    if (block.kind !== "passage") new BlockReader(collector, passages, block).read();
  }
  const file = collector.read();
  return { ...file, mistakes: file.mistakes.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** The number of a passage counts from 1, as questions name it. */
function addPassage(collector: QuestionCollector, passages: Map<string, string>, { text, lines, place }: Block): void {
  const [title = "", ...more] = text;
  const body = [...more, ...lines.flatMap(({ paragraphs }) => paragraphs)].join("\n").trim();
  const id = collector.addPassage(title.trim(), body);
  if (id === null) collector.mistake(place, "too-many", "passages");
  else passages.set(String(passages.size + 1), id);
}

function blocksOf(collector: QuestionCollector, paragraphs: readonly WordParagraph[]): readonly Block[] {
  const blocks: Block[] = [];
  let block: Block | null = null;
  let [questions, passages] = [0, 0];
  let isSkipping = false;
  for (const paragraph of paragraphs) {
    const text = paragraph.text.trim();
    if (collector.isFull) break;
    const start = blockOf(text);
    const isItem = start?.isNumbered && block && HAS_NUMBERS.includes(block.kind) && block.lines.length === 0;
    if (start && (start.kind || !(isItem || paragraph.isHeading))) {
      const isPassage = start.kind === "passage";
      const item = isPassage ? `P${++passages}` : String(++questions);
      const place = { line: paragraph.number, item };
      isSkipping = start.kind === null;
      if (start.kind === null) collector.mistake(place, "unknown-kind");
      block = start.kind && { kind: start.kind, place, text: [start.rest], lines: [], items: [], isRefused: false };
      if (block) blocks.push(block);
    } else if (block && !paragraph.isHeading && text !== "") addParagraph(collector, block, text, paragraph);
    if (block || isSkipping) leaveOut(collector, paragraph, block);
  }
  return blocks;
}

function leaveOut(collector: QuestionCollector, { number, hasFile, hasFormula }: WordParagraph, block: Block | null): void {
  const place = { line: number, item: block?.place.item ?? null };
  if (hasFile) collector.leaveOut(place, "file");
  if (hasFormula) collector.leaveOut(place, "formula");
}

function addParagraph(collector: QuestionCollector, block: Block, text: string, { number, list }: WordParagraph): void {
  const place = { line: number, item: block.place.item };
  const found = labelOf(text);
  if (found) {
    const { label, of, value } = found;
    if (!OWN_LABELS[block.kind].includes(label)) refuse(collector, block, place, "unexpected-paragraph");
    else if (!REPEATED.includes(label) && block.lines.some((line) => line.label === label && line.of === of))
      refuse(collector, block, place, "repeated");
    else block.lines.push({ label, of, paragraphs: [value], place });
    return;
  }
  const item = block.lines.length === 0 ? itemOf(block.kind, text, list) : null;
  if (item) {
    if (block.items.some(({ name }) => name === item.name)) refuse(collector, block, place, "repeated");
    else if (block.items.length >= 2 * LIMITS.maxOptions) refuse(collector, block, place, "too-many");
    else block.items.push({ ...item, place });
    return;
  }
  const last = block.lines.at(-1);
  if (last && LONG.includes(last.label)) last.paragraphs.push(text);
  else if (!last && block.items.length === 0) block.text.push(text);
  else refuse(collector, block, place, "unexpected-paragraph");
}

function refuse(collector: QuestionCollector, block: Block, place: FilePlace, code: FileErrorCode): void {
  block.isRefused = true;
  collector.mistake(place, code);
}

/** @param list how Word numbers it, where its writer did not */
function itemOf(kind: BlockKind, text: string, list: string | null): { readonly name: string; readonly text: string } | null {
  for (const [kinds, pattern] of [
    [HAS_LETTERS, LETTER],
    [HAS_NUMBERS, NUMBER],
  ] as const) {
    if (!kinds.includes(kind)) continue;
    const found = pattern.exec(text);
    if (found) return { name: nameOf(found[1] ?? ""), text: text.slice(found[0].length) };
    if (list !== null && /^\d/.test(list) === (pattern === NUMBER)) return { name: nameOf(list), text };
  }
  return null;
}

function nameOf(text: string): string {
  const name = text.normalize("NFKC").toUpperCase();
  return /^\d/.test(name) ? String(Number(name)) : name;
}

/** Reads the parts of one question. Once there is a mistake, it is not added. */
class BlockReader {
  readonly #collector: QuestionCollector;
  readonly #passages: ReadonlyMap<string, string>;
  readonly #block: Block;

  constructor(collector: QuestionCollector, passages: ReadonlyMap<string, string>, block: Block) {
    [this.#collector, this.#passages, this.#block] = [collector, passages, block];
  }

  read(): void {
    const { kind } = this.#block;
    switch (kind) {
      case "single":
      case "multiple":
        return this.#readChoice(kind);
      case "boolean":
        return this.#readBoolean();
      case "gaps":
        return this.#readGaps();
      case "matching":
        return this.#readMatching();
      case "ordering": {
        const items = this.#options("number");
        const order = items.map(({ id }) => id);
        return this.#add({ ...this.#base(), kind, items }, { kind, order, scoring: this.#scoring() });
      }
      case "text":
        return this.#add({ ...this.#base(), kind }, { kind, accepted: this.#acceptedTexts(this.#lines("answer", "exact")) });
      case "essay": {
        const maxLetters = this.#number("longest");
        const draft = { ...this.#base(), kind, form: "typed", ...(maxLetters === null ? null : { maxLetters }) } as const;
        return this.#add(draft, { kind, ...this.#rubric() });
      }
      case "photos":
        return this.#add({ ...this.#base(), kind: "essay", form: "photos" }, { kind: "essay", ...this.#rubric() });
      case "speaking": {
        const maxSeconds = this.#number("seconds") ?? 60;
        return this.#add({ ...this.#base(), kind, maxSeconds }, { kind, ...this.#rubric() });
      }
      case "passage":
        return;
    }
  }

  #readChoice(kind: "single" | "multiple"): void {
    const options = this.#options("letter");
    const [answer] = this.#lines("answer");
    const letters = [...textOf(answer).normalize("NFKC").toUpperCase().replace(SEPARATORS, "")];
    const right = letters.map((letter) => this.#idOf(letter, answer, options));
    const [first, ...others] = right;
    if (first === undefined) this.#mistake(this.#block.place, "no-right-answer");
    else if (kind === "multiple")
      this.#add({ ...this.#base(), kind, options }, { kind, right: inOrder(right, options), scoring: this.#scoring() });
    else if (others.length > 0) this.#mistake(answer?.place, "several-right-answers");
    else this.#add({ ...this.#base(), kind, options }, { kind, right: first });
  }

  #readBoolean(): void {
    const [answer] = this.#lines("answer");
    const right = answer ? booleanOf(textOf(answer)) : null;
    if (right === null) this.#mistake(answer?.place ?? this.#block.place, "no-right-answer");
    else this.#add({ ...this.#base(), kind: "boolean" }, { kind: "boolean", right });
  }

  #readMatching(): void {
    const [left, right] = [this.#options("number"), this.#options("letter")];
    const [answer] = this.#lines("answer");
    const written = textOf(answer).normalize("NFKC").toUpperCase();
    const pairs: [string, string][] = [];
    const rest = written.replace(PAIR, (_, number: string, letter: string) => {
      pairs.push([this.#idOf(String(Number(number)), answer, left), this.#idOf(letter, answer, right)]);
      return "";
    });
    if (pairs.length === 0) this.#mistake(answer?.place ?? this.#block.place, "no-right-answer");
    else if (rest.replace(SEPARATORS, "") !== "") this.#mistake(answer?.place, "unknown-id", "solution.pairs");
    const solution = { kind: "matching", pairs: Object.fromEntries(pairs), scoring: this.#scoring() } as const;
    this.#add({ ...this.#base(), kind: "matching", left, right }, solution);
  }

  #readGaps(): void {
    const base = this.#base();
    let blanks = 0;
    const text = base.text.includes("{{") ? base.text : base.text.replace(BLANK, () => `{{${++blanks}}}`);
    const ids = [...new Set([...text.matchAll(GAP)].map(([, id = ""]) => id))];
    if (ids.length > LIMITS.gaps) return this.#mistake(this.#block.place, "too-many", "question.gaps");
    const lines = this.#lines("answer", "exact", "number");
    const idOf = (line: Line) => line.of ?? (ids.length === 1 ? ids[0] : undefined);
    for (const line of lines) {
      const id = idOf(line);
      if (id === undefined || !ids.includes(id)) this.#mistake(line.place, "unknown-id", "solution.accepted");
    }
    const gaps = ids.map((id) =>
      this.#gap(
        id,
        lines.filter((line) => idOf(line) === id),
      ),
    );
    const accepted = Object.fromEntries(gaps.map(({ id, accepted: one }) => [id, one]));
    const draft = { ...base, text, kind: "gaps", gaps: gaps.map(({ accepted: _, ...gap }) => gap) } as const;
    this.#add(draft, { kind: "gaps", accepted, scoring: this.#scoring() });
  }

  #gap(id: string, lines: readonly Line[]) {
    const number = lines.find(({ label }) => label === "number");
    if (!number) return { id, form: "text", accepted: this.#acceptedTexts(lines) } as const;
    if (lines.length > 1) this.#mistake(number.place, "kind-differs", `solution.accepted.${id}`);
    const [, value = "", tolerance = "0", unit = ""] = ACCEPTED_NUMBER.exec(textOf(number)) ?? [];
    if (value === "") this.#mistake(number.place, "not-a-number");
    const ofUnit = unit === "" ? {} : { unit };
    const accepted: AcceptedNumber = { value: Number(value.replace("−", "-")) + 0, tolerance: Number(tolerance), ...ofUnit };
    return { id, form: "number", ...ofUnit, accepted } as const;
  }

  /** Capitals count for all of them, or for none. */
  #acceptedTexts(lines: readonly Line[]): AcceptedTexts {
    const exact = lines.filter(({ label }) => label === "exact").length;
    if (exact > 0 && exact < lines.length) this.#mistake(lines[0]?.place, "mixed-answers");
    return { texts: lines.map(textOf), ...(exact > 0 ? { isCaseSensitive: true } : null) };
  }

  #rubric(): { readonly rubric: string; readonly criteria?: readonly Criterion[] } {
    const [rubric] = this.#lines("rubric");
    const criteria = this.#lines("criterion").map((line, i): Criterion => {
      const points = Number(line.of ?? Number.NaN);
      if (Number.isNaN(points)) this.#mistake(line.place, "not-a-number");
      return { id: `c${i + 1}`, text: textOf(line), points };
    });
    return { rubric: textOf(rubric), ...(criteria.length > 0 ? { criteria } : null) };
  }

  #base() {
    const topics = this.#lines("topic").map(textOf);
    const [points, difficulty] = [this.#number("points"), this.#number("difficulty")];
    const [named] = this.#lines("passage");
    const passage = named && this.#passages.get(textOf(named).normalize("NFKC"));
    if (named && passage === undefined) this.#mistake(named.place, "unknown-id", "question.passage");
    return {
      text: this.#block.text.join("\n").trim(),
      ...(points === null ? null : { points }),
      ...(topics.length > 0 ? { knowledge: topics } : null),
      ...(difficulty === null ? null : { difficulty }),
      ...(passage === undefined ? null : { passage }),
    };
  }

  #options(names: "letter" | "number"): readonly Option[] {
    const items = this.#block.items.filter(({ name }) => /^\d/.test(name) === (names === "number"));
    const fixed = this.#lines("fixed")[0];
    const anchored = textOf(fixed).normalize("NFKC").toUpperCase().split(SEPARATORS).filter(Boolean);
    for (const name of anchored)
      if (/^\d/.test(name) === (names === "number") && !items.some((item) => item.name === name))
        this.#mistake(fixed?.place, "unknown-id");
    return items.map(({ name, text }, i) => ({
      id: optionId(i),
      text,
      ...(anchored.includes(name) ? { isAnchored: true } : null),
    }));
  }

  /** The id of an option by its letter, or of an item by its number; what is not there is a mistake. */
  #idOf(name: string, line: Line | undefined, options: readonly Option[]): string {
    const isNumber = /^\d/.test(name);
    const place = this.#block.items.filter((item) => /^\d/.test(item.name) === isNumber).findIndex((item) => item.name === name);
    const id = options[place]?.id;
    if (id === undefined) this.#mistake(line?.place, "unknown-id", "solution");
    return id ?? "";
  }

  #scoring(): Scoring {
    const [line] = this.#lines("scoring");
    const scoring = line ? scoringOf(textOf(line)) : "part";
    if (scoring === null) this.#mistake(line?.place, "unknown-id", "solution.scoring");
    return scoring ?? "part";
  }

  #number(label: Label): number | null {
    const [line] = this.#lines(label);
    if (!line) return null;
    const [, digits] = /^(\d{1,6}(?:\.\d{1,6})?)\s*(?:points?|分)?$/i.exec(textOf(line).normalize("NFKC")) ?? [];
    if (digits === undefined) this.#mistake(line.place, "not-a-number");
    return digits === undefined ? null : Number(digits);
  }

  #lines(...labels: readonly Label[]): readonly Line[] {
    return this.#block.lines.filter(({ label }) => labels.includes(label));
  }

  #mistake(place: FilePlace | undefined, code: FileErrorCode, path?: string): void {
    this.#block.isRefused = true;
    this.#collector.mistake(place ?? this.#block.place, code, path);
  }

  #add(draft: DraftQuestion, solution: Solution): void {
    const [explanation] = this.#lines("explanation");
    if (!this.#block.isRefused) this.#collector.add(this.#block.place, draft, solution, textOf(explanation));
  }
}

function textOf(line: Line | undefined): string {
  return line?.paragraphs.join("\n").trim() ?? "";
}

/** As the options stand, each once. */
function inOrder(ids: readonly string[], options: readonly Option[]): readonly string[] {
  return options.map(({ id }) => id).filter((id) => ids.includes(id));
}
