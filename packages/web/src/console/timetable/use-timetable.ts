/** Provides the lessons of some days of the school, and moving a lesson. */
import type { Lesson } from "@lectern/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DateTime } from "luxon";
import { api, unwrap } from "../../session/api.ts";
import { movedWeekly } from "../lessons/series-pattern.ts";
import type { TimeWindow } from "../list/week-windows.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useTimeZone } from "../school/school-time.ts";
import { toIsoUtc } from "../school/zoned-time.ts";
import { movedEnd, type Slot, slotOf } from "./week.ts";

export type PlacedLesson = { readonly lesson: Lesson; readonly slot: Slot };

/** A lesson, and from when to when it is moved. */
export type Move = { readonly lesson: Lesson; readonly from: DateTime; readonly to: DateTime };

/** Which lessons of a series are moved as one of them was. */
export type MovedLessons = "following" | "all";

type Moved = {
  /** After the server has the new time. */
  readonly onMoved: (move: Move) => void;
  readonly onSeriesMoved: (move: Move) => void;
};

/** @param until exclusive */
export function useTimetable(from: DateTime, until: DateTime, { onMoved, onSeriesMoved }: Moved) {
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
  // Also after a refusal: of a series, a part may have been moved before it.
  const reload = () => client.invalidateQueries({ queryKey: ["lessons"] });
  const move = useMutation({
    mutationFn: moveLesson,
    onSuccess: (lesson, { from: before, to }: Move) => onMoved({ lesson, from: before, to }),
    onSettled: reload,
  });
  const moveSeries = useMutation({
    mutationFn: async ({ moved, scope: of }: { readonly moved: Move; readonly scope: MovedLessons }) => {
      // The lesson goes back first: it moves with the others, and is none that was changed by itself.
      await moveLesson({ lesson: moved.lesson, to: moved.from });
      await moveLessonsOfSeries(moved, of);
    },
    onSuccess: (_, { moved }) => onSeriesMoved(moved),
    onSettled: reload,
  });
  const error = move.error ?? moveSeries.error ?? lessons.error;
  return { placed, isPending: lessons.isPending, move: move.mutate, moveSeries: moveSeries.mutate, error };
}

function moveLesson({ lesson, to }: Pick<Move, "lesson" | "to">) {
  const end = movedEnd(lesson, to);
  const body = { startsAt: toIsoUtc(to), endsAt: end && toIsoUtc(end) };
  return unwrap(api().PATCH("/api/v1/lessons/{lessonId}", { params: { path: { lessonId: lesson.id } }, body }));
}

/** Moves the other lessons of a series as one of them was moved. */
async function moveLessonsOfSeries({ lesson: { seriesId, occurrence }, from, to }: Move, scope: MovedLessons): Promise<void> {
  if (seriesId === null || occurrence === null) return;
  const params = { path: { lessonSeriesId: seriesId } };
  const series = await unwrap(api().GET("/api/v1/lesson-series/{lessonSeriesId}", { params }));
  const zone = series.timeZone;
  const body = { weekly: movedWeekly(series.weekly, from.setZone(zone), to.setZone(zone)) };
  const day = occurrence.slice(0, 10);
  if (scope === "all") await unwrap(api().PATCH("/api/v1/lesson-series/{lessonSeriesId}", { params, body: changed(body) }));
  else {
    const later = { ...changed(body), from: day };
    await unwrap(api().POST("/api/v1/lesson-series/{lessonSeriesId}/following", { params, body: later }));
  }
}

/** The type of requests has lists that can be changed. */
function changed({ weekly }: { readonly weekly: readonly TimeWindow[] }) {
  return { weekly: weekly.map(({ days, from, to }) => ({ days: [...days], from, to })) };
}
