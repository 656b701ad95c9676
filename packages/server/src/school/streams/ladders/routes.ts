/** API routes for ladders: the presets, and the rungs that a school has put together. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { conflictAs, type RouteContext } from "../../foundation/requests/route-context.ts";
import { type PolicyControl, streamsWithLadder } from "../../foundation/schools/ladder-choice.ts";
import { assertQuota } from "../../foundation/schools/room.ts";
import { actsFor, schoolScope, targetSchool } from "../../foundation/schools/scope.ts";
import { type Change, checkVersion } from "../../foundation/store/change.ts";
import type { Ladder } from "../../foundation/store/stream-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { changedLadder, ladderResponse, ladderShape, newLadder, presetResponses, presetShape } from "./shapes.ts";

export type LadderContext = RouteContext & { readonly streams: PolicyControl };

const TAG = "Ladders";
const MAX_LADDERS = 50;
const taken = conflictAs(schoolText("ladder-name-taken"));

export function ladderRoutes(context: LadderContext): ApiRoute[] {
  return [
    listLaddersRoute(context),
    createLadderRoute(context),
    getLadderRoute(context),
    changeLadderRoute(context),
    deleteLadderRoute(context),
  ];
}

function listLaddersRoute({ db }: LadderContext): ApiRoute {
  return route({
    id: "listLadders",
    method: "GET",
    path: "/ladders",
    tag: TAG,
    summary: "List what schools, courses and lessons can have as their ladder: the presets, and the school's own",
    access: requires("lessons:read", ...TEACHERS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(ladderShape).extend({ presets: z.array(presetShape) }),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("ladders")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: { presets: presetResponses(), ...toPage(await matching.execute(), limit, ladderResponse) } };
    },
  });
}

function createLadderRoute({ changes }: LadderContext): ApiRoute {
  return route({
    id: "createLadder",
    method: "POST",
    path: "/ladders",
    tag: TAG,
    summary: "Create a ladder of a school",
    access: requires("schools:write", ...ADMINISTRATORS),
    body: newLadder,
    status: 201,
    answer: ladderShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ body, ...requester }) => {
      const created = changes.transact(requester, async (change) => {
        const school = await targetSchool(change.trx, requester.actor, body.schoolId);
        await assertQuota(change.trx, "ladders", school.id, MAX_LADDERS, schoolText("too-many-ladders", { max: MAX_LADDERS }));
        const row = { id: newId(), school_id: school.id, name: body.name, rungs: json(body.rungs) };
        const ladder = await change.trx.insertInto("ladders").values(row).returningAll().executeTakeFirstOrThrow();
        await change.audit({ action: "ladder.create", schoolId: school.id, ...targetOf(ladder), after: ladder });
        return { body: ladderResponse(ladder) };
      });
      return await created.catch(taken);
    },
  });
}

function getLadderRoute({ db }: LadderContext): ApiRoute {
  return route({
    id: "getLadder",
    method: "GET",
    path: "/ladders/:ladderId",
    tag: TAG,
    summary: "Get a ladder of a school",
    access: requires("lessons:read", ...TEACHERS),
    params: idParam("ladderId"),
    status: 200,
    answer: ladderShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => ({ body: ladderResponse(await findLadder(db, actor, params.ladderId)) }),
  });
}

function changeLadderRoute({ changes, streams }: LadderContext): ApiRoute {
  return route({
    id: "changeLadder",
    method: "PATCH",
    path: "/ladders/:ladderId",
    tag: TAG,
    summary: "Change a ladder of a school; lessons that are live with it get the new rungs",
    access: requires("schools:write", ...ADMINISTRATORS),
    params: idParam("ladderId"),
    body: changedLadder,
    status: 200,
    answer: ladderShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch }) => {
      const changed = changes.transact({ actor }, async (change) => {
        const before = await findLadder(change.trx, actor, params.ladderId);
        checkVersion(before, ifMatch);
        const columns = definedFields({ name: body.name, rungs: body.rungs && json(body.rungs) });
        const after = await updateRow(change, "ladders", before, columns);
        await change.audit({ action: "ladder.change", schoolId: before.school_id, ...targetOf(before), before, after });
        if (body.rungs) {
          const affected = await streamsWithLadder(change.trx, { ladderId: before.id });
          change.afterCommit(() => {
            for (const { app, name } of affected) streams.ruleChanged(app, name);
          });
        }
        return { body: ladderResponse(after) };
      });
      return await changed.catch(taken);
    },
  });
}

function deleteLadderRoute({ changes }: LadderContext): ApiRoute {
  return route({
    id: "deleteLadder",
    method: "DELETE",
    path: "/ladders/:ladderId",
    tag: TAG,
    summary: "Delete a ladder of a school; refused while the school, a course, or a lesson that is not over has it",
    access: requires("schools:write", ...ADMINISTRATORS),
    params: idParam("ladderId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findLadder(change.trx, actor, params.ladderId);
        checkVersion(before, ifMatch);
        await leaveLadder(change, before.id);
        await deleteRow(change, "ladders", before);
        await change.audit({ action: "ladder.delete", schoolId: before.school_id, ...targetOf(before), before });
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found */
async function findLadder(db: Db, actor: Actor, ladderId: string): Promise<Ladder> {
  const ladder = await db.selectFrom("ladders").selectAll().where("id", "=", ladderId).executeTakeFirst();
  if (!ladder || !actsFor(actor, ladder.school_id)) throw new RefusalError("not-found", schoolText("no-ladder"));
  return ladder;
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

function targetOf(ladder: Ladder) {
  return { targetKind: "ladder", targetId: ladder.id };
}
