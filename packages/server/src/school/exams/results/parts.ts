/** Adds up the scores of an attempt by sections and by what the questions test. */
import type { AuthoredPaper, QuestionScore } from "@lectern/exam";

type Scores = Readonly<Record<string, QuestionScore>>;
export type PartScore = { readonly points: number; readonly of: number };

/** Only of questions that the candidate was asked. */
export function sectionScores({ sections }: AuthoredPaper, scores: Scores) {
  return sections.map(({ id, title, questions }) => ({
    id,
    title,
    ...sumOf(questions.flatMap(({ question }) => scoreOf(scores, question.id))),
  }));
}

/** In the order in which the paper names them. A question of several points counts for each. */
export function knowledgeScores({ sections }: AuthoredPaper, scores: Scores) {
  const byName = new Map<string, QuestionScore[]>();
  for (const { question } of sections.flatMap(({ questions }) => questions)) {
    const asked = scoreOf(scores, question.id);
    if (asked.length === 0) continue;
    for (const name of question.knowledge ?? []) byName.set(name, [...(byName.get(name) ?? []), ...asked]);
  }
  return [...byName].map(([name, of]) => ({ name, ...sumOf(of) }));
}

function scoreOf(scores: Scores, question: string): QuestionScore[] {
  const score = Object.hasOwn(scores, question) ? scores[question] : undefined;
  return score ? [score] : [];
}

function sumOf(scores: readonly QuestionScore[]): PartScore {
  const sum = (of: (score: QuestionScore) => number): number =>
    Math.round(scores.reduce((all, score) => all + of(score), 0) * 100) / 100;
  return { points: sum(({ points }) => points), of: sum(({ of }) => of) };
}
