/**
 * Generates a paper of 60 questions and sheets of answers whose points are known from how they were made: a question has ready answers with the share of its points that
 * each is worth, counted by hand, so that nothing of the grading is used to say what is right.
 */
import type { AnswerSheet, AnswerValue, AuthoredPaper, AuthoredQuestion, Option } from "@lectern/exam";

/** An answer, and its share of the points as a fraction. */
type Ready = readonly [value: AnswerValue | undefined, hits: number, parts: number];
type GeneratedQuestion = {
  readonly authored: AuthoredQuestion;
  /** The better ones come later. */
  readonly answers: readonly Ready[];
};
export type GeneratedSheet = { readonly answers: AnswerSheet; readonly points: number };

const QUESTIONS = 60;

/** The kinds alternate; each third question is worth 1.5 points, which makes hundredths that have to be rounded. */
export function generatePaper(): { readonly paper: AuthoredPaper; readonly questions: readonly GeneratedQuestion[] } {
  const questions = Array.from({ length: QUESTIONS }, (_, i) => {
    const make = MAKERS[i % MAKERS.length] ?? singleQuestion;
    return make(`q${i + 1}`, i % 3 === 0 ? 1.5 : 1);
  });
  const section = { id: "s1", title: "", instruction: "", passages: [], isShuffled: true, areOptionsShuffled: true };
  const paper = {
    title: "Generated",
    instruction: "",
    sections: [{ ...section, questions: questions.map(({ authored }) => authored) }],
  };
  return { paper, questions };
}

/** @param random 0 to 1 */
export function generateSheet(questions: readonly GeneratedQuestion[], random: () => number): GeneratedSheet {
  const ability = random();
  const answers: Record<string, AnswerValue> = {};
  let hundredths = 0;
  for (const { authored, answers: ready } of questions) {
    // The better a candidate, the later in the list.
    const place = Math.min(ready.length - 1, Math.floor(ready.length * (0.6 * random() + 0.4 * ability)));
    const [value, hits, parts] = ready[place] ?? [undefined, 0, 1];
    if (value !== undefined) answers[authored.question.id] = value;
    hundredths += Math.round((authored.question.points * 100 * hits) / parts);
  }
  return { answers, points: hundredths / 100 };
}

/** Park and Miller's minimal standard generator: Communications of the ACM 31 (1988), 1192–1201. */
export function repeatableRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function options(...texts: readonly string[]): readonly Option[] {
  return texts.map((text, i) => ({ id: String.fromCharCode(97 + i), text }));
}

function singleQuestion(id: string, points: number): GeneratedQuestion {
  const question = {
    id,
    points,
    text: "Which?",
    kind: "single",
    options: options("1", "2", "3", "4"),
    knowledge: ["choices"],
  } as const;
  return {
    authored: { question, solution: { kind: "single", right: "c" } },
    answers: [
      [undefined, 0, 1],
      ["a", 0, 1],
      ["b", 0, 1],
      ["c", 1, 1],
      ["c", 1, 1],
    ],
  };
}

function multipleQuestion(id: string, points: number): GeneratedQuestion {
  const question = {
    id,
    points,
    text: "Which?",
    kind: "multiple",
    options: options("1", "2", "3", "4", "5"),
    knowledge: ["choices"],
  } as const;
  return {
    authored: { question, solution: { kind: "multiple", right: ["a", "b", "e"], scoring: "part" } },
    answers: [
      [["c", "d"], 0, 3],
      [["a", "c", "d"], 0, 3],
      [["e"], 1, 3],
      [["b", "a"], 2, 3],
      [["e", "b", "a", "d"], 2, 3],
      [["e", "b", "a"], 3, 3],
    ],
  };
}

function booleanQuestion(id: string, points: number): GeneratedQuestion {
  return {
    authored: { question: { id, points, text: "True?", kind: "boolean" }, solution: { kind: "boolean", right: false } },
    answers: [
      [true, 0, 1],
      [false, 1, 1],
    ],
  };
}

function gapsQuestion(id: string, points: number): GeneratedQuestion {
  const gaps = [
    { id: "1", form: "text" },
    { id: "2", form: "number", unit: "km" },
    { id: "3", form: "number" },
  ] as const;
  const accepted = {
    1: { texts: ["Paris", "巴黎"] },
    2: { value: 12.5, tolerance: 0.1 },
    3: { value: 1000, tolerance: 0 },
  };
  return {
    authored: {
      question: { id, points, text: "{{1}} {{2}} {{3}}", kind: "gaps", gaps, knowledge: ["gaps"] },
      solution: { kind: "gaps", accepted, scoring: "part" },
    },
    answers: [
      [{ 1: "Lyon", 2: "12", 3: "999" }, 0, 3],
      [{ 1: "ＰＡＲＩＳ", 2: "13" }, 1, 3],
      [{ 1: " paris ", 2: "12,5 km" }, 2, 3],
      [{ 1: "巴黎", 2: "１２．５５", 3: "1 000" }, 3, 3],
    ],
  };
}

function matchingQuestion(id: string, points: number): GeneratedQuestion {
  const question = {
    id,
    points,
    text: "Match",
    kind: "matching",
    left: options("1", "2", "3"),
    right: options("I", "II", "III", "IV"),
  } as const;
  return {
    authored: { question, solution: { kind: "matching", pairs: { a: "b", b: "a", c: "d" }, scoring: "part" } },
    answers: [
      [{ a: "a", b: "b", c: "c" }, 0, 3],
      [{ a: "a", b: "a" }, 1, 3],
      [{ a: "b", b: "a", c: "c" }, 2, 3],
      [{ a: "b", b: "a", c: "d" }, 3, 3],
    ],
  };
}

function orderingQuestion(id: string, points: number): GeneratedQuestion {
  const question = { id, points, text: "Order", kind: "ordering", items: options("1", "2", "3", "4") } as const;
  return {
    authored: { question, solution: { kind: "ordering", order: ["d", "a", "c", "b"], scoring: "part" } },
    answers: [
      [["b", "c", "a", "d"], 0, 3],
      [["a", "c", "d", "b"], 1, 3],
      [["a", "c", "b", "d"], 2, 3],
      [["d", "a", "c", "b"], 3, 3],
    ],
  };
}

function textQuestion(id: string, points: number): GeneratedQuestion {
  const accepted = { texts: ["光合作用", "photosynthesis"] };
  return {
    authored: { question: { id, points, text: "Name it", kind: "text" }, solution: { kind: "text", accepted } },
    answers: [
      ["respiration", 0, 1],
      ["Photosynthesis ", 1, 1],
      ["光合作用", 1, 1],
    ],
  };
}

const MAKERS = [
  singleQuestion,
  multipleQuestion,
  singleQuestion,
  booleanQuestion,
  singleQuestion,
  gapsQuestion,
  singleQuestion,
  matchingQuestion,
  orderingQuestion,
  textQuestion,
];
