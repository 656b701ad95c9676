/** Provides the terms of the school that are not over, the next one first. */
import type { CalendarEntry } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { DateTime } from "../../schedule/dates.ts";
import { api, unwrap } from "../../session/api.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";

const MAX_SHOWN = 3;

export function useTerms(): readonly CalendarEntry[] {
  const scope = schoolQuery(useSchoolScope());
  const entries = useQuery({
    queryKey: ["calendar-entries", "all", scope],
    queryFn: () => unwrap(api().GET("/api/v1/calendar-entries", { params: { query: { ...scope, limit: 1000 } } })),
  });
  const today = DateTime.now().toFormat("yyyy-MM-dd");
  return (entries.data?.items ?? [])
    .filter(({ kind, endsOn }) => kind === "term" && endsOn >= today)
    .toSorted((a, b) => a.endsOn.localeCompare(b.endsOn))
    .slice(0, MAX_SHOWN);
}
