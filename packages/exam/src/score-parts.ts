/** Adds up a candidate's points by section and by what questions test, for their result. */

import { ownValue } from "./own.ts";
import type { AuthoredPaper } from "./paper.ts";
import type { SheetScore } from "./score.ts";

export type ScorePart = {
  /** The id of a section, or what is tested. */
  readonly name: string;
  readonly points: number;
  readonly of: number;
  /** Questions that wait for a person. */
  readonly waiting: number;
};

/** Sections that the candidate was asked, and what their questions test, in the order of the paper. A question counts for each that it names. */
export function scoreParts(
  { sections }: AuthoredPaper,
  score: SheetScore,
): { readonly sections: readonly ScorePart[]; readonly knowledge: readonly ScorePart[] } {
  const [bySection, byKnowledge] = [new Map<string, ScorePart>(), new Map<string, ScorePart>()];
  for (const section of sections)
    for (const { question } of section.questions) {
      const each = ownValue(score.questions, question.id);
      if (!each) continue;
      const add = (parts: Map<string, ScorePart>, name: string) => {
        const { points, of, waiting } = parts.get(name) ?? { points: 0, of: 0, waiting: 0 };
        const sum = Math.round((points + each.points) * 100) / 100;
        parts.set(name, { name, points: sum, of: of + each.of, waiting: waiting + (each.by === "waits" ? 1 : 0) });
      };
      add(bySection, section.id);
      for (const name of new Set(question.knowledge)) add(byKnowledge, name);
    }
  return { sections: [...bySection.values()], knowledge: [...byKnowledge.values()] };
}
