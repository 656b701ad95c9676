/** Provides the answers to a question one by one: those that wait, and those that were marked here, to go back to. */
import type { ExamMarking } from "@lectern/client";
import { useEffect, useState } from "react";
import { api, unwrap } from "../../../session/api.ts";

export type WaitingAnswer = ExamMarking["items"][number];

/** Asked for at once. */
const PAGE = 50;
/** So few are left when more are asked for. */
const FEW = 5;

export function useAnswerQueue(examinationId: string, question: string) {
  const [answers, setAnswers] = useState<readonly WaitingAnswer[] | null>(null);
  const [at, setAt] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const [isComplete, setIsComplete] = useState(false);
  const [tries, setTries] = useState(0);
  const left = answers === null ? 0 : answers.length - at;
  const last = answers?.at(-1)?.attemptId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks for the same
  useEffect(() => {
    if (isComplete || left > FEW) return;
    let isShown = true;
    const query = { question, limit: PAGE, ...(last === undefined ? {} : { cursor: last }) };
    unwrap(api().GET("/api/v1/examinations/{examinationId}/marking", { params: { path: { examinationId }, query } })).then(
      ({ items, nextCursor }) => {
        if (!isShown) return;
        setError(null);
        setAnswers((before) => [...(before ?? []), ...items]);
        if (nextCursor === null) setIsComplete(true);
      },
      (failure: unknown) => isShown && setError(failure),
    );
    return () => {
      isShown = false;
    };
  }, [examinationId, question, left <= FEW, last, isComplete, tries]);
  return {
    /** Null: they are loading. */
    answers,
    at,
    current: answers?.[at] ?? null,
    error,
    again: () => setTries(tries + 1),
    go: (to: number) => setAt(Math.max(0, Math.min(to, answers?.length ?? 0))),
    /** Notes what was given, and goes on. */
    marked: (points: number, comment: string) => {
      setAnswers((before) => before?.map((answer, place) => (place === at ? { ...answer, points, comment } : answer)) ?? null);
      setAt(at + 1);
    },
  };
}
