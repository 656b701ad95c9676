/** Serves the API routes for ladders: the presets, and the rungs that a school has put together. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id } from "../../foundation/requests/fields.ts";
import { pageOf, paging } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { type PolicyControl, streamsWithLadder } from "../../foundation/schools/ladder-choice.ts";
import type { Change } from "../../foundation/store/change.ts";
import { changedLadder, ladderResponse, ladderShape, newLadder, presetResponses, presetShape } from "./shapes.ts";

export type LadderContext = RouteContext & { readonly streams: PolicyControl };

const MAX_LADDERS = 50;
const TAG = "Ladders";
const READ = requires("lessons:read", ...TEACHERS);

export function ladderRoutes(context: LadderContext): ApiRoute[] {
  const { db, streams } = context;
  const taken = schoolText("ladder-name-taken");
  const ladders = resource(context, {
    table: "ladders",
    path: "/ladders/:ladderId",
    tag: TAG,
    kind: "ladder",
    read: READ,
    write: requires("schools:write", ...ADMINISTRATORS),
    owner: "school",
    missing: schoolText("no-ladder"),
    limit: { max: MAX_LADDERS, refusal: schoolText("too-many-ladders", { max: MAX_LADDERS }) },
    shape: ladderShape,
    present: () => ladderResponse,
  });
  return [
    route({
      id: "listLadders",
      method: "GET",
      path: "/ladders",
      tag: TAG,
      summary: "List what schools, courses and lessons can have as their ladder: the presets, and the school's own",
      access: READ,
      rights: ["++++----", "+000----"],
      query: z.strictObject({ ...paging, schoolId: id.optional() }),
      status: 200,
      answer: pageOf(ladderShape).extend({ presets: z.array(presetShape) }),
      refusals: ["not-found", "database-away"],
      handle: async ({ query, ...reader }) => ({
        body: { presets: presetResponses(), ...(await ladders.page({ db, ...reader }, query)) },
      }),
    }),
    ladders.create("createLadder", {
      summary: "Create a ladder of a school",
      rights: ["++------", "+0------"],
      body: newLadder,
      taken,
      row: ({ name, rungs }) => ({ name, rungs: json(rungs) }),
    }),
    ladders.get("getLadder", { summary: "Get a ladder of a school", rights: ["++++----", "+000----"] }),
    ladders.change("changeLadder", {
      summary: "Change a ladder of a school; lessons that are live with it get the new rungs",
      rights: ["++------", "+0------"],
      body: changedLadder,
      taken,
      columns: ({ name, rungs }) => definedFields({ name, rungs: rungs && json(rungs) }),
      also: async ({ trx, afterCommit }, { id: ladderId }, _before, { rungs }) => {
        if (!rungs) return;
        const affected = await streamsWithLadder(trx, { ladderId });
        afterCommit(() => {
          for (const { app, name } of affected) streams.ruleChanged(app, name);
        });
      },
    }),
    ladders.delete("deleteLadder", {
      summary: "Delete a ladder of a school; refused while the school, a course, or a lesson that is not over has it",
      rights: ["++------", "+0------"],
      refusals: ["conflict"],
      check: (change, { id: ladderId }) => leaveLadder(change, ladderId),
    }),
  ];
}

/** Lessons that are over, or in the bin, lose it. @throws RefusalError conflict, where something else has it */
async function leaveLadder({ trx }: Change, ladderId: string): Promise<void> {
  // Who chooses it at the same time holds the row: their choice is seen, or they see that it is gone.
  await trx.selectFrom("ladders").select("id").where("id", "=", ladderId).forUpdate().execute();
  const inUse = await trx
    .selectFrom("schools")
    .select("id")
    .where("ladder", "=", ladderId)
    .unionAll(trx.selectFrom("courses").select("id").where("ladder", "=", ladderId))
    .unionAll(
      trx
        .selectFrom("lessons")
        .select("id")
        .where("ladder", "=", ladderId)
        .where("state", "!=", "ended")
        .where("deleted_at", "is", null),
    )
    .execute();
  if (inUse.length > 0) throw new RefusalError("conflict", schoolText("ladder-in-use"));
  await trx
    .updateTable("lessons")
    .set((row) => ({ ladder: null, version: row("version", "+", 1) }))
    .where("ladder", "=", ladderId)
    .execute();
}
