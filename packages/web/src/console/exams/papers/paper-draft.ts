/** Changes a paper while it is edited: new sections and questions with ids that nothing else has, moved, copied and removed ones. */
import {
  type AuthoredPaper,
  type AuthoredQuestion,
  type AuthoredSection,
  type Option,
  type Passage,
  QUESTION_KINDS,
  type Question,
  type Solution,
} from "@lectern/exam";

/** Kinds that a teacher can add. */
export const OFFERED_KINDS = QUESTION_KINDS;
export type OfferedKind = (typeof OFFERED_KINDS)[number];

const FIRST_OPTIONS = 4;
const FIRST_PAIRS = 3;
const FIRST_SECONDS = 60;

/** An id that begins so, and that none of the others is. */
export function freeId(prefix: string, taken: Iterable<string>): string {
  const all = new Set(taken);
  for (let number = all.size + 1; ; number++) if (!all.has(`${prefix}${number}`)) return `${prefix}${number}`;
}

function questionIds(paper: AuthoredPaper): string[] {
  return paper.sections.flatMap(({ questions }) => questions.map(({ question }) => question.id));
}

export function withSection(paper: AuthoredPaper): AuthoredPaper {
  const id = freeId(
    "s",
    paper.sections.map((section) => section.id),
  );
  const section: AuthoredSection = {
    id,
    title: "",
    instruction: "",
    passages: [],
    questions: [],
    isShuffled: false,
    areOptionsShuffled: false,
  };
  return { ...paper, sections: [...paper.sections, section] };
}

export function changeSection(paper: AuthoredPaper, changed: AuthoredSection): AuthoredPaper {
  return { ...paper, sections: paper.sections.map((section) => (section.id === changed.id ? changed : section)) };
}

export function removeSection(paper: AuthoredPaper, id: string): AuthoredPaper {
  return { ...paper, sections: paper.sections.filter((section) => section.id !== id) };
}

export function withPassage(paper: AuthoredPaper, section: AuthoredSection): AuthoredPaper {
  const taken = paper.sections.flatMap(({ passages }) => passages.map(({ id }) => id));
  const passage: Passage = { id: freeId("p", taken), title: "", text: "" };
  return changeSection(paper, { ...section, passages: [...section.passages, passage] });
}

/** Its questions stay, without it. */
export function removePassage(paper: AuthoredPaper, section: AuthoredSection, id: string): AuthoredPaper {
  const questions = section.questions.map((each) => {
    if (each.question.passage !== id) return each;
    const { passage: _, ...question } = each.question;
    return { ...each, question };
  });
  return changeSection(paper, { ...section, passages: section.passages.filter((one) => one.id !== id), questions });
}

/** @returns the paper, and the id of the new question */
export function withQuestion(paper: AuthoredPaper, section: AuthoredSection, kind: OfferedKind) {
  const id = freeId("q", questionIds(paper));
  const questions = [...section.questions, newQuestion(kind, id)];
  return { paper: changeSection(paper, { ...section, questions }), id };
}

export function changeQuestion(section: AuthoredSection, changed: AuthoredQuestion): AuthoredSection {
  const { id } = changed.question;
  return { ...section, questions: section.questions.map((each) => (each.question.id === id ? changed : each)) };
}

export function removeQuestion(section: AuthoredSection, id: string): AuthoredSection {
  return { ...section, questions: section.questions.filter(({ question }) => question.id !== id) };
}

/** A copy behind the question. @returns the paper, and the id of the copy */
export function withCopy(paper: AuthoredPaper, section: AuthoredSection, original: AuthoredQuestion) {
  const id = freeId("q", questionIds(paper));
  const at = section.questions.findIndex(({ question }) => question.id === original.question.id);
  const copy = { ...original, question: { ...original.question, id } };
  return { paper: changeSection(paper, { ...section, questions: section.questions.toSpliced(at + 1, 0, copy) }), id };
}

/** @param step -1: up, 1: down */
export function moved<T>(list: readonly T[], at: number, step: -1 | 1): readonly T[] {
  const [one, to] = [list[at], at + step];
  if (one === undefined || to < 0 || to >= list.length) return list;
  return list.toSpliced(at, 1).toSpliced(to, 0, one);
}

export function newOption(options: readonly Option[], prefix = "o"): Option {
  return {
    id: freeId(
      prefix,
      options.map(({ id }) => id),
    ),
    text: "",
  };
}

function newOptions(count: number, prefix: string): readonly Option[] {
  return Array.from({ length: count }, (_, at) => ({ id: `${prefix}${at + 1}`, text: "" }));
}

function newQuestion(kind: OfferedKind, id: string): AuthoredQuestion {
  const base = { id, text: "", points: 1 };
  switch (kind) {
    case "single":
    case "multiple": {
      const question: Question = { ...base, kind, options: newOptions(FIRST_OPTIONS, "o") };
      const solution: Solution = kind === "single" ? { kind, right: "o1" } : { kind, right: ["o1"], scoring: "part" };
      return { question, solution };
    }
    case "boolean":
      return { question: { ...base, kind }, solution: { kind, right: true } };
    case "gaps": {
      const question: Question = { ...base, kind, text: "{{g1}}", gaps: [{ id: "g1", form: "text" }] };
      return { question, solution: { kind, accepted: { g1: { texts: [] } }, scoring: "part" } };
    }
    case "matching": {
      const question: Question = { ...base, kind, left: newOptions(FIRST_PAIRS, "l"), right: newOptions(FIRST_PAIRS, "r") };
      return { question, solution: { kind, pairs: { l1: "r1", l2: "r2", l3: "r3" }, scoring: "part" } };
    }
    case "ordering": {
      const items = newOptions(FIRST_OPTIONS, "i");
      return { question: { ...base, kind, items }, solution: { kind, order: items.map((item) => item.id), scoring: "part" } };
    }
    case "text":
      return { question: { ...base, kind }, solution: { kind, accepted: { texts: [] } } };
    case "essay":
      return { question: { ...base, kind, form: "typed", points: 10 }, solution: { kind, rubric: "" } };
    case "speaking":
      return { question: { ...base, kind, maxSeconds: FIRST_SECONDS, points: 10 }, solution: { kind, rubric: "" } };
  }
}
