/** Provides the courses of the school to choose from. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import type { Option } from "../list/filters.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";

const MAX_COURSES = 200;

export function useCourseOptions(): readonly Option[] {
  const query = { ...schoolQuery(useSchoolScope()), limit: MAX_COURSES };
  const courses = useQuery({
    queryKey: ["courses", "options", query],
    queryFn: () => unwrap(api().GET("/api/v1/courses", { params: { query } })),
  });
  return courses.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
}
