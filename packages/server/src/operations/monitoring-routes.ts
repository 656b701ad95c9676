/** Serves the routes of monitoring: metrics and live streams. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Actor } from "../access/actor.ts";
import { lessonStreamOf } from "../access/policies/stream-policy.ts";
import { type ApiRoute, route } from "../access/route.ts";
import { MEDIA_PROBLEMS } from "../contracts/monitoring/media-problem.ts";
import { UPLINK_VERDICTS } from "../contracts/monitoring/node-sample.ts";
import { RefusalError } from "../platform/api/server.ts";
import type { FailedAttempt } from "./failed-attempts.ts";
import type { StreamReport } from "./stream-report.ts";

export type OperationsOptions = {
  /** Live streams of all processes. */
  readonly streams: () => Promise<readonly StreamReport[]>;
  /** Ends a stream. False when it is not live. */
  readonly endStream: (app: string, name: string) => Promise<boolean>;
  /** Starts or stops a recording manually. False when the stream is not live. @throws RefusalError quota-reached */
  readonly recordStream: (app: string, name: string, action: "start" | "stop") => Promise<boolean>;
  /** The lessons' streams that a caller may see and end, with those of their members, as `app/name`; null: all. */
  readonly streamsOf: (actor: Actor) => Promise<ReadonlySet<string> | null>;
  /** The stream of a lesson, for its staff. @throws RefusalError not-found, refused-by-rule */
  readonly lessonStream: (actor: Actor, lessonId: string) => Promise<{ readonly app: string; readonly name: string }>;
  /** Who tried in vain to publish a stream lately, the newest first. */
  readonly attemptsOf: (app: string, name: string) => readonly FailedAttempt[];
  /** The signed address of a still. */
  readonly stillOf: (app: string, name: string) => string;
  /** In Prometheus' exposition format, of all processes. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether a request may read /metrics: by its address, or as an operator. @throws RefusalError */
  readonly admitToMetrics: (request: FastifyRequest) => Promise<void>;
};

const MAX_LIMIT = 1000;
/** Studios poll once a second. Within this time they share one query to the workers. */
const SHARE_MS = 400;
const TAG = "Streams";

const number = z.number();
const streamShape = z
  .object({
    app: z.string(),
    name: z.string(),
    epoch: z.string(),
    term: z.int(),
    startedAt: z.iso.datetime(),
    node: z.string(),
    process: z.string(),
    publisher: z
      .object({ protocol: z.string(), ip: z.string(), agent: z.string() })
      .nullable()
      .describe("Null while the server waits for the publisher to reconnect."),
    video: z
      .object({
        codec: z.string(),
        profile: z.string().nullable(),
        width: z.int().nullable(),
        height: z.int().nullable(),
        fps: number,
        bitrateKbps: number,
        gopSeconds: number.nullable(),
      })
      .nullable(),
    audio: z
      .object({ codec: z.string(), sampleRate: z.int().nullable(), channels: z.int().nullable(), bitrateKbps: number })
      .nullable(),
    uplink: z.object({
      fps: number,
      encoderFps: number
        .nullable()
        .describe("By the encoder's clock, with the frames that it leaves out; null: not known yet, or its frame rate varies."),
      encoderKbps: number
        .nullable()
        .describe("What the encoder makes in a second of its own clock; as much arrives while the line carries it."),
      jitterMs: number,
      droppedFrames: z.int(),
      droppedShare: number.describe("Frames that the publisher has left out, of all since the stream began, 0 to 1."),
      lossPercent: number
        .nullable()
        .describe(
          "Packets that did not come at first, of those of the last ten seconds, 0 to 100; null where the protocol does not tell.",
        ),
      rttMs: number.nullable().describe("There and back, milliseconds; null where the protocol does not tell."),
      retransmittedPercent: number
        .nullable()
        .describe("Packets of SRT that came again, of those of the last ten seconds, 0 to 100; null for other protocols."),
      unrecoveredPercent: number.nullable().describe("The same, of packets that never came in time."),
      latencyMs: number.nullable().describe("How long packets of SRT wait for lost ones, milliseconds; null for other protocols."),
      driftMsPerMinute: number
        .nullable()
        .describe("How far the encoder's clock runs ahead of time in a minute, negative: behind; null: not known yet."),
      avOffsetMs: number
        .nullable()
        .describe("How much earlier sound arrives than the picture of the same time, milliseconds; null: one is missing."),
      health: z.string(),
      verdict: z.enum(UPLINK_VERDICTS).describe("What limits what viewers see of it."),
      problem: z
        .enum(MEDIA_PROBLEMS)
        .nullable()
        .describe(
          "Why players cannot decode the picture, or the sound where the picture is well; null: nothing speaks against it.",
        ),
      faults: z.int().describe("Messages of the publisher that could not be read, and were left out."),
    }),
    recording: z.string().nullable().describe("The recording in progress; null: none."),
    still: z.string().describe("The address of its still image, valid for a quarter of an hour."),
    viewers: z.object({ rtmp: z.int(), flv: z.int(), ws: z.int(), hls: z.int(), whep: z.int(), srt: z.int(), total: z.int() }),
  })
  .meta({ id: "Stream" });

const attemptShape = z
  .object({
    at: z.string().describe("ISO 8601"),
    protocol: z.string(),
    ip: z.string(),
    agent: z.string().describe("The software, as it calls itself; empty: it did not."),
    code: z.string().describe("Why: a code of docs/errors.md."),
    detail: z.string().describe("Why, in words."),
  })
  .meta({ id: "FailedAttempt" });

/** The page for Prometheus, which is outside of the API. */
export function metricsPage(
  app: FastifyInstance,
  { metrics, admitToMetrics }: Pick<OperationsOptions, "metrics" | "admitToMetrics">,
): void {
  app.get("/metrics", async (request, reply) => {
    await admitToMetrics(request);
    const { contentType, text } = await metrics();
    return reply.type(contentType).send(text);
  });
}

export function operationsRoutes(options: OperationsOptions): ApiRoute[] {
  return [listStreams(options), getLessonStream(options), endStream(options), recordStream(options)];
}

/** Whether it is the stream of one of these lessons, or of a member of one. */
function isOneOf(lessons: ReadonlySet<string> | null, app: string, name: string): boolean {
  return lessons === null || lessons.has(`${app}/${lessonStreamOf(name)}`);
}

function listStreams(options: OperationsOptions): ApiRoute {
  const shown = (stream: StreamReport) => ({ ...stream, still: options.stillOf(stream.app, stream.name) });
  return route({
    id: "listStreams",
    method: "GET",
    path: "/streams",
    tag: TAG,
    summary: "Live streams: all for an operator, those of the school's lessons for its administrators",
    access: { roles: ["operator", "administrator"], scope: "streams:read" },
    rights: ["++------", null],
    reads: { unlogged: "of streams and their publishers" },
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(100),
      cursor: z.string().max(200).default(""),
    }),
    status: 200,
    answer: z.object({ items: z.array(streamShape), nextCursor: z.string().nullable() }),
    refusals: ["database-away"],
    handle: async ({ actor, query: { limit, cursor } }) => {
      const mine = await options.streamsOf(actor);
      const all = (await options.streams())
        .map((stream) => ({ key: `${stream.app}/${stream.name}`, stream }))
        .filter(({ key, stream: { app, name } }) => key > cursor && isOneOf(mine, app, name))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      const page = all.slice(0, limit);
      const nextCursor = all.length > limit ? (page.at(-1)?.key ?? null) : null;
      return { body: { items: page.map(({ stream }) => shown(stream)), nextCursor } };
    },
  });
}

function getLessonStream(options: OperationsOptions): ApiRoute {
  const shown = (stream: StreamReport) => ({ ...stream, still: options.stillOf(stream.app, stream.name) });
  let seen: { readonly at: number; readonly all: Promise<ReadonlyMap<string, StreamReport>> } | null = null;
  const current = (): Promise<ReadonlyMap<string, StreamReport>> => {
    if (seen && performance.now() - seen.at < SHARE_MS) return seen.all;
    const all = options.streams().then((list) => new Map(list.map((stream) => [`${stream.app}/${stream.name}`, stream])));
    seen = { at: performance.now(), all };
    return all;
  };
  return route({
    id: "getLessonStream",
    method: "GET",
    path: "/lessons/:lessonId/stream",
    tag: TAG,
    summary: "The state of a lesson's stream, and of those of its members, for its staff; null without a publisher",
    access: { roles: ["operator", "administrator", "teacher", "assistant"], scope: "streams:read" },
    rights: ["+++0+---", "+0000---"],
    reads: { unlogged: "of streams and their publishers" },
    params: z.strictObject({ lessonId: z.string().max(26) }),
    status: 200,
    answer: z.object({
      stream: streamShape.nullable(),
      members: z
        .array(streamShape)
        .describe("What people on stage, or in a small lesson, publish: each named `NAME~PARTICIPANT`, sorted by name"),
      attempts: z
        .array(attemptShape)
        .describe(
          "The last attempts to publish the lesson's stream that failed, or that the server ended: five at most, the newest first",
        ),
    }),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, language }) => {
      const { app, name } = await options.lessonStream(actor, params.lessonId);
      const all = await current();
      const stream = all.get(`${app}/${name}`);
      const members = [...all.values()].filter((one) => one.app === app && one.name.startsWith(`${name}~`));
      const attempts = options.attemptsOf(app, name).map(({ at, words, ...rest }) => ({
        at: new Date(at).toISOString(),
        ...rest,
        detail: words[language],
      }));
      members.sort((a, b) => (a.name < b.name ? -1 : 1));
      return { body: { stream: stream ? shown(stream) : null, members: members.map(shown), attempts } };
    },
  });
}

function endStream(options: OperationsOptions): ApiRoute {
  return route({
    id: "endStream",
    method: "DELETE",
    path: "/streams/:app/:name",
    tag: TAG,
    summary: "End a stream at once: disconnects its publisher and viewers",
    access: { roles: ["operator", "administrator"], scope: "streams:write" },
    rights: ["++------", "+0------"],
    params: z.strictObject({ app: z.string().max(64), name: z.string().max(128) }),
    status: 204,
    answer: null,
    refusals: ["no-such-stream", "database-away"],
    handle: async ({ actor, params: { app, name } }) => {
      const mine = await options.streamsOf(actor);
      const ended = isOneOf(mine, app, name) && (await options.endStream(app, name));
      if (!ended) throw new RefusalError("no-such-stream");
      return { body: null };
    },
  });
}

function recordStream(options: OperationsOptions): ApiRoute {
  return route({
    id: "recordStream",
    method: "POST",
    path: "/streams/:app/:name/record",
    tag: TAG,
    summary: "Start or stop recording a stream manually, from its next key frame on",
    access: { roles: ["operator", "administrator"], scope: "streams:write" },
    rights: ["++------", "+0------"],
    params: z.strictObject({ app: z.string().max(64), name: z.string().max(128) }),
    body: z.strictObject({ action: z.enum(["start", "stop"]) }),
    status: 202,
    answer: z.object({ action: z.enum(["start", "stop"]) }),
    refusals: ["no-such-stream", "quota-reached", "database-away"],
    handle: async ({ actor, params: { app, name }, body }) => {
      const mine = await options.streamsOf(actor);
      const found = isOneOf(mine, app, name) && (await options.recordStream(app, name, body.action));
      if (!found) throw new RefusalError("no-such-stream");
      return { body };
    },
  });
}
