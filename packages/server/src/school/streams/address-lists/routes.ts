/** Serves the API routes for address lists, which the rules of policies name. */
import type { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { shownAddress } from "../../../platform/shown-url.ts";
import { json } from "../../../platform/store/store.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import { definedFields } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { conflictAs } from "../../foundation/requests/route-context.ts";
import { type Resource, resource } from "../../foundation/resource/resource.ts";
import { noSuchSchool, schoolScope } from "../../foundation/schools/scope.ts";
import type { AddressList, ListValidators } from "../../foundation/store/policy-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { isListExempt } from "../protection/exemptions.ts";
import { coveredAddress, withStored } from "../sources/addresses.ts";
import { type AddressListContext, findAddressList, presentAddressLists } from "./address-list.ts";
import { changeEntriesRoute, getEntriesRoute, putEntriesRoute } from "./entries-routes.ts";
import { replaceContent } from "./list-content.ts";
import { isBelow } from "./list-files.ts";
import { isListNamed } from "./list-use.ts";
import { addressListShape, changedAddressList, newAddressList } from "./shapes.ts";
import { listUploadRoutes } from "./upload-routes.ts";

const TAG = "Address lists";
/** Of a school, and of the operator. */
const MAX_LISTS = 100;
const TAKEN = policyText("list-name-taken");
const WRITE = requires("policies:write", ...ADMINISTRATORS);

type Lists = Resource<"address_lists", typeof addressListShape>;

export function addressListRoutes(context: AddressListContext): ApiRoute[] {
  const { storedSecrets, policyNotices } = context;
  const lists: Lists = resource(context, {
    table: "address_lists",
    path: "/address-lists/:listId",
    tag: TAG,
    kind: "address-list",
    read: requires("policies:read", ...TEACHERS),
    write: WRITE,
    owner: "school-or-platform",
    missing: policyText("no-list"),
    limit: { max: MAX_LISTS, refusal: policyText("too-many-lists", { max: MAX_LISTS }) },
    shape: addressListShape,
    present: ({ actor, language }) => presentAddressLists(storedSecrets, actor, language),
    audited: (list) => audited(list, context),
  });
  return [
    lists.list("listAddressLists", {
      summary: "List address lists with their states, without their entries",
      rights: ["++++----", "+000----"],
    }),
    createAddressListRoute(context, lists),
    lists.get("getAddressList", {
      summary: "Get an address list with its state, without its entries",
      rights: ["++++----", "+000----"],
    }),
    lists.change("changeAddressList", {
      summary: "Change an address list; a URL that is sent back as it was shown keeps its secrets",
      rights: ["++------", "+0------"],
      body: changedAddressList,
      taken: TAKEN,
      refusals: ["refused-by-rule"],
      columns: (body, before, { actor }) => {
        checkSource(before, body);
        if (body.file !== undefined) checkFile(actor, body.file, context);
        const stored = before.secret_url && storedSecrets.decrypt("address_lists", before.id, before.secret_url);
        const url = body.url === undefined ? undefined : completeUrl(body.url, stored);
        const isElsewhere = (url !== undefined && url !== stored) || (body.file !== undefined && body.file !== before.file);
        return {
          ...definedFields({
            name: body.name,
            file: body.file,
            secret_url: url === undefined ? undefined : storedSecrets.encrypt("address_lists", before.id, url),
            refresh_seconds: body.refreshSeconds,
          }),
          // What was fetched from another address says nothing of this one.
          ...(isElsewhere ? { validators: json<ListValidators>({}) } : {}),
          ...(before.source === "entries" ? {} : { next_fetch_at: new Date() }),
        };
      },
    }),
    lists.delete("deleteAddressList", {
      summary: "Delete an address list; refused while a policy or an exemption names it",
      rights: ["++------", "+0------"],
      refusals: ["conflict"],
      check: async ({ trx }, { id }) => {
        // A policy that names it at the same time holds the row: it is seen, or it sees that the list is gone.
        await trx.selectFrom("address_lists").select("id").where("id", "=", id).forUpdate().execute();
        if (await isListNamed(trx, id)) throw new RefusalError("conflict", policyText("list-in-use"));
        if (await isListExempt(trx, id)) throw new RefusalError("conflict", protectionText("list-exempt"));
      },
      entry: (before) => ({ before: columnsOf(before) }),
      also: ({ afterCommit }, { id }) => afterCommit(() => policyNotices.policyChanged({ part: "address-list", id })),
    }),
    getEntriesRoute(context),
    putEntriesRoute(context),
    changeEntriesRoute(context),
    ...listUploadRoutes(context),
  ];
}

/** By hand, because the content of an uploaded list is made after the commit. */
function createAddressListRoute(context: AddressListContext, lists: Lists): ApiRoute {
  const { changes, storedSecrets } = context;
  return route({
    id: "createAddressList",
    method: "POST",
    path: "/address-lists",
    tag: TAG,
    summary: "Create an address list; its entries are uploaded, or come from a URL, or for operators from a file",
    access: WRITE,
    rights: ["++------", "+0------"],
    body: newAddressList,
    status: 201,
    answer: addressListShape,
    creates: true,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: async ({ body, language, ...requester }) => {
      const { actor } = requester;
      const present = presentAddressLists(storedSecrets, actor, language);
      const created = changes.transact(requester, async (change) => {
        const schoolId = await ownerOf(change.trx, actor, body.schoolId);
        if (body.file !== undefined) checkFile(actor, body.file, context);
        const list = await lists.add(change, schoolId, (listId) => ({
          name: body.name,
          source: body.source,
          file: body.file ?? null,
          secret_url: body.url === undefined ? null : storedSecrets.encrypt("address_lists", listId, body.url),
          refresh_seconds: body.refreshSeconds ?? null,
          next_fetch_at: body.source === "entries" ? null : new Date(),
        }));
        return { body: present(list) };
      });
      const answer = await created.catch(conflictAs(TAKEN));
      return { body: await withEmptyContent(context, actor, answer.body, present) };
    },
  });
}

type PresentedList = ReturnType<ReturnType<typeof presentAddressLists>>;

/** An uploaded list is empty at first, and is there: nodes know that nothing is in it. */
async function withEmptyContent(
  context: AddressListContext,
  actor: Actor,
  created: PresentedList,
  present: (list: AddressList) => PresentedList,
): Promise<PresentedList> {
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

/** With the address, without what is secret in it. */
function audited(list: AddressList, { storedSecrets }: Pick<AddressListContext, "storedSecrets">): Record<string, unknown> {
  const url = list.secret_url && storedSecrets.decrypt("address_lists", list.id, list.secret_url);
  return { ...columnsOf(list), url: url && shownAddress(url) };
}

function columnsOf({ mistakes: _, validators: __, last_error: ___, ...list }: AddressList): Record<string, unknown> {
  return list;
}
