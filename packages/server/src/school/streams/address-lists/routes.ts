/** API routes for address lists, which the rules of policies name. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { shownAddress } from "../../../platform/shown-url.ts";
import { json } from "../../../platform/store/store.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { conflictAs } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/schools/room.ts";
import { noSuchSchool, schoolScope } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { AddressList, ListValidators } from "../../foundation/store/policy-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { isListExempt } from "../protection/exemptions.ts";
import { coveredAddress, withStored } from "../sources/addresses.ts";
import { type AddressListContext, findAddressList, presentAddressLists } from "./address-list.ts";
import { changeEntriesRoute, getEntriesRoute, putEntriesRoute } from "./entries-routes.ts";
import { replaceContent } from "./list-content.ts";
import { isBelow } from "./list-files.ts";
import { isListNamed } from "./list-use.ts";
import { addressListShape, changedAddressList, newAddressList } from "./shapes.ts";

const TAG = "Address lists";
/** Of a school, and of the operator. */
const MAX_LISTS = 100;
const taken = conflictAs(policyText("list-name-taken"));

export function addressListRoutes(context: AddressListContext): ApiRoute[] {
  return [
    listAddressListsRoute(context),
    createAddressListRoute(context),
    getAddressListRoute(context),
    changeAddressListRoute(context),
    deleteAddressListRoute(context),
    getEntriesRoute(context),
    putEntriesRoute(context),
    changeEntriesRoute(context),
  ];
}

function listAddressListsRoute({ db, storedSecrets }: AddressListContext): ApiRoute {
  return route({
    id: "listAddressLists",
    method: "GET",
    path: "/address-lists",
    tag: TAG,
    summary: "List address lists with their states, without their entries",
    access: requires("policies:read", ...TEACHERS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(addressListShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId }, language }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("address_lists")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, presentAddressLists(storedSecrets, actor, language)) };
    },
  });
}

function createAddressListRoute(context: AddressListContext): ApiRoute {
  const { changes, storedSecrets, listRefresh } = context;
  return route({
    id: "createAddressList",
    method: "POST",
    path: "/address-lists",
    tag: TAG,
    summary: "Create an address list; its entries are uploaded, or come from a URL, or for operators from a file",
    access: requires("policies:write", ...ADMINISTRATORS),
    body: newAddressList,
    status: 201,
    answer: addressListShape,
    creates: true,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: async ({ body, language, ...requester }) => {
      const { actor } = requester;
      const present = presentAddressLists(storedSecrets, actor, language);
      const created = changes.transact(requester, async (change) => {
        const { trx } = change;
        const schoolId = await ownerOf(trx, actor, body.schoolId);
        if (body.file !== undefined) checkFile(actor, body.file, context);
        await assertQuota(trx, "address_lists", schoolId, MAX_LISTS, policyText("too-many-lists", { max: MAX_LISTS }));
        const listId = newId();
        const row = {
          id: listId,
          school_id: schoolId,
          name: body.name,
          source: body.source,
          file: body.file ?? null,
          secret_url: body.url === undefined ? null : storedSecrets.encrypt("address_lists", listId, body.url),
          refresh_seconds: body.refreshSeconds ?? null,
          next_fetch_at: body.source === "entries" ? null : new Date(),
        };
        const list = await trx.insertInto("address_lists").values(row).returningAll().executeTakeFirstOrThrow();
        const after = { ...audited(list), url: body.url === undefined ? null : shownAddress(body.url) };
        await change.audit({ action: "address-list.create", ...auditTarget(list), after });
        change.afterCommit(() => listRefresh.wake());
        return { body: present(list) };
      });
      const answer = await created.catch(taken);
      return { body: await withEmptyContent(context, actor, answer.body, present) };
    },
  });
}

function getAddressListRoute({ db, storedSecrets }: AddressListContext): ApiRoute {
  return route({
    id: "getAddressList",
    method: "GET",
    path: "/address-lists/:listId",
    tag: TAG,
    summary: "Get an address list with its state, without its entries",
    access: requires("policies:read", ...TEACHERS),
    params: idParam("listId"),
    status: 200,
    answer: addressListShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, language }) => {
      const list = await findAddressList(db, actor, params.listId);
      return { body: presentAddressLists(storedSecrets, actor, language)(list) };
    },
  });
}

function changeAddressListRoute(context: AddressListContext): ApiRoute {
  const { changes, storedSecrets, listRefresh } = context;
  return route({
    id: "changeAddressList",
    method: "PATCH",
    path: "/address-lists/:listId",
    tag: TAG,
    summary: "Change an address list; a URL that is sent back as it was shown keeps its secrets",
    access: requires("policies:write", ...ADMINISTRATORS),
    params: idParam("listId"),
    body: changedAddressList,
    status: 200,
    answer: addressListShape,
    changes: true,
    refusals: ["not-found", "conflict", "refused-by-rule", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch, language }) => {
      const present = presentAddressLists(storedSecrets, actor, language);
      const changed = changes.transact({ actor }, async (change) => {
        const before = await findAddressList(change.trx, actor, params.listId);
        checkVersion(before, ifMatch);
        checkSource(before, body);
        if (body.file !== undefined) checkFile(actor, body.file, context);
        const stored = before.secret_url && storedSecrets.decrypt("address_lists", before.id, before.secret_url);
        const url = body.url === undefined ? undefined : completeUrl(body.url, stored);
        const isElsewhere = (url !== undefined && url !== stored) || (body.file !== undefined && body.file !== before.file);
        const columns = definedFields({
          name: body.name,
          file: body.file,
          secret_url: url === undefined ? undefined : storedSecrets.encrypt("address_lists", before.id, url),
          refresh_seconds: body.refreshSeconds,
        });
        // What was fetched from another address says nothing of this one.
        const again = isElsewhere ? { validators: json<ListValidators>({}) } : {};
        const due = before.source === "entries" ? {} : { next_fetch_at: new Date() };
        const after = await updateRow(change, "address_lists", before, { ...columns, ...again, ...due });
        const shown = (address: string | null | undefined) => address && shownAddress(address);
        await change.audit({
          action: "address-list.change",
          ...auditTarget(before),
          before: { ...audited(before), url: shown(stored) },
          after: { ...audited(after), url: shown(url ?? stored) },
        });
        change.afterCommit(() => listRefresh.wake());
        return { body: present(after) };
      });
      return await changed.catch(taken);
    },
  });
}

function deleteAddressListRoute({ changes, policyNotices }: AddressListContext): ApiRoute {
  return route({
    id: "deleteAddressList",
    method: "DELETE",
    path: "/address-lists/:listId",
    tag: TAG,
    summary: "Delete an address list; refused while a policy or an exemption names it",
    access: requires("policies:write", ...ADMINISTRATORS),
    params: idParam("listId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findAddressList(change.trx, actor, params.listId);
        checkVersion(before, ifMatch);
        // A policy that names it at the same time holds the row: it is seen, or it sees that the list is gone.
        await change.trx.selectFrom("address_lists").select("id").where("id", "=", before.id).forUpdate().execute();
        if (await isListNamed(change.trx, before.id)) throw new RefusalError("conflict", policyText("list-in-use"));
        if (await isListExempt(change.trx, before.id)) throw new RefusalError("conflict", protectionText("list-exempt"));
        await deleteRow(change, "address_lists", before);
        await change.audit({ action: "address-list.delete", ...auditTarget(before), before: audited(before) });
        change.afterCommit(() => policyNotices.policyChanged({ part: "address-list", id: before.id }));
        return { body: null };
      }),
  });
}

type Shown = ReturnType<ReturnType<typeof presentAddressLists>>;

/** An uploaded list is empty at first, and is there: nodes know that nothing is in it. */
async function withEmptyContent(
  context: AddressListContext,
  actor: Actor,
  created: Shown,
  present: (list: AddressList) => Shown,
): Promise<Shown> {
  if (created.source !== "entries") return created;
  const list = await findAddressList(context.db, actor, created.id);
  if (list.content_version > 0) return present(list);
  const content = { list, chunks: nothing(), keepText: true, base: 0, requester: { actor }, fetched: null };
  const result = await replaceContent(context, content);
  return result.kind === "stored" ? present(result.list) : created;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The school of a new list; null: it is the operator's. @throws RefusalError not-found */
async function ownerOf(db: Db, actor: Actor, requestedId: string | undefined): Promise<string | null> {
  const schoolId = schoolScope(actor, requestedId);
  if (schoolId === null) return null;
  const school = db.selectFrom("schools").select("id").where("id", "=", schoolId).where("archived_at", "is", null);
  if (!(await school.executeTakeFirst())) throw noSuchSchool();
  return schoolId;
}

/** @throws RefusalError refused-by-rule */
function checkFile({ role }: Actor, file: string, { listDirectories }: AddressListContext): void {
  if (role !== "operator") throw new RefusalError("refused-by-rule", policyText("operators-name-files"));
  if (!isBelow(file, listDirectories())) throw new RefusalError("refused-by-rule", policyText("file-outside"));
}

/** @throws RefusalError conflict, where the fields belong to another source */
function checkSource({ source }: AddressList, body: z.output<typeof changedAddressList>): void {
  const isUrl = body.url !== undefined || body.refreshSeconds !== undefined;
  if ((isUrl && source !== "url") || (body.file !== undefined && source !== "file"))
    throw new RefusalError("conflict", policyText("other-source"));
}

/** @throws RefusalError bad-request, where a secret is covered and the rest is not as it was shown */
function completeUrl(sent: string, stored: string | null): string {
  const urls = withStored([sent], stored === null ? [] : [stored]);
  if ("covered" in urls) throw coveredAddress("url");
  return urls[0] ?? sent;
}

function auditTarget({ id: targetId, school_id: schoolId }: AddressList) {
  return { schoolId, targetKind: "address-list", targetId };
}

function audited({ mistakes: _, validators: __, last_error: ___, ...list }: AddressList): Record<string, unknown> {
  return list;
}
