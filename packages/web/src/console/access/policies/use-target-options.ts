/** Fetches what a person can choose a policy for: the courses, lessons and recordings of the school. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../../session/api.ts";
import type { Option } from "../../list/filters.tsx";
import { schoolQuery, useSchoolScope } from "../../school/school-context.ts";
import type { Level } from "./target.ts";

const LIMIT = 1000;

export type TargetOptions = Readonly<Partial<Record<Level, readonly Option[]>>>;

export function useTargetOptions(): TargetOptions {
  const place = useSchoolScope();
  const scope = schoolQuery(place);
  const options = useQuery({
    queryKey: ["target options", scope],
    queryFn: async () => {
      const params = { params: { query: { ...scope, limit: LIMIT } } };
      const [courses, lessons, recordings] = await Promise.all([
        unwrap(api().GET("/api/v1/courses", params)),
        unwrap(api().GET("/api/v1/lessons", params)),
        unwrap(api().GET("/api/v1/recordings", params)),
      ]);
      const titled = (items: readonly { readonly id: string; readonly title: string }[]) =>
        items.map(({ id, title }) => ({ value: id, label: title }));
      return {
        course: courses.items.map(({ id, name }) => ({ value: id, label: name })),
        lesson: titled(lessons.items),
        recording: titled(recordings.items),
      };
    },
  });
  const shown = place.school ? [place.school] : place.schools;
  return { school: shown.map(({ id, name }) => ({ value: id, label: name })), ...options.data };
}
