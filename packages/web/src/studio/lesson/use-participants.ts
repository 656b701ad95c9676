/** Provides those who have joined the lesson, those who have left it, and those who wait to be let in. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { lessonId } from "./lesson-api.ts";

export const PARTICIPANTS = ["participants"];
const REFETCH_MS = 4000;

export function useParticipants() {
  const participants = useQuery({
    queryKey: PARTICIPANTS,
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons/{lessonId}/participants", { params: { path: { lessonId }, query: { limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  return (participants.data?.items ?? []).filter(({ removedAt }) => removedAt === null);
}
