/**
 * The dispatch centre, as people ask it: which node is best for a viewer or a publisher, and a redirect to it. What it says is of now: it is
 * not to be kept.
 */

import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ApiRoute, route } from "../access/route.ts";
import { RefusalError } from "../platform/api/server.ts";
import { operationsText } from "./operations-messages.ts";

/** Protocols that a node can be asked by. */
const PROTOCOLS = ["flv", "ws", "hls", "rtmp"] as const;
type PlayProtocol = (typeof PROTOCOLS)[number];

/** A node that was chosen. */
export type Chosen = {
  readonly node: string;
  /** Where people reach it; empty: where they have reached this one. */
  readonly http: string;
  readonly rtmp: string;
  readonly region: string;
  readonly carriers: readonly string[];
  readonly load: number;
  readonly cost: number;
  readonly reason: string;
};

/** Why a node was chosen, or was not. */
export type Reckoned = {
  readonly node: string;
  readonly cost: number;
  readonly parts: Readonly<Record<"carrier" | "region" | "feed", number>>;
  readonly load: number;
  readonly rank: number;
  readonly verdict: string;
};

/** Somebody who is to be sent somewhere. */
export type Sent = {
  readonly app: string;
  readonly name: string;
  readonly ip: string;
  readonly to: "play" | "publish";
  readonly protocol: PlayProtocol;
};

export type DispatchOptions = {
  /** The best first; none: all are full. */
  readonly choose: (of: Sent) => readonly Chosen[];
  /** With the place that the address is taken for. */
  readonly explain: (of: Sent) => { readonly region: string; readonly carrier: string; readonly nodes: readonly Reckoned[] };
  readonly isLive: (app: string, name: string) => boolean;
  readonly ipOf: (request: FastifyRequest) => string;
  /** Where RTMP is reached of a server that people know by this address. */
  readonly rtmpOf: (origin: string) => string;
};

/** Who asks. */
type Asking = { readonly actor: { readonly role: string | null }; readonly ip: string; readonly origin: string };

const TAG = "Dispatch";
const STREAM = /^([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,128})$/;
const FILE = /^([A-Za-z0-9_-]{1,128})\.(flv|m3u8)$/;

const candidateShape = z
  .object({
    node: z.string(),
    url: z.string().describe("Where the stream is watched, or published. A link's query goes behind it."),
    region: z.string(),
    isp: z.string().describe("The carriers that its lines are of; empty: all."),
    load: z.number().describe("Of what it can bear, from 0 to 1."),
    cost: z.number().describe("What the way to it is worse by, in milliseconds. The least is best."),
    reason: z.string(),
  })
  .meta({ id: "Candidate" });

const explanationShape = z
  .object({
    region: z.string().describe("Where the address is taken to be; empty: not known."),
    isp: z.string(),
    nodes: z.array(
      z.object({
        node: z.string(),
        cost: z.number().describe("The sum of the parts, in milliseconds. The least is best."),
        parts: z.object({ carrier: z.number(), region: z.number(), feed: z.number() }),
        load: z.number(),
        rank: z.number().describe("Of nodes of one cost the stream goes to the highest, until that is filled."),
        verdict: z.string(),
      }),
    ),
  })
  .meta({ id: "DispatchExplanation" });

export function dispatchRoutes(options: DispatchOptions): ApiRoute[] {
  const shared = {
    method: "GET",
    tag: TAG,
    access: "everybody",
    status: 200,
    answer: z.object({ candidates: z.array(candidateShape), explanation: explanationShape.optional() }),
    refusals: ["no-such-stream", "full", "refused-by-rule"],
  } as const;
  const query = z.strictObject({
    stream: z.string().regex(STREAM).describe("`APP/NAME`"),
    ip: z.union([z.ipv4(), z.ipv6()]).optional().describe("Of somebody else; for operators."),
    protocol: z.enum(PROTOCOLS).default("flv"),
    explain: z.enum(["1"]).optional().describe("Shows how it was reckoned; for operators."),
  });
  const answer = (to: Sent["to"], { stream, ip, protocol, explain }: z.output<typeof query>, call: Asking) => {
    if ((ip || explain) && call.actor.role !== "operator")
      throw new RefusalError("refused-by-rule", operationsText("operators-explain"));
    const [, app = "", name = ""] = STREAM.exec(stream) ?? [];
    if (to === "play" && !options.isLive(app, name)) throw new RefusalError("no-such-stream");
    const sent: Sent = { app, name, ip: ip ?? call.ip, to, protocol: to === "publish" ? "rtmp" : protocol };
    // First, since whoever is chosen counts.
    const explained = explain ? options.explain(sent) : null;
    const candidates = chosen(options, sent).map((one) => ({
      ...{ node: one.node, region: one.region, isp: one.carriers.join(", "), load: Math.round(one.load * 1000) / 1000 },
      ...{ cost: one.cost, reason: one.reason },
      url: urlOf(one.http || call.origin, one.rtmp || options.rtmpOf(call.origin), sent.protocol, `${app}/${name}`),
    }));
    if (!explained) return { body: { candidates } };
    const { region, carrier, nodes } = explained;
    return { body: { candidates, explanation: { region, isp: carrier, nodes: [...nodes] } } };
  };
  return [
    route({
      ...shared,
      id: "dispatchPlay",
      path: "/dispatch/play",
      summary: "The best nodes to watch a stream at, the best first; the others are for when that one fails",
      query,
      handle: async (call) => answer("play", call.query, call),
    }),
    route({
      ...shared,
      id: "dispatchPublish",
      path: "/dispatch/publish",
      summary: "The best nodes to publish a stream at",
      query,
      handle: async (call) => answer("publish", call.query, call),
    }),
  ];
}

/** `GET /dispatch/APP/NAME.flv` and `.m3u8`: a redirect to the best node. */
export function dispatchPage(app: FastifyInstance, options: DispatchOptions): void {
  app.get("/dispatch/:app/:file", async (request, reply) => {
    const { app: of, file } = request.params as { readonly app: string; readonly file: string };
    const [, name, ending] = FILE.exec(file) ?? [];
    if (name === undefined || !options.isLive(of, name)) throw new RefusalError("no-such-stream");
    const protocol = ending === "m3u8" ? "hls" : "flv";
    const [best] = chosen(options, { app: of, name, ip: options.ipOf(request), to: "play", protocol });
    const at = request.url.indexOf("?");
    const link = at < 0 ? "" : request.url.slice(at);
    return reply
      .header("cache-control", "no-store")
      .header("access-control-allow-origin", "*")
      .redirect(`${best?.http}/${of}/${name}.${ending}${link}`, 302);
  });
}

/** @throws RefusalError full */
function chosen({ choose }: DispatchOptions, of: Sent): readonly Chosen[] {
  const all = choose(of);
  if (all.length === 0) throw new RefusalError("full", operationsText("nodes-full"));
  return all;
}

function urlOf(http: string, rtmp: string, protocol: PlayProtocol, stream: string): string {
  if (protocol === "rtmp") return `${rtmp}/${stream}`;
  if (protocol === "hls") return `${http}/${stream}.m3u8`;
  return `${protocol === "ws" ? http.replace(/^http/, "ws") : http}/${stream}.flv`;
}
