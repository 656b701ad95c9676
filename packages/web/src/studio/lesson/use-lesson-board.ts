/** Fetches what the lesson's board has: whether there is a PDF of it, and whether board videos can show it. */
import type { Lesson } from "@lectern/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { lessonPath } from "./lesson-api.ts";

const REFETCH_MS = 15_000;

/** It grows only while somebody teaches; at the end it is asked for once more. */
export function useLessonBoard({ state }: Pick<Lesson, "state">): { readonly pages: number; readonly wasShown: boolean } {
  const { data } = useQuery({
    queryKey: ["lesson-board", state],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/board", lessonPath)),
    refetchInterval: state === "ended" ? false : REFETCH_MS,
    placeholderData: keepPreviousData,
  });
  return data ?? { pages: 0, wasShown: false };
}
