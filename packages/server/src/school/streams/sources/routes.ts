/** Serves the API routes for sources: channels that nodes pull from other servers and cameras. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { shownAddress } from "../../../platform/shown-url.ts";
import { brokenUniqueness } from "../../../platform/store/database-errors.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import { noSuchSchool, schoolScope } from "../../foundation/schools/scope.ts";
import { type Change, checkVersion } from "../../foundation/store/change.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { storedAddresses } from "../jobs/wanted-jobs.ts";
import { coveredAddress, isForOperators, withStored } from "./addresses.ts";
import { changedSource, newSource, type SourceWithStream, sourceShape } from "./shapes.ts";
import { findSource, presentSources, type SourceContext, visibleSources } from "./source.ts";

const TAG = "Sources";
/** Sources of one school, and of the operator. */
const MAX_SOURCES = 500;
const LIMIT = { max: MAX_SOURCES, refusal: schoolText("too-many-sources", { max: MAX_SOURCES }) };

export function sourceRoutes(context: SourceContext): ApiRoute[] {
  return [
    listSourcesRoute(context),
    createSourceRoute(context),
    getSourceRoute(context),
    changeSourceRoute(context),
    deleteSourceRoute(context),
  ];
}

function listSourcesRoute({ db, storedSecrets, jobs }: SourceContext): ApiRoute {
  return route({
    id: "listSources",
    method: "GET",
    path: "/sources",
    tag: TAG,
    summary: "List sources with their states: all of the school for administrators, those of the own lessons for teachers",
    access: requires("sources:read", ...TEACHERS),
    rights: ["++++----", "+000----"],
    query: z.strictObject({ ...paging, schoolId: id.optional(), lessonId: id.optional() }),
    status: 200,
    answer: pageOf(sourceShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId, lessonId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = visibleSources(db, actor)
        .where("sources.id", ">", cursor)
        .orderBy("sources.id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("sources.school_id", "=", school);
      if (lessonId) matching = matching.where("sources.lesson_id", "=", lessonId);
      return { body: toPage(await matching.execute(), limit, await presentSources(jobs, storedSecrets, actor)) };
    },
  });
}

function createSourceRoute({ changes, storedSecrets, jobs, apps, policyNotices }: SourceContext): ApiRoute {
  return route({
    id: "createSource",
    method: "POST",
    path: "/sources",
    tag: TAG,
    summary: "Create a source: a channel that is pulled from other servers or cameras",
    access: requires("sources:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    body: newSource,
    status: 201,
    answer: sourceShape,
    creates: true,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: async ({ body, ...requester }) => {
      const { actor } = requester;
      if (body.lessonId === undefined) checkApp(body.app, apps());
      const present = await presentSources(jobs, storedSecrets, actor);
      const created = changes.transact(requester, async (change) => {
        const { trx } = change;
        const place = await placeOf(trx, actor, body);
        await assertQuota(trx, "sources", { school: place.school_id }, LIMIT);
        const addresses = completeAddresses(actor, body.addresses, []);
        const sourceId = newId();
        const { stream, ...columns } = place;
        const source = await trx
          .insertInto("sources")
          .values({
            ...columns,
            id: sourceId,
            title: body.title,
            secret_addresses: storedSecrets.encrypt("sources", sourceId, JSON.stringify(addresses)),
            start: body.start,
            enabled: body.enabled,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const target = { targetKind: "source", targetId: sourceId };
        await change.audit({
          action: "source.create",
          schoolId: columns.school_id,
          ...target,
          after: { ...source, addresses: addresses.map(shownAddress) },
        });
        tellChannel(change, policyNotices, source);
        return { body: present({ ...source, ...stream }) };
      });
      return await created.catch(taken);
    },
  });
}

function getSourceRoute({ db, storedSecrets, jobs }: SourceContext): ApiRoute {
  return route({
    id: "getSource",
    method: "GET",
    path: "/sources/:sourceId",
    tag: TAG,
    summary: "Get a source with its state",
    access: requires("sources:read", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("sourceId"),
    status: 200,
    answer: sourceShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const source = await findSource(db, actor, params.sourceId);
      return { body: (await presentSources(jobs, storedSecrets, actor))(source) };
    },
  });
}

function changeSourceRoute({ changes, storedSecrets, jobs }: SourceContext): ApiRoute {
  return route({
    id: "changeSource",
    method: "PATCH",
    path: "/sources/:sourceId",
    tag: TAG,
    summary: "Change a source; an address that is sent back as it was shown keeps its secret",
    access: requires("sources:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("sourceId"),
    body: changedSource,
    status: 200,
    answer: sourceShape,
    changes: true,
    refusals: ["not-found", "refused-by-rule", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch }) => {
      const present = await presentSources(jobs, storedSecrets, actor);
      return await changes.transact({ actor }, async (change) => {
        const before = await findSource(change.trx, actor, params.sourceId);
        checkVersion(before, ifMatch);
        const stored = storedAddresses(storedSecrets, before) ?? [];
        const addresses = body.addresses ? completeAddresses(actor, body.addresses, stored) : stored;
        const columns = definedFields({
          title: body.title,
          start: body.start,
          enabled: body.enabled,
          secret_addresses: body.addresses && storedSecrets.encrypt("sources", before.id, JSON.stringify(addresses)),
        });
        const { stream_app, stream_name } = before;
        const after = await updateRow(change, "sources", before, columns);
        await change.audit({
          action: "source.change",
          schoolId: before.school_id,
          targetKind: "source",
          targetId: before.id,
          before: { ...columnsOf(before), addresses: stored.map(shownAddress) },
          after: { ...after, addresses: addresses.map(shownAddress) },
        });
        return { body: present({ ...after, stream_app, stream_name }) };
      });
    },
  });
}

function deleteSourceRoute({ changes, storedSecrets, policyNotices }: SourceContext): ApiRoute {
  return route({
    id: "deleteSource",
    method: "DELETE",
    path: "/sources/:sourceId",
    tag: TAG,
    summary: "Delete a source; its stream ends",
    access: requires("sources:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("sourceId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findSource(change.trx, actor, params.sourceId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "sources", before);
        const stored = storedAddresses(storedSecrets, before) ?? [];
        await change.audit({
          action: "source.delete",
          schoolId: before.school_id,
          targetKind: "source",
          targetId: before.id,
          before: { ...columnsOf(before), addresses: stored.map(shownAddress) },
        });
        tellChannel(change, policyNotices, before);
        return { body: null };
      }),
  });
}

/** Nodes hear to which school a channel belongs, whose policies hold for it. */
function tellChannel(change: Change, notices: PolicyNotices, { app, name }: Pick<SourceWithStream, "app" | "name">): void {
  if (app !== null) change.afterCommit(() => notices.policyChanged({ part: "channel", id: `${app}/${name}` }));
}

/** Whose a new source is, and its stream. @throws RefusalError not-found */
async function placeOf(db: Db, actor: Actor, body: z.output<typeof newSource>) {
  const schoolId = schoolScope(actor, body.schoolId);
  if (body.lessonId === undefined) {
    const stream = { stream_app: null, stream_name: null };
    return { school_id: schoolId, lesson_id: null, app: body.app, name: body.name ?? "", stream };
  }
  const lesson = await findLesson(db, actor, body.lessonId, "teach");
  if (schoolId !== null && lesson.school_id !== schoolId) throw noSuchSchool();
  const { stream_app, stream_name } = lesson;
  return { school_id: lesson.school_id, lesson_id: lesson.id, app: null, name: null, stream: { stream_app, stream_name } };
}

/** @throws RefusalError bad-request, where an address has its secret covered; refused-by-rule, where only operators can add it */
function completeAddresses(actor: Actor, sent: readonly string[], stored: readonly string[]): readonly string[] {
  const addresses = withStored(sent, stored);
  if ("covered" in addresses) throw coveredAddress(`addresses.${addresses.covered}`);
  const added = addresses.filter((address) => !stored.includes(address));
  if (actor.role !== "operator" && added.some(isForOperators))
    throw new RefusalError("refused-by-rule", schoolText("operators-add-address"));
  return addresses;
}

/** @throws RefusalError bad-request */
function checkApp(app: string, apps: readonly string[]): void {
  if (apps.includes(app)) return;
  const mistake = fieldText("one-of", { values: apps.join(", ") });
  const message = platformText("field-mistake", { where: platformText("in-body"), field: "app", mistake });
  throw new RefusalError("bad-request", message, [{ path: "app", message: mistake }]);
}

function columnsOf({ stream_app: _app, stream_name: _name, ...columns }: SourceWithStream) {
  return columns;
}

function taken(error: unknown): never {
  const constraint = brokenUniqueness(error);
  if (constraint === "sources_name") throw new RefusalError("conflict", schoolText("source-name-taken"));
  if (constraint === "sources_lesson") throw new RefusalError("conflict", schoolText("lesson-has-source"));
  throw error;
}
