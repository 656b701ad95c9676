/** Provides who is in the room now. */
import { numberOf } from "@lectern/room";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Room } from "../../room/use-room.ts";
import { api, unwrap } from "../../session/api.ts";
import { lessonId } from "../lesson/lesson-api.ts";

/** The list follows who comes and goes, but not each of a thousand who come at once. */
const FOLLOW_MS = 1000;

/** The people of the room now, by name. Asked for again when the room says that its people have changed. */
export function usePeople(room: Room, search: string, limit: number) {
  const version = numberOf(room.signal("roster") ?? {}, "version");
  const people = useQuery({
    queryKey: ["room-people", search, limit],
    queryFn: () => {
      const query = { limit, ...(search === "" ? {} : { search }) };
      return unwrap(api().GET("/api/v1/lessons/{lessonId}/room/people", { params: { path: { lessonId }, query } }));
    },
    placeholderData: (before) => before,
  });
  const { refetch, data } = people;
  const isOld = version !== null && data !== undefined && data.version < version;
  useEffect(() => {
    if (!isOld) return;
    const timer = setTimeout(() => void refetch(), FOLLOW_MS);
    return () => clearTimeout(timer);
  }, [isOld, refetch]);
  return people;
}
