/** Deletes lessons of a series: one, those from a day on, and all that are ahead. */
import type { LessonSeries } from "@lectern/client";
import { api, unwrap } from "../../session/api.ts";

export function deleteLesson(lessonId: string) {
  return unwrap(api().DELETE("/api/v1/lessons/{lessonId}", { params: { path: { lessonId } } }));
}

/** A series of which nothing is left is deleted. */
export async function deleteFollowing({ id, startsOn }: Pick<LessonSeries, "id" | "startsOn">, from: string): Promise<void> {
  if (from <= startsOn) return await deleteSeries(id);
  const params = { path: { lessonSeriesId: id } };
  await unwrap(api().POST("/api/v1/lesson-series/{lessonSeriesId}/end", { params, body: { from } }));
}

export async function deleteSeries(lessonSeriesId: string): Promise<void> {
  await unwrap(api().DELETE("/api/v1/lesson-series/{lessonSeriesId}", { params: { path: { lessonSeriesId } } }));
}
