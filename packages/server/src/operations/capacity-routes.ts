/** Serves the route that says how many nodes of each role and region are wanted, for autoscalers and operators. */
import { z } from "zod";
import { type ApiRoute, route } from "../access/route.ts";
import { WANTED_REASONS, type WantedGroup } from "../network/scaling/wanted-nodes.ts";
import { SCALED_ROLES } from "../platform/config/scaling-schema.ts";

export type CapacityReport = {
  /** Milliseconds since 1970. */
  readonly decidedAt: number;
  /** What the timetable brings soon. */
  readonly expected: { readonly people: number; readonly lessons: number };
  readonly groups: readonly WantedGroup[];
};

const groupShape = z
  .object({
    role: z.enum(SCALED_ROLES),
    region: z.string(),
    nodes: z.int().describe("Nodes that admit clients."),
    draining: z.int(),
    wanted: z.int().describe("How many there should be."),
    needed: z.int().describe("What load and timetable need at this moment, without the hold and the limits."),
    min: z.int(),
    max: z.int(),
    load: z.number().describe("Share of the lines or of the connections in use, from 0 to 1."),
    expectedPeople: z.int().describe("People whom the timetable brings soon, who are not there yet."),
    reason: z
      .enum(WANTED_REASONS)
      .describe("What decides: the load, the timetable, what was needed within the hold, or a limit of the configuration."),
    surplus: z.array(z.string()).describe("Nodes to drain and then to stop, where fewer are wanted than there are."),
  })
  .meta({ id: "WantedNodes" });

export function capacityRoutes(report: () => CapacityReport): ApiRoute[] {
  return [
    route({
      id: "getCapacity",
      method: "GET",
      path: "/capacity",
      tag: "Nodes",
      summary: "How many nodes of each role and region are wanted, from the load now and the lessons that begin soon",
      access: { roles: ["operator"], scope: "system:read" },
      rights: ["+-------", null],
      status: 200,
      answer: z.object({
        decidedAt: z.iso.datetime(),
        expected: z.object({
          people: z.int().describe("Of lessons that begin soon; those who are there already do not count."),
          lessons: z.int(),
        }),
        items: z.array(groupShape),
        nextCursor: z.string().nullable(),
      }),
      refusals: [],
      handle: async () => {
        const { decidedAt, expected, groups } = report();
        const items = groups.map((group) => groupShape.parse(group));
        return { body: { decidedAt: new Date(decidedAt).toISOString(), expected, items, nextCursor: null } };
      },
    }),
  ];
}
