/** Defines what policies are for: their addresses in the console, and their names. */
import type { PolicyTarget } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../../session/api.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { type SchoolSummary, useSchoolScope } from "../../school/school-context.ts";

export type Level = PolicyTarget["level"];
export type Target = Readonly<PolicyTarget>;

/** From the farthest to the nearest. */
export const LEVELS = ["installation", "school", "course", "lesson", "stream", "recording"] as const satisfies readonly Level[];
/** Only operators set these. */
export const OPERATORS_LEVELS: readonly Level[] = ["installation", "stream"];

/** Below /console. */
export function targetPath({ level, id }: Target): string {
  return `/access/policy?${new URLSearchParams({ level, id })}`;
}

/** The target of an address's parameters; null where they name none. */
export function targetOfQuery(parameters: URLSearchParams): Target | null {
  const level = LEVELS.find((one) => one === parameters.get("level"));
  const id = parameters.get("id") ?? "";
  return level && (id !== "" || level === "installation") ? { level, id } : null;
}

/** Of `school ID`, as refusals name a policy; null where it names none. */
export function targetOfName(name: string | null): Target | null {
  const [, word = "", id = ""] = /^(\w+)(?: (.+))?$/.exec(name ?? "") ?? [];
  const level = LEVELS.find((one) => one === word);
  return level ? { level, id } : null;
}

export function isSame(one: Target, other: Target): boolean {
  return one.level === other.level && one.id === other.id;
}

/** The name of a target; its id where it has none. */
export async function targetName({ level, id }: Target, schools: readonly SchoolSummary[]): Promise<string> {
  try {
    if (level === "course")
      return (await unwrap(api().GET("/api/v1/courses/{courseId}", { params: { path: { courseId: id } } }))).name;
    if (level === "lesson")
      return (await unwrap(api().GET("/api/v1/lessons/{lessonId}", { params: { path: { lessonId: id } } }))).title;
    if (level === "recording")
      return (await unwrap(api().GET("/api/v1/recordings/{recordingId}", { params: { path: { recordingId: id } } }))).title;
  } catch {
    // It may have been deleted meanwhile.
    return id;
  }
  return level === "school" ? (schools.find((school) => school.id === id)?.name ?? id) : id;
}

/** The name of a target with its level in words; empty until it is known, and for null. */
export function useTargetText(target: Target | null): string {
  const { t } = useTranslation();
  const { schools } = useSchoolScope();
  const { level, id } = target ?? { level: "installation", id: "" };
  const name = useQuery({
    queryKey: ["target name", level, id],
    queryFn: () => targetName({ level, id }, schools),
    staleTime: 60_000,
    enabled: id !== "",
  });
  if (!target) return "";
  if (level !== "installation" && name.data === undefined) return t(`policies.levels.${level}`);
  return t(`policies.named.${level}`, { name: name.data ?? "" });
}
