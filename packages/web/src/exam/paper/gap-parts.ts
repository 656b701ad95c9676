/** Parts the text of a question with gaps: words, and `{{ID}}` where a gap is. */
import type { GapsQuestion } from "@lectern/exam";

type Gap = GapsQuestion["gaps"][number];
type GapPart =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "gap"; readonly gap: Gap; readonly number: number };

/** Marks of gaps that the question does not have are words. */
export function gapParts({ text, gaps }: Pick<GapsQuestion, "text" | "gaps">): readonly GapPart[] {
  return text.split(/(\{\{[\w-]+\}\})/).flatMap((part): GapPart[] => {
    const at = gaps.findIndex(({ id }) => part === `{{${id}}}`);
    const gap = gaps[at];
    if (gap) return [{ kind: "gap", gap, number: at + 1 }];
    return part === "" ? [] : [{ kind: "words", text: part }];
  });
}
