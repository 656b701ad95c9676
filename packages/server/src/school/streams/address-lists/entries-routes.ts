/** Serves the API routes for the entries of address lists: all of them as a text, or some that are added and removed. */
import { Readable } from "node:stream";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { AddressList } from "../../foundation/store/policy-tables.ts";
import { type AddressListContext, findAddressList, noSuchList, presentAddressLists } from "./address-list.ts";
import { changeText, type TextChange } from "./changed-text.ts";
import { entriesOf } from "./entries-text.ts";
import { type ContentResult, replaceContent, TextTooLarge } from "./list-content.ts";
import { addressListShape, changedEntries, changedEntriesShape, entriesText } from "./shapes.ts";
import { ContentReplaced, readText } from "./stored-lists.ts";

const TAG = "Address lists";
/** Each attempt loses to a change that was made by another control process. */
const MAX_ATTEMPTS = 32;

export function getEntriesRoute({ db }: AddressListContext): ApiRoute {
  return route({
    id: "getAddressListEntries",
    method: "GET",
    path: "/address-lists/:listId/entries",
    tag: TAG,
    summary: "Get all entries of an address list as a text: as they were uploaded, or the ranges of what was fetched",
    access: requires("policies:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: { unlogged: "addresses that somebody has listed" },
    params: idParam("listId"),
    status: 200,
    answer: entriesText,
    answerType: "text/plain; charset=utf-8",
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const list = await findAddressList(db, actor, params.listId);
      const headers = { "content-disposition": `attachment; filename="addresses-${list.id}.txt"` };
      return { body: Readable.from(entriesOf(db, list), { objectMode: false }), headers };
    },
  });
}

export function putEntriesRoute(context: AddressListContext): ApiRoute {
  return route({
    id: "putAddressListEntries",
    method: "PUT",
    path: "/address-lists/:listId/entries",
    tag: TAG,
    summary: "Replace all entries of an address list by a text with one in each line",
    access: requires("policies:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("listId"),
    body: entriesText,
    bodyType: "text/plain",
    status: 200,
    answer: addressListShape,
    refusals: ["not-found", "conflict", "too-large", "database-away"],
    handle: async ({ actor, params, body, language }) => {
      const list = await findUploaded(context, actor, params.listId);
      const content = { list, chunks: received(body), keepText: true, base: null, requester: { actor }, fetched: null };
      const stored = storedList(await replaceContent(context, content).catch(tooLarge));
      return { body: presentAddressLists(context.storedSecrets, actor, language)(stored) };
    },
  });
}

export function changeEntriesRoute(context: AddressListContext): ApiRoute {
  const inTurn = taskTurns();
  return route({
    id: "changeAddressListEntries",
    method: "POST",
    path: "/address-lists/:listId/entries",
    tag: TAG,
    summary: "Add entries to an address list, and remove others; at most 1000 of each",
    access: requires("policies:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("listId"),
    body: changedEntries,
    status: 200,
    answer: changedEntriesShape,
    refusals: ["not-found", "conflict", "too-large", "database-away"],
    handle: async ({ actor, params, body, language }) => {
      const { list, notFound } = await inTurn(params.listId, () => changeEntries(context, actor, params.listId, body));
      return { body: { list: presentAddressLists(context.storedSecrets, actor, language)(list), notFound } };
    },
  });
}

async function changeEntries(
  context: AddressListContext,
  actor: Actor,
  listId: string,
  entries: TextChange,
): Promise<{ readonly list: AddressList; readonly notFound: string[] }> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const list = await findUploaded(context, actor, listId);
    const base = list.content_version;
    const { chunks, missing } = changeText(readText(context.db, listId, base), entries);
    const content = { list, chunks, keepText: true, base, requester: { actor }, fetched: null };
    const result = await replaceContent(context, content).catch(replacedWhileRead).catch(tooLarge);
    if (result.kind !== "replaced") return { list: storedList(result), notFound: [...missing] };
  }
  throw changedMeanwhile();
}

/** What arrives of a body. It stays open where not all of it is read: a refusal has to reach the client. */
async function* received(body: Readable): AsyncGenerator<Uint8Array> {
  const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  try {
    yield* chunks;
  } catch {
    throw new RefusalError("bad-request", platformText("body-incomplete"));
  }
}

/** @throws RefusalError not-found; conflict, where its entries come from elsewhere */
export async function findUploaded({ db }: AddressListContext, actor: Actor, listId: string): Promise<AddressList> {
  const list = await findAddressList(db, actor, listId);
  if (list.source !== "entries") throw new RefusalError("conflict", policyText("not-uploaded"));
  return list;
}

/** @throws RefusalError */
export function storedList(result: ContentResult): AddressList {
  if (result.kind === "stored") return result.list;
  if (result.kind === "refused") throw new RefusalError("conflict", result.text);
  if (result.kind === "gone") throw noSuchList();
  throw changedMeanwhile();
}

function replacedWhileRead(error: unknown): ContentResult {
  if (error instanceof ContentReplaced) return { kind: "replaced" };
  throw error;
}

function tooLarge(error: unknown): never {
  throw error instanceof TextTooLarge ? new RefusalError("too-large", error.text) : error;
}

function changedMeanwhile(): RefusalError {
  return new RefusalError("conflict", schoolText("changed-meanwhile"));
}

/** Tasks of one key run one after the other: changes of one list would otherwise compile it in vain. */
function taskTurns(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
