/** What operators ask: metrics, the live streams. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Actor } from "../access/actor.ts";
import { type ApiRoute, route } from "../access/route.ts";
import { RefusalError } from "../platform/api/server.ts";
import type { StreamReport } from "./stream-report.ts";

export type OperationsOptions = {
  /** All that are live here, whichever process has them. */
  readonly streams: () => Promise<readonly StreamReport[]>;
  /** Ends a stream. False when there is none. */
  readonly endStream: (app: string, name: string) => Promise<boolean>;
  /** Begins or ends recording a stream by hand. False when there is none. @throws RefusalError quota-reached */
  readonly recordStream: (app: string, name: string, action: "start" | "stop") => Promise<boolean>;
  /** Those that somebody may see and end, by `app/name`; null: all. */
  readonly streamsOf: (actor: Actor) => Promise<ReadonlySet<string> | null>;
  /** The stream of a lesson that somebody leads. @throws RefusalError not-found, refused-by-rule */
  readonly lessonStream: (actor: Actor, lessonId: string) => Promise<{ readonly app: string; readonly name: string }>;
  /** The addresses at which somebody may look at a still. */
  readonly stillOf: (app: string, name: string) => string;
  /** In Prometheus' exposition format, all processes together. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether a request may read /metrics: by its address, or as an operator. @throws RefusalError */
  readonly admitToMetrics: (request: FastifyRequest) => Promise<void>;
};

const MAX_LIMIT = 1000;
/** Every studio looks once a second; all who look within this time are told of the same moment, and the workers are asked once. */
const LOOK_MS = 400;
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
      .describe("Null while viewers wait for the publisher to come back."),
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
    uplink: z.object({ fps: number, jitterMs: number, droppedFrames: z.int(), health: z.string() }),
    recording: z.string().nullable().describe("The recording that it is written to; null while it is not recorded."),
    still: z.string().describe("Where its picture of now can be had, for a quarter of an hour."),
    viewers: z.object({ rtmp: z.int(), flv: z.int(), ws: z.int(), hls: z.int(), whep: z.int(), total: z.int() }),
  })
  .meta({ id: "Stream" });

/** Prometheus' page, which is no part of the API proper. */
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
  const shown = (stream: StreamReport) => ({ ...stream, still: options.stillOf(stream.app, stream.name) });
  let seen: { readonly at: number; readonly all: Promise<ReadonlyMap<string, StreamReport>> } | null = null;
  const look = (): Promise<ReadonlyMap<string, StreamReport>> => {
    if (seen && performance.now() - seen.at < LOOK_MS) return seen.all;
    const all = options.streams().then((list) => new Map(list.map((stream) => [`${stream.app}/${stream.name}`, stream])));
    seen = { at: performance.now(), all };
    return all;
  };
  return [
    route({
      id: "listStreams",
      method: "GET",
      path: "/streams",
      tag: TAG,
      summary: "Live streams: all for an operator, those of the school's lessons for its administrators",
      access: { roles: ["operator", "administrator"], scope: "streams:read" },
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
          .filter(({ key }) => key > cursor && (mine === null || mine.has(key)))
          .sort((a, b) => (a.key < b.key ? -1 : 1));
        const page = all.slice(0, limit);
        const nextCursor = all.length > limit ? (page.at(-1)?.key ?? null) : null;
        return { body: { items: page.map(({ stream }) => shown(stream)), nextCursor } };
      },
    }),
    route({
      id: "getLessonStream",
      method: "GET",
      path: "/lessons/:lessonId/stream",
      tag: TAG,
      summary: "How a lesson's stream does, for those who lead it; null while nobody publishes",
      access: { roles: ["operator", "administrator", "teacher", "assistant"], scope: "streams:read" },
      params: z.strictObject({ lessonId: z.string().max(26) }),
      status: 200,
      answer: z.object({ stream: streamShape.nullable() }),
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params }) => {
        const { app, name } = await options.lessonStream(actor, params.lessonId);
        const stream = (await look()).get(`${app}/${name}`);
        return { body: { stream: stream ? shown(stream) : null } };
      },
    }),
    route({
      id: "endStream",
      method: "DELETE",
      path: "/streams/:app/:name",
      tag: TAG,
      summary: "End a stream at once: its publisher and its viewers are told",
      access: { roles: ["operator", "administrator"], scope: "streams:write" },
      params: z.strictObject({ app: z.string().max(64), name: z.string().max(128) }),
      status: 204,
      answer: null,
      refusals: ["no-such-stream", "database-away"],
      handle: async ({ actor, params: { app, name } }) => {
        const mine = await options.streamsOf(actor);
        const ended = (mine === null || mine.has(`${app}/${name}`)) && (await options.endStream(app, name));
        if (!ended) throw new RefusalError("no-such-stream");
        return { body: null };
      },
    }),
    route({
      id: "recordStream",
      method: "POST",
      path: "/streams/:app/:name/record",
      tag: TAG,
      summary: "Begin or end recording a stream by hand, from its next key frame on",
      access: { roles: ["operator", "administrator"], scope: "streams:write" },
      params: z.strictObject({ app: z.string().max(64), name: z.string().max(128) }),
      body: z.strictObject({ action: z.enum(["start", "stop"]) }),
      status: 202,
      answer: z.object({ action: z.enum(["start", "stop"]) }),
      refusals: ["no-such-stream", "quota-reached", "database-away"],
      handle: async ({ actor, params: { app, name }, body }) => {
        const mine = await options.streamsOf(actor);
        const found = (mine === null || mine.has(`${app}/${name}`)) && (await options.recordStream(app, name, body.action));
        if (!found) throw new RefusalError("no-such-stream");
        return { body };
      },
    }),
  ];
}
