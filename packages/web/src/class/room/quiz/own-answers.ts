/** Keeps what a person has answered in this tab over a reload, and asks the server where this tab does not know it. */

import { type Choice, choiceOf, isBody, listOf, parseJson, textOf } from "@lectern/room";
import { useEffect, useRef, useState } from "react";
import type { Room } from "../../../room/use-room.ts";
import { keepValue, keptValue } from "../../../session/kept-values.ts";

type Answers = ReadonlyMap<string, Choice>;
export type OwnAnswers = { readonly of: (quiz: string) => Choice | null; readonly keep: (quiz: string, choice: Choice) => void };

/** @param unknown whether there is a quiz to which this tab knows no answer */
export function useOwnAnswers(room: Room, lessonId: string, openRefs: readonly string[]): OwnAnswers {
  const key = `lectern.class.answers.${lessonId}`;
  const [answers, setAnswers] = useState<Answers>(() => keptAnswers(key));
  const isRequested = useRef(false);
  const keep = (found: readonly (readonly [string, Choice])[]): void =>
    setAnswers((known) => {
      const all = new Map([...known, ...found]);
      keepValue("tab", key, JSON.stringify([...all]));
      return all;
    });
  const isUnknown = openRefs.some((ref) => !answers.has(ref));
  const { send, you } = room;
  const isStudent = you !== null && you.role !== "staff";
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it is first needed
  useEffect(() => {
    if (!isUnknown || !isStudent || isRequested.current) return;
    isRequested.current = true;
    send("answer", { mine: true }).then(
      ({ answer }) =>
        keep(
          listOf(answer?.["answers"]).flatMap((item) => {
            const quiz = isBody(item) ? textOf(item, "quiz") : null;
            const choice = isBody(item) ? choiceOf(item["choice"]) : null;
            return quiz === null || choice === null ? [] : [[quiz, choice] as const];
          }),
        ),
      () => {},
    );
  }, [isUnknown, isStudent, send]);
  return { of: (quiz) => answers.get(quiz) ?? null, keep: (quiz, choice) => keep([[quiz, choice]]) };
}

function keptAnswers(key: string): Answers {
  const stored = listOf(parseJson(keptValue("tab", key) ?? "[]"));
  return new Map(
    stored.flatMap((pair) => {
      const [quiz, value] = listOf(pair);
      const choice = choiceOf(value);
      return typeof quiz === "string" && choice !== null ? [[quiz, choice] as const] : [];
    }),
  );
}
