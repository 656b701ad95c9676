/** Generates questions that a format can say whole, with the ids that reading gives, and writes and reads them. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { optionId, optionsOf } from "../option-ids.ts";
import type { AuthoredQuestion, Question, Solution } from "../question.ts";
import { paperWith } from "../test-paper.ts";
import { type DraftQuestion, QuestionCollector, type QuestionFile } from "./question-file.ts";
import type { WrittenFile } from "./written-file.ts";

export { optionsOf };

export type Made = { readonly draft: DraftQuestion; readonly solution: Solution; readonly explanation: string };

/** Characters that formats give a meaning, and some of other scripts. */
const LETTERS = [
  "a",
  "B",
  "1",
  " ",
  "~",
  "=",
  "#",
  "{",
  "}",
  ":",
  "\\",
  "n",
  "%",
  "[",
  "]",
  "*",
  "<",
  ">",
  "&",
  '"',
  "'",
  ";",
  "-",
  "/",
  "李",
  "é",
  "$",
  "\n",
  "_",
  ",",
  ".",
];
/** Of one line or several, trimmed; no two braces, which are a gap. */
export const anyText = fc
  .string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 16 })
  .map((text) =>
    text
      .replace(/\{\{|\}\}/g, "{")
      .split("\n")
      .map((line) => line.trim())
      .join("\n")
      .trim(),
  )
  .filter((text) => text !== "");
export const oneLine = anyText.map((text) => text.replaceAll("\n", " ").trim());
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => value + 0);
const tolerance = fc.constantFrom(0, 0.01, 0.5, 2);
const texts = (count: { readonly minLength: number; readonly maxLength: number }) => fc.uniqueArray(oneLine, count);

export const single = made(
  fc
    .record({ text: anyText, texts: texts({ minLength: 2, maxLength: 5 }), place: fc.nat(1) })
    .map(({ text, texts: options, place }) => ({
      draft: { kind: "single", text, options: optionsOf(options) },
      solution: { kind: "single", right: optionId(place) },
    })),
);
/** With one right option or no wrong one both scorings are the same, and `part` is read. */
export const multiple = made(
  fc
    .record({
      text: anyText,
      texts: texts({ minLength: 3, maxLength: 6 }),
      right: fc.integer({ min: 1, max: 6 }),
      isAll: fc.boolean(),
    })
    .map(({ text, texts: options, right, isAll }) => ({
      draft: { kind: "multiple", text, options: optionsOf(options) },
      solution: {
        kind: "multiple",
        right: options.slice(0, right).map((_, i) => optionId(i)),
        scoring: isAll && right > 1 && right < options.length ? "all" : "part",
      },
    })),
);
export const boolean = made(
  fc.record({ text: anyText, right: fc.boolean() }).map(({ text, right }) => ({
    draft: { kind: "boolean", text },
    solution: { kind: "boolean", right },
  })),
);
export const shortText = made(
  fc.record({ text: anyText, accepted: texts({ minLength: 1, maxLength: 3 }) }).map(({ text, accepted }) => ({
    draft: { kind: "text", text },
    solution: { kind: "text", accepted: { texts: accepted } },
  })),
);
export const numberAtEnd = made(
  fc.record({ text: anyText, value: finite, within: tolerance }).map(({ text, value, within }) => ({
    draft: { kind: "gaps", text: `${text} {{1}}`, gaps: [{ id: "1", form: "number" }] },
    solution: { kind: "gaps", accepted: { 1: { value, tolerance: within } }, scoring: "all" },
  })),
);
export const gapInside = made(
  fc.record({ head: oneLine, tail: oneLine, accepted: texts({ minLength: 1, maxLength: 3 }) }).map(({ head, tail, accepted }) => ({
    draft: { kind: "gaps", text: `${head} {{1}} ${tail}`, gaps: [{ id: "1", form: "text" }] },
    solution: { kind: "gaps", accepted: { 1: { texts: accepted } }, scoring: "all" },
  })),
);
/** Left ones match the right ones at their places; some right ones are left over. */
export const matching = made(
  fc
    .record({ text: anyText, left: texts({ minLength: 2, maxLength: 4 }), right: texts({ minLength: 4, maxLength: 5 }) })
    .map(({ text, left, right }) => ({
      draft: { kind: "matching", text, left: optionsOf(left), right: optionsOf(right) },
      solution: { kind: "matching", pairs: Object.fromEntries(left.map((_, i) => [optionId(i), optionId(i)])), scoring: "part" },
    })),
);
export const essay = made(
  anyText.map((text) => ({ draft: { kind: "essay", text, form: "typed" }, solution: { kind: "essay", rubric: "" } })),
);

type Parts = { readonly draft: DraftQuestion; readonly solution: Solution };

export function made(parts: fc.Arbitrary<Parts>): fc.Arbitrary<Made> {
  return fc
    .record({ parts, explanation: fc.oneof(fc.constant(""), anyText) })
    .map(({ parts: { draft, solution }, explanation }) => ({
      draft,
      solution,
      explanation,
    }));
}

/** Questions with the ids that a file gets. */
export function questionsOf(all: readonly Made[]): readonly AuthoredQuestion[] {
  const collector = new QuestionCollector();
  for (const { draft, solution, explanation } of all) collector.add({ line: null, item: null }, draft, solution, explanation);
  return collector.read().questions;
}

/** What every format can say. */
export const ALL_SAY = [single, multiple, boolean, shortText, numberAtEnd, gapInside, essay, matching] as const;

type Format = {
  readonly kinds: readonly fc.Arbitrary<Made>[];
  /** Whether the format can say it. Default: all of it. */
  readonly canSay?: (made: Made) => boolean;
  readonly write: (paper: ReturnType<typeof paperWith>) => WrittenFile;
  readonly read: (content: WrittenFile["content"]) => QuestionFile;
};

/** Whatever is written is read as it was, and nothing is left out. */
export function assertReadAsWritten({ kinds, canSay = () => true, write, read }: Format, numRuns: number): void {
  fc.assert(
    fc.property(fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 4 }), (all) => {
      const questions = questionsOf(all.filter(canSay));
      fc.pre(questions.length > 0);
      const written = write(paperWith(questions));
      assert.deepEqual(written.leftOut, []);
      const file = read(written.content);
      assert.deepEqual(file.mistakes, []);
      assert.deepEqual(file.questions, questions);
    }),
    { numRuns },
  );
}

/** One question of a file without mistakes. */
export function onlyQuestion({ questions, mistakes }: QuestionFile): AuthoredQuestion {
  const [only, ...others] = questions;
  if (!only || others.length > 0 || mistakes.length > 0) throw new Error(JSON.stringify({ questions, mistakes }));
  return only;
}

export function optionTexts(question: Question): readonly string[] {
  return "options" in question ? question.options.map(({ text }) => text) : [];
}
