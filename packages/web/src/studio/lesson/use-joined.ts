/** Provides the teacher as a participant of the lesson: the signed links of the preview, and of the class's room. */
import type { Joined, Lesson } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { roomSocket } from "../../room/preconnect-socket.ts";
import { api, unwrap } from "../../session/api.ts";
import { lessonPath } from "./lesson-api.ts";

/** The teacher's own signed links expire as those of students do. */
const RENEW_LINKS_MS = 600_000;

/** @param isWanted whether the teacher joins, and stays joined */
export function useJoined(isWanted: boolean): Joined | null {
  const joined = useQuery({
    queryKey: ["joined"],
    queryFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/join", { ...lessonPath, body: {} })),
    enabled: isWanted,
    refetchInterval: RENEW_LINKS_MS,
  });
  return joined.data ?? null;
}

/** The address of the room's socket, with the query of a signed link; null: there is none. */
export function roomAddress(lesson: Lesson, joined: Joined | null): string | null {
  const link = joined?.play?.flv ?? joined?.play?.hls;
  return link ? roomSocket(lesson.code ?? lesson.id, link) : null;
}
