/** Fetches what a school has of its first steps, and the teachers who have not come yet. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import type { SchoolSummary } from "../school/school-context.ts";
import type { SchoolProgress } from "./setup-steps.ts";

const REFETCH_MS = 15_000;
const LONG_AGO = "2000-01-01T00:00:00Z";
const MAX_MISSING = 3;

type Missing = { readonly id: string; readonly name: string };
type SchoolState = { readonly progress: SchoolProgress; readonly missingTeachers: readonly Missing[] };

/** Undefined while it is not known. */
export function useSchoolProgress({ id: schoolId, logo }: SchoolSummary, isWanted: boolean): SchoolState | undefined {
  const { data } = useQuery({
    queryKey: ["school progress", schoolId],
    queryFn: () => loadState(schoolId),
    enabled: isWanted,
    refetchInterval: REFETCH_MS,
  });
  return data && { ...data, progress: { ...data.progress, logo: logo !== null } };
}

async function loadState(schoolId: string): Promise<SchoolState> {
  const lessons = (query: { readonly from?: string; readonly state?: "ended" }) =>
    unwrap(api().GET("/api/v1/lessons", { params: { query: { schoolId, limit: 1, ...query } } }));
  const people = (query: { readonly role: "student" | "teacher"; readonly signedIn?: boolean; readonly limit: number }) =>
    unwrap(api().GET("/api/v1/users", { params: { query: { schoolId, ...query } } }));
  const [students, teachers, missing, planned, ended] = await Promise.all([
    people({ role: "student", limit: 1 }),
    people({ role: "teacher", limit: 1 }),
    people({ role: "teacher", signedIn: false, limit: MAX_MISSING }),
    lessons({ from: LONG_AGO }),
    lessons({ state: "ended" }),
  ]);
  const has = ({ items }: { readonly items: readonly unknown[] }) => items.length > 0;
  return {
    progress: { people: has(students) && has(teachers), timetable: has(planned), logo: false, lesson: has(ended) },
    missingTeachers: missing.items.filter(({ disabledAt }) => disabledAt === null),
  };
}
