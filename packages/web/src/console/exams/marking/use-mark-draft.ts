/** Holds what a marker is about to give for an answer. Ticking criteria sets the points to their sum, and typing sets others. */
import type { Criterion } from "@lectern/exam";
import { useState } from "react";
import type { Given } from "./marking-queue.ts";
import { readPoints, sumOf, withHalf } from "./points-text.ts";

type MarkDraftOptions = {
  readonly of: number;
  readonly criteria: readonly Criterion[];
  /** Null: it was not marked before. */
  readonly before: Given | null;
};

export function useMarkDraft({ of, criteria, before }: MarkDraftOptions) {
  const [typed, setTyped] = useState(before ? String(before.points) : "");
  const [met, setMet] = useState<readonly string[]>(before?.criteria ?? []);
  const [comment, setComment] = useState(before?.comment ?? "");
  const points = readPoints(typed, of);
  return {
    typed,
    met,
    comment,
    /** Null: what is typed cannot be given. */
    points,
    type: setTyped,
    write: setComment,
    half: () => setTyped(withHalf(typed, of)),
    toggle: (id: string | undefined) => {
      if (id === undefined) return;
      const changed = met.includes(id) ? met.filter((one) => one !== id) : [...met, id];
      setMet(changed);
      setTyped(String(Math.min(of, sumOf(criteria, changed))));
    },
    /** What somebody else gives, until it is changed. */
    take: (given: Given) => {
      setTyped(String(given.points));
      setMet(given.criteria.filter((id) => criteria.some((one) => one.id === id)));
      setComment(given.comment);
    },
    addComment: (text: string | undefined) => {
      if (text !== undefined) setComment(comment.trim() === "" ? text : `${comment.trimEnd()} ${text}`);
    },
    read: (): Given | null => (points === null ? null : { points, criteria: met, comment: comment.trim() }),
  };
}
