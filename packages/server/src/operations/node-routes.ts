/** Serves the routes for the nodes of the cluster: their state, draining, and prefetch of streams. */

import { z } from "zod";
import { type ApiRoute, route } from "../access/route.ts";
import type { ComponentSample } from "../contracts/monitoring/node-sample.ts";
import { RefusalError } from "../platform/api/server.ts";
import { ROLES, type Role } from "../platform/config/schema.ts";
import { operationsText } from "./operations-texts.ts";

/** A node as its cluster knows it. */
export type NodeReport = {
  readonly id: string;
  /** None: all. */
  readonly roles: readonly Role[];
  readonly region: string;
  readonly carriers: readonly string[];
  readonly version: string;
  readonly state: "up" | "draining" | "gone";
  readonly http: string;
  readonly rtmp: string;
  readonly capacityMbps: number;
  readonly usedMbps: number;
  readonly maxConnections: number;
  readonly connections: number;
  readonly cpu: number;
  readonly clockSkewMs: number;
  /** Links from other nodes. */
  readonly links: readonly {
    readonly to: string;
    readonly rttMs: number | null;
    readonly jitterMs: number;
    readonly lossPercent: number | null;
    readonly mbps: number;
    readonly ageMs: number | null;
  }[];
};

export type NodesOptions = {
  readonly nodes: () => Promise<readonly NodeReport[]>;
  /** False when there is no such node. */
  readonly drainNode: (id: string, draining: boolean) => Promise<boolean>;
  /** Has nodes fetch a stream; null: all nodes. Returns the nodes that do. */
  readonly prefetchStream: (app: string, name: string, nodes: readonly string[] | null) => Promise<readonly string[]>;
  /** Whether a stream is live. */
  readonly isLive: (app: string, name: string) => boolean;
  /** The parts that a node stands on, as it told last; empty: it has told nothing. */
  readonly components: (id: string) => readonly ComponentSample[];
};

const TAG = "Nodes";
const nodeShape = z
  .object({
    id: z.string(),
    roles: z.array(z.enum(ROLES)).describe("Its roles; none: all roles."),
    region: z.string(),
    carriers: z.array(z.string()),
    version: z.string(),
    state: z.enum(["up", "draining", "gone"]),
    http: z.string().describe("Its URL for clients."),
    rtmp: z.string(),
    capacityMbps: z.number(),
    usedMbps: z.number(),
    maxConnections: z.int(),
    connections: z.int(),
    cpu: z.number().describe("Cores in use."),
    clockSkewMs: z.number().describe("Its clock minus that of the node that answers."),
    links: z
      .array(
        z.object({
          to: z.string(),
          rttMs: z.number().nullable(),
          jitterMs: z.number(),
          lossPercent: z
            .number()
            .nullable()
            .describe("Share of sent segments that TCP had to send again, in per cent; null: unknown."),
          mbps: z.number().describe("Received from it."),
          ageMs: z.number().nullable().describe("Since the last entry from it."),
        }),
      )
      .describe("Its links from other nodes."),
  })
  .meta({ id: "Node" });

const componentShape = z
  .object({
    name: z.string().describe("`database`, `bus`, `ffmpeg`, `clock`, `certificate …`, `process NAME`."),
    state: z.enum(["up", "degraded", "down"]),
    latencyMs: z.number().nullable().describe("How long it took to answer; null: it is not asked, or does not answer."),
    detail: z.string().describe("What is wrong, for operators; empty: nothing."),
  })
  .meta({ id: "NodeComponent" });

export function nodeRoutes(options: NodesOptions): ApiRoute[] {
  const drain = (draining: boolean) =>
    route({
      id: draining ? "drainNode" : "undrainNode",
      method: "POST",
      path: `/nodes/:nodeId/${draining ? "drain" : "undrain"}`,
      tag: TAG,
      summary: draining ? "Drain a node: it admits no new clients, and moves the others to other nodes" : "End the drain of a node",
      access: { roles: ["operator"], scope: "streams:write" },
      rights: ["+-------", null],
      params: z.strictObject({ nodeId: z.string().max(64) }),
      status: 202,
      answer: z.object({ draining: z.boolean() }),
      refusals: ["not-found"],
      handle: async ({ params: { nodeId } }) => {
        if (!(await options.drainNode(nodeId, draining))) throw new RefusalError("not-found", operationsText("no-such-node"));
        return { body: { draining } };
      },
    });
  return [
    route({
      id: "listNodes",
      method: "GET",
      path: "/nodes",
      tag: TAG,
      summary: "The nodes of the cluster and their state; the node that answers comes first",
      access: { roles: ["operator"], scope: "system:read" },
      rights: ["+-------", null],
      status: 200,
      answer: z.object({ items: z.array(nodeShape), nextCursor: z.string().nullable() }),
      refusals: [],
      handle: async () => ({ body: { items: (await options.nodes()).map((node) => nodeShape.parse(node)), nextCursor: null } }),
    }),
    route({
      id: "listNodeComponents",
      method: "GET",
      path: "/nodes/:nodeId/components",
      tag: TAG,
      summary: "The parts that a node stands on and whether they work, as it told within the last ten seconds",
      access: { roles: ["operator"], scope: "system:read" },
      rights: ["+-------", null],
      params: z.strictObject({ nodeId: z.string().max(64) }),
      status: 200,
      answer: z.object({ items: z.array(componentShape) }),
      refusals: [],
      handle: async ({ params: { nodeId } }) => ({ body: { items: [...options.components(nodeId)] } }),
    }),
    drain(true),
    drain(false),
    route({
      id: "prefetchStream",
      method: "POST",
      path: "/streams/:app/:name/prefetch",
      tag: TAG,
      summary: "Have nodes fetch a stream before its first viewer",
      access: { roles: ["operator"], scope: "streams:write" },
      rights: ["+-------", null],
      params: z.strictObject({ app: z.string().max(64), name: z.string().max(128) }),
      body: z.strictObject({ nodes: z.array(z.string().max(64)).max(1000).optional().describe("Default: all nodes.") }),
      status: 202,
      answer: z.object({ nodes: z.array(z.string()).describe("The nodes that fetch it.") }),
      refusals: ["no-such-stream"],
      handle: async ({ params: { app, name }, body }) => {
        if (!options.isLive(app, name)) throw new RefusalError("no-such-stream");
        return { body: { nodes: [...(await options.prefetchStream(app, name, body.nodes ?? null))] } };
      },
    }),
  ];
}
