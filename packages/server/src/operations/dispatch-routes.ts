/**
 * Serves the routes of the dispatch: the best nodes for a viewer or a publisher, and a redirect to the best one. Answers depend on the current load,
 * and must not be cached.
 */

import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { everybody } from "../access/actor.ts";
import { type ApiRoute, route } from "../access/route.ts";
import { NAME_PATTERN } from "../live/stream-name.ts";
import type { Candidate, Explanation } from "../network/dispatch/dispatcher.ts";
import { RefusalError } from "../platform/api/server.ts";
import { operationsText } from "./operations-texts.ts";

/** Protocols that clients use. */
const PROTOCOLS = ["flv", "ws", "hls", "rtmp"] as const;
type PlayProtocol = (typeof PROTOCOLS)[number];

/** A client that asks for a node. */
export type DispatchClient = {
  readonly app: string;
  readonly name: string;
  readonly ip: string;
  readonly to: "play" | "publish";
  readonly protocol: PlayProtocol;
};

export type DispatchOptions = {
  /** The best first; none: all nodes are full. */
  readonly choose: (of: DispatchClient) => readonly Candidate[];
  /** With the place of the client's address. */
  readonly explain: (of: DispatchClient) => {
    readonly region: string;
    readonly carrier: string;
    readonly nodes: readonly Explanation[];
  };
  readonly isLive: (app: string, name: string) => boolean;
  readonly ipOf: (request: FastifyRequest) => string;
  /** The RTMP URL of a server that the client reaches at this origin. */
  readonly rtmpOf: (origin: string) => string;
};

/** The caller of the API. */
type Caller = { readonly actor: { readonly role: string | null }; readonly ip: string; readonly origin: string };

const TAG = "Dispatch";
const STREAM = new RegExp(`^([A-Za-z0-9_-]{1,64})/(${NAME_PATTERN})$`);
const FILE = new RegExp(`^(${NAME_PATTERN})\\.(flv|m3u8)$`);

const candidateShape = z
  .object({
    node: z.string(),
    url: z.string().describe("The URL to watch or to publish at. Append the query of a signed link."),
    region: z.string(),
    isp: z.string().describe("The carriers of its uplinks; empty: all."),
    load: z.number().describe("Share of its capacity in use, from 0 to 1."),
    cost: z.number().describe("The penalty of its network path, in milliseconds. Lower is better."),
    reason: z.string(),
  })
  .meta({ id: "Candidate" });

const explanationShape = z
  .object({
    region: z.string().describe("The region of the address; empty: unknown."),
    isp: z.string(),
    nodes: z.array(
      z.object({
        node: z.string(),
        cost: z.number().describe("The sum of the parts, in milliseconds. Lower is better."),
        parts: z.object({ carrier: z.number(), region: z.number(), feed: z.number() }),
        load: z.number(),
        rank: z.number().describe("Of nodes with the same cost, a stream fills the one with the highest rank first."),
        verdict: z.string(),
      }),
    ),
  })
  .meta({ id: "DispatchExplanation" });

export function dispatchRoutes(options: DispatchOptions): ApiRoute[] {
  const shared = {
    method: "GET",
    tag: TAG,
    access: everybody("streams:read"),
    rights: ["++++++++", null],
    status: 200,
    answer: z.object({ candidates: z.array(candidateShape), explanation: explanationShape.optional() }),
    refusals: ["no-such-stream", "full", "refused-by-rule"],
  } as const;
  const query = z.strictObject({
    stream: z.string().regex(STREAM).describe("`APP/NAME`"),
    ip: z.union([z.ipv4(), z.ipv6()]).optional().describe("The address of another client; for operators."),
    protocol: z.enum(PROTOCOLS).default("flv"),
    explain: z.enum(["1"]).optional().describe("Adds how each node was rated; for operators."),
  });
  const answer = (to: DispatchClient["to"], { stream, ip, protocol, explain }: z.output<typeof query>, call: Caller) => {
    if ((ip || explain) && call.actor.role !== "operator")
      throw new RefusalError("refused-by-rule", operationsText("operators-explain"));
    const [, app = "", name = ""] = STREAM.exec(stream) ?? [];
    if (to === "play" && !options.isLive(app, name)) throw new RefusalError("no-such-stream");
    const client: DispatchClient = { app, name, ip: ip ?? call.ip, to, protocol: to === "publish" ? "rtmp" : protocol };
    // Before the choice, which counts towards the load of the chosen node.
    const explained = explain ? options.explain(client) : null;
    const candidates = candidatesFor(options, client).map((one) => ({
      node: one.node,
      region: one.region,
      isp: one.carriers.join(", "),
      load: Math.round(one.load * 1000) / 1000,
      cost: one.cost,
      reason: one.reason,
      url: urlOf(one.http || call.origin, one.rtmp || options.rtmpOf(call.origin), client.protocol, `${app}/${name}`),
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
      summary: "The best nodes to watch a stream at, the best first; the others are for failover",
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
    const [best] = candidatesFor(options, { app: of, name, ip: options.ipOf(request), to: "play", protocol });
    const at = request.url.indexOf("?");
    const link = at < 0 ? "" : request.url.slice(at);
    return reply
      .header("cache-control", "no-store")
      .header("access-control-allow-origin", "*")
      .redirect(`${best?.http}/${of}/${name}.${ending}${link}`, 302);
  });
}

/** @throws RefusalError full */
function candidatesFor({ choose }: DispatchOptions, of: DispatchClient): readonly Candidate[] {
  const all = choose(of);
  if (all.length === 0) throw new RefusalError("full", operationsText("nodes-full"));
  return all;
}

function urlOf(http: string, rtmp: string, protocol: PlayProtocol, stream: string): string {
  if (protocol === "rtmp") return `${rtmp}/${stream}`;
  if (protocol === "hls") return `${http}/${stream}.m3u8`;
  return `${protocol === "ws" ? http.replace(/^http/, "ws") : http}/${stream}.flv`;
}
