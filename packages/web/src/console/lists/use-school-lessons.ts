/** Asks for lessons of the school that the console shows. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";

type LessonsQuery = {
  readonly state?: "scheduled" | "live";
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
};

/** @param name of the query, whose answer pages share. @param refetchMs default: never */
export function useSchoolLessons(name: string, query: LessonsQuery, refetchMs?: number) {
  const scope = useSchoolScope();
  return useQuery({
    queryKey: ["lessons", name, scope.school?.id],
    queryFn: () => unwrap(api().GET("/api/v1/lessons", { params: { query: { ...schoolQuery(scope), ...query } } })),
    ...(refetchMs ? { refetchInterval: refetchMs } : {}),
  });
}
