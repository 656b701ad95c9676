/** Makes papers of every kind of question for tests. */
import type { AuthoredPaper, AuthoredSection } from "./paper.ts";
import type { AuthoredQuestion, Option } from "./question.ts";

export function options(...texts: readonly string[]): readonly Option[] {
  return texts.map((text, i) => ({ id: String.fromCharCode(97 + i), text }));
}

const base = { points: 2, text: "Which?" };

/** One of each kind, with ids q1 to q9. */
export const EVERY_KIND: readonly AuthoredQuestion[] = [
  {
    question: { ...base, id: "q1", kind: "single", options: options("1", "2", "3") },
    solution: { kind: "single", right: "b" },
    explanation: "Because.",
  },
  {
    question: { ...base, id: "q2", kind: "multiple", options: options("1", "2", "3", "4"), knowledge: ["sums"] },
    solution: { kind: "multiple", right: ["a", "c"], scoring: "part" },
  },
  { question: { ...base, id: "q3", kind: "boolean" }, solution: { kind: "boolean", right: true } },
  {
    question: {
      ...base,
      id: "q4",
      kind: "gaps",
      text: "{{1}} is the capital, {{2}} the speed.",
      gaps: [
        { id: "1", form: "text" },
        { id: "2", form: "number", unit: "km/h" },
      ],
    },
    solution: { kind: "gaps", accepted: { 1: { texts: ["Paris"] }, 2: { value: 50, tolerance: 1 } }, scoring: "part" },
  },
  {
    question: { ...base, id: "q5", kind: "matching", left: options("one", "two"), right: options("1", "2", "3") },
    solution: { kind: "matching", pairs: { a: "a", b: "b" }, scoring: "part" },
  },
  {
    question: { ...base, id: "q6", kind: "ordering", items: options("first", "second", "third") },
    solution: { kind: "ordering", order: ["a", "b", "c"], scoring: "part" },
  },
  { question: { ...base, id: "q7", kind: "text" }, solution: { kind: "text", accepted: { texts: ["yes"] } } },
  { question: { ...base, id: "q8", kind: "essay", form: "typed" }, solution: { kind: "essay", rubric: "Secret rubric" } },
  { question: { ...base, id: "q9", kind: "speaking", maxSeconds: 60 }, solution: { kind: "speaking", rubric: "Secret rubric" } },
];

export function paperWith(questions: readonly AuthoredQuestion[], section: Partial<AuthoredSection> = {}): AuthoredPaper {
  const rest = { id: "s1", title: "", instruction: "", passages: [], isShuffled: true, areOptionsShuffled: true };
  return { title: "Paper", instruction: "", sections: [{ ...rest, questions, ...section }] };
}
