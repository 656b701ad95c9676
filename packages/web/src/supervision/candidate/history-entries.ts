/** Puts what happened with a candidate on one list by its time. */
import type { WallDetail } from "../wall/wall-types.ts";

export type HistoryEntry = { readonly key: string; readonly at: string } & (
  | { readonly kind: "fact"; readonly fact: string; readonly detail: string }
  | { readonly kind: "message"; readonly text: string; readonly by: string | null; readonly seenAt: string | null }
  | { readonly kind: "note"; readonly text: string; readonly by: string | null }
);

/** The newest first. */
export function historyOf({ facts, messages, notes }: Pick<WallDetail, "facts" | "messages" | "notes">): readonly HistoryEntry[] {
  const entries: readonly HistoryEntry[] = [
    ...facts.newest.map(({ fact, detail, at }, i) => ({
      key: `fact-${at}-${i}`,
      kind: "fact" as const,
      fact,
      detail,
      at,
    })),
    ...messages.map(({ id, text, by, at, seenAt }) => ({ key: id, kind: "message" as const, text, by, seenAt, at })),
    ...notes.map(({ id, text, by, at }) => ({ key: id, kind: "note" as const, text, by, at })),
  ];
  return entries.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
