/** Fetches how a lesson is seen, and again as viewers tell more. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";

/** Players tell something every ten seconds, and servers pass it on within a few. */
const REFETCH_MS = 3000;

export function useExperience(lessonId: string) {
  return useQuery({
    queryKey: ["experience", lessonId],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/experience", { params: { path: { lessonId } } })),
    refetchInterval: REFETCH_MS,
  });
}
