/** Checks pictures and sound of a paper, and finds the files that it names. */
import { LIMITS } from "./limits.ts";
import type { Media } from "./media.ts";
import type { AuthoredPaper } from "./paper.ts";
import { checkCount, checkText, type Report, within } from "./paper-errors.ts";

/** What has pictures or sound. */
type WithMedia = { readonly media?: readonly Media[] };

export function checkMedia(report: Report, { media = [] }: WithMedia): void {
  checkCount(report, "media", media.length, 0, LIMITS.media);
  for (const [i, one] of media.entries()) {
    const at = within(within(report, "media"), i);
    if (one.kind === "picture") checkText(at, "alt", one.alt, LIMITS.mediaLetters, true);
    else {
      const { title, plays } = one;
      checkText(at, "title", title, LIMITS.mediaLetters);
      if (plays !== undefined && !(Number.isInteger(plays) && plays >= 1 && plays <= LIMITS.plays)) at("plays", "out-of-range");
    }
  }
}

/** Ids of the files that a paper names, each once. */
export function filesOf({ sections }: Pick<AuthoredPaper, "sections">): ReadonlySet<string> {
  const having: WithMedia[] = sections.flatMap(({ passages, questions }) => [
    ...passages,
    ...questions.map(({ question }) => question),
  ]);
  return new Set(having.flatMap(({ media = [] }) => media.map(({ file }) => file)));
}

/** What a question shows: of its passage, and its own. */
export function mediaOfQuestion({ sections }: Pick<AuthoredPaper, "sections">, id: string): readonly Media[] {
  for (const { passages, questions } of sections) {
    const question = questions.find((each) => each.question.id === id)?.question;
    if (!question) continue;
    const passage = passages.find((one) => one.id === question.passage);
    return [...(passage?.media ?? []), ...(question.media ?? [])];
  }
  return [];
}
