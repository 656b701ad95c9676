/** What the lesson's board has: whether there is a PDF of it, and whether films can show it. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { lessonPath } from "./lesson-api.ts";

/** It grows only while somebody teaches. */
const REFETCH_MS = 15_000;

export function useLessonBoard(): { readonly pages: number; readonly wasShown: boolean } {
  const { data } = useQuery({
    queryKey: ["lesson-board"],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/board", lessonPath)),
    refetchInterval: REFETCH_MS,
  });
  return data ?? { pages: 0, wasShown: false };
}
