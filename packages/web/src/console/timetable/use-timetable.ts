/** The lessons of one week of the school, and moving a lesson. */
import type { Lesson } from "@lectern/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DateTime } from "luxon";
import { useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useTimeZone } from "../school/school-time.ts";
import { toIsoUtc } from "../school/zoned-time.ts";
import { movedEnd, type Slot, slotOf } from "./week.ts";

export type PlacedLesson = { readonly lesson: Lesson; readonly slot: Slot };

/** The last move, for undo. */
export type Move = { readonly lesson: Lesson; readonly from: DateTime; readonly to: DateTime };

export function useTimetable(monday: DateTime) {
  const scope = useSchoolScope();
  const zone = useTimeZone();
  const client = useQueryClient();
  const [lastMove, setLastMove] = useState<Move | null>(null);
  const lessons = useQuery({
    queryKey: ["lessons", "week", scope.school?.id, monday.toISO()],
    queryFn: () => {
      const range = { from: toIsoUtc(monday), to: toIsoUtc(monday.plus({ days: 7 })) };
      return unwrap(api().GET("/api/v1/lessons", { params: { query: { ...schoolQuery(scope), ...range, limit: 1000 } } }));
    },
  });
  const placed: readonly PlacedLesson[] = (lessons.data?.items ?? []).flatMap((lesson) => {
    const slot = slotOf(lesson, zone);
    return slot ? [{ lesson, slot }] : [];
  });
  const move = useMutation({
    mutationFn: ({ lesson, to }: Move) => {
      const end = movedEnd(lesson, to);
      const body = { startsAt: toIsoUtc(to), endsAt: end && toIsoUtc(end) };
      return unwrap(api().PATCH("/api/v1/lessons/{lessonId}", { params: { path: { lessonId: lesson.id } }, body }));
    },
    onSuccess: (lesson, { from, to }) => {
      setLastMove({ lesson, from, to });
      return client.invalidateQueries({ queryKey: ["lessons"] });
    },
  });
  return { placed, lastMove, move: move.mutate, error: move.error };
}
