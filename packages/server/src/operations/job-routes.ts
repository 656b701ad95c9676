/** Serves the route of monitoring: the jobs that nodes do for streams. */
import { z } from "zod";
import type { Actor } from "../access/actor.ts";
import { type ApiRoute, route } from "../access/route.ts";
import { JOB_REPORT_STATES, type JobReport, STREAM_JOBS } from "../contracts/jobs/job-report.ts";

export type JobsOptions = {
  /** The jobs of all nodes. */
  readonly reports: () => Promise<readonly JobReport[]>;
  /** Which jobs a caller may see. */
  readonly jobsOf: (actor: Actor) => Promise<(job: JobReport) => boolean>;
};

const MAX_LIMIT = 1000;
const number = z.number();
const code = z.string().describe("A code of docs/errors.md, Problems of jobs.");
const jobShape = z
  .object({
    kind: z.enum(STREAM_JOBS),
    id: z
      .string()
      .describe(
        "Of the source or the forward; the lesson of captions; opus, aac or rtc for a form of a stream; empty for a ladder.",
      ),
    app: z.string(),
    name: z.string(),
    node: z.string().nullable(),
    state: z.enum(JOB_REPORT_STATES),
    since: z.iso.datetime(),
    problem: z.object({ code, detail: z.string() }).nullable(),
    cores: number.nullable().describe("Cores that its programs use; null: none, or not measured yet."),
    address: z.int().nullable().describe("The address of a source that is in use, counted from 0."),
    restarts: z.int(),
    rungs: z
      .array(z.object({ name: z.string(), state: z.enum(["running", "dropped"]), lagMs: number, problem: code.nullable() }))
      .describe("Of a ladder."),
  })
  .meta({ id: "Job" });

export function jobRoutes(options: JobsOptions): ApiRoute[] {
  return [
    route({
      id: "listJobs",
      method: "GET",
      path: "/jobs",
      tag: "Streams",
      summary:
        "Jobs of the nodes: ladders, sources, forwards and captions; all for an operator, those of the school for its administrators",
      access: { roles: ["operator", "administrator"], scope: "streams:read" },
      rights: ["++------", null],
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100),
        cursor: z.string().max(512).default(""),
        kind: z.enum(STREAM_JOBS).optional(),
        state: z.enum(JOB_REPORT_STATES).optional(),
      }),
      status: 200,
      answer: z.object({ items: z.array(jobShape), nextCursor: z.string().nullable() }),
      refusals: ["database-away"],
      handle: async ({ actor, query: { limit, cursor, kind, state } }) => {
        const isVisible = await options.jobsOf(actor);
        const all = (await options.reports())
          .filter(
            (job) => (kind === undefined || job.kind === kind) && (state === undefined || job.state === state) && isVisible(job),
          )
          .map((job) => ({ key: keyOf(job), job }))
          .filter(({ key }) => key > cursor)
          .sort((a, b) => (a.key < b.key ? -1 : 1));
        const page = all.slice(0, limit);
        const nextCursor = all.length > limit ? (page.at(-1)?.key ?? null) : null;
        return { body: { items: page.map(({ job }) => shown(job)), nextCursor } };
      },
    }),
  ];
}

/** While a job moves, two nodes report it. */
function keyOf({ app, name, kind, id, node }: JobReport): string {
  return `${app}/${name} ${kind} ${id} ${node ?? ""}`;
}

function shown(job: JobReport) {
  return { ...job, since: new Date(job.since).toISOString(), rungs: job.rungs.map((rung) => ({ ...rung })) };
}
