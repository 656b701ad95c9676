/** Defines what the API takes and returns about probes. */
import { z } from "zod";
import { DEFAULT_SECONDS, PROBE_VERDICTS, probeReport } from "../../../contracts/monitoring/probe-report.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { Probe, ProbeRun } from "../../foundation/store/probe-tables.ts";

const LEAST_EVERY_SECONDS = 60;
const DEFAULT_EVERY_SECONDS = 300;
const LONGEST_EVERY_SECONDS = 86_400;
/** Shorter runs see no picture that stands still; longer ones keep others waiting. */
const [LEAST_SECONDS, MOST_SECONDS] = [10, 60];

const every = z.int().min(LEAST_EVERY_SECONDS).max(LONGEST_EVERY_SECONDS);
const seconds = z.int().min(LEAST_SECONDS).max(MOST_SECONDS);
const node = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/);
const fields = {
  name: text(100),
  lessonId: id.nullable().describe("Null: all lessons that are live."),
  via: node.nullable().describe("The node to watch at; null: the one that the dispatch chooses."),
  everySeconds: every.describe("The interval of runs, at each node with the role probe."),
  seconds: seconds.describe("How long each run watches."),
  black: z.boolean().describe("A black picture is a fault."),
  frozen: z.boolean().describe("A picture that stands still is a fault. Switch it off where slides fill the picture."),
  silent: z.boolean().describe("Silence is a fault."),
  enabled: z.boolean(),
};

export const newProbe = z.strictObject({
  schoolId: id.optional().describe("Without it, an operator's probe watches lessons of all schools."),
  name: fields.name,
  lessonId: fields.lessonId.default(null),
  via: fields.via.default(null),
  everySeconds: fields.everySeconds.default(DEFAULT_EVERY_SECONDS),
  seconds: fields.seconds.default(DEFAULT_SECONDS),
  black: fields.black.default(true),
  frozen: fields.frozen.default(true),
  silent: fields.silent.default(true),
  enabled: fields.enabled.default(true),
});
const { lessonId: _, ...changeable } = fields;
/** What it watches stays: create another probe instead. */
export const changedProbe = z.strictObject(changeable).partial();

export const probeRunShape = z
  .object({
    id,
    probeId: id,
    lessonId: id,
    lesson: z.string().describe("Its title."),
    node: z.string().describe("The node that watched."),
    at: time,
    verdict: z.enum(PROBE_VERDICTS),
    report: probeReport,
  })
  .meta({ id: "ProbeRun" });

export const probeShape = z
  .object({
    id,
    schoolId: id.nullable(),
    ...fields,
    lastRunAt: time.nullable(),
    lastVerdict: z.enum(PROBE_VERDICTS).nullable(),
    createdAt: time,
    version,
  })
  .meta({ id: "Probe" });

export type NewestRun = Pick<ProbeRun, "probe_id" | "at" | "verdict">;

export function probeResponse(probe: Probe, newest: NewestRun | undefined) {
  return {
    id: probe.id,
    schoolId: probe.school_id,
    name: probe.name,
    lessonId: probe.lesson_id,
    via: probe.via,
    everySeconds: probe.every_seconds,
    seconds: probe.seconds,
    black: probe.black,
    frozen: probe.frozen,
    silent: probe.silent,
    enabled: probe.enabled,
    lastRunAt: newest?.at ?? null,
    lastVerdict: newest?.verdict ?? null,
    createdAt: probe.created_at,
    version: probe.version,
  };
}

export function probeRunResponse({
  id: runId,
  probe_id,
  lesson_id,
  title,
  node: from,
  at,
  verdict,
  report,
}: ProbeRun & { title: string }) {
  return { id: runId, probeId: probe_id, lessonId: lesson_id, lesson: title, node: from, at, verdict, report };
}
