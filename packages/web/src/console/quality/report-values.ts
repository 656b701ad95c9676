/** Defines what the report of lesson quality asks for, as the page's address says it, and the sum of its rows. */
import type { QualityReportRow } from "@lectern/client";
import { DateTime } from "../../schedule/dates.ts";
import { toIsoUtc } from "../school/zoned-time.ts";

export const GROUPINGS = ["day", "lesson", "teacher", "course", "carrier"] as const;
export type Grouping = (typeof GROUPINGS)[number];
/** In days. The API takes up to 366. */
export const SPANS = ["7", "30", "90", "366"] as const;
/** Each narrows the report to one row of another one. */
export const FILTERS = ["teacherId", "courseId", "carrier", "day"] as const;
type Filter = (typeof FILTERS)[number];

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export type ReportQuery = {
  readonly by: Grouping;
  readonly from: string;
  readonly to: string;
  readonly teacherId?: string;
  readonly courseId?: string;
  readonly carrier?: string;
};

/** @param now milliseconds since 1970 @param zone the school's, whose days the report has */
export function reportQuery(parameters: URLSearchParams, now: number, zone: string): ReportQuery {
  const by = GROUPINGS.find((one) => one === parameters.get("by")) ?? "day";
  const filters: { -readonly [K in Exclude<Filter, "day">]?: string } = {};
  for (const name of ["teacherId", "courseId", "carrier"] as const) {
    const value = parameters.get(name);
    if (value) filters[name] = value;
  }
  return { by, ...filters, ...spanOf(parameters, now, zone) };
}

/** The day, or so many days until now: whole minutes, so that the query stays the same for a minute. */
function spanOf(parameters: URLSearchParams, now: number, zone: string): { from: string; to: string } {
  const day = DateTime.fromISO(parameters.get("day") ?? "", { zone }).startOf("day");
  if (day.isValid) return { from: toIsoUtc(day), to: toIsoUtc(day.plus({ days: 1 })) };
  const days = Number(spanName(parameters));
  const to = Math.ceil((now + 1) / MINUTE_MS) * MINUTE_MS;
  return { from: new Date(to - days * DAY_MS).toISOString(), to: new Date(to).toISOString() };
}

export function spanName(parameters: URLSearchParams): (typeof SPANS)[number] {
  return SPANS.find((span) => span === parameters.get("days")) ?? "30";
}

/** The address of what a row consists of; null: the row is of no one, or of a lesson. */
export function rowParameters(parameters: URLSearchParams, by: Grouping, { key, name }: QualityReportRow): URLSearchParams | null {
  if (key === "" || by === "lesson") return null;
  const next = new URLSearchParams(parameters);
  next.set("by", by === "carrier" ? "day" : "lesson");
  next.set({ day: "day", teacher: "teacherId", course: "courseId", carrier: "carrier" }[by], key);
  next.set("name", name);
  return next;
}

export function withoutFilters(parameters: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(parameters);
  for (const name of [...FILTERS, "name"]) next.delete(name);
  return next;
}

/** All rows together. Lessons that are in several rows, as of carriers, are in it several times: their number is left out. */
export function totalOf(rows: readonly QualityReportRow[]) {
  const sum = (value: (row: QualityReportRow) => number) => rows.reduce((all, row) => all + value(row), 0);
  const viewers = sum((row) => row.viewers);
  const [watchedMs, stallMs] = [sum((row) => row.watchedMs), sum((row) => row.stallMs)];
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    viewers,
    watchedMs,
    affected: sum((row) => row.affected),
    complainedWithoutView: sum((row) => row.complainedWithoutView),
    completionRate: share(Math.round(sum((row) => (row.completionRate ?? 0) * row.viewers)), viewers),
    complaintRate: share(
      sum((row) => row.complained),
      viewers + sum((row) => row.complainedWithoutView),
    ),
    stallRatio: share(stallMs, watchedMs + stallMs),
  };
}
