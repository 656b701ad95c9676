/** The lessons of some days of the school, and moving a lesson. */
import type { Lesson } from "@lectern/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DateTime } from "luxon";
import { api, unwrap } from "../../session/api.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useTimeZone } from "../school/school-time.ts";
import { toIsoUtc } from "../school/zoned-time.ts";
import { movedEnd, type Slot, slotOf } from "./week.ts";

export type PlacedLesson = { readonly lesson: Lesson; readonly slot: Slot };

/** A lesson, and from when to when it is moved. */
export type Move = { readonly lesson: Lesson; readonly from: DateTime; readonly to: DateTime };

/** @param until exclusive; @param onMoved after the server has the new time */
export function useTimetable(from: DateTime, until: DateTime, onMoved: (move: Move) => void) {
  const scope = useSchoolScope();
  const zone = useTimeZone();
  const client = useQueryClient();
  const lessons = useQuery({
    queryKey: ["lessons", "days", scope.school?.id, from.toISO(), until.toISO()],
    queryFn: () => {
      const range = { from: toIsoUtc(from), to: toIsoUtc(until) };
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
    onSuccess: (lesson, { from: before, to }) => {
      onMoved({ lesson, from: before, to });
      return client.invalidateQueries({ queryKey: ["lessons"] });
    },
  });
  return { placed, isPending: lessons.isPending, move: move.mutate, error: move.error ?? lessons.error };
}
