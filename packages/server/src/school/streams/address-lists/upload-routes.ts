/**
 * Serves the API routes that take the text of an address list in parts, resumably: the core protocol and the extensions expiration and termination of tus 1.0, with
 * the upload created by a JSON request, as those of slides.
 */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError, UPLOAD_TYPE } from "../../../platform/api/server.ts";
import { uploadText } from "../../foundation/messages/upload-texts.ts";
import { id, time } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { ListUpload } from "../../foundation/store/policy-tables.ts";
import { partBody } from "../../foundation/uploads/part-body.ts";
import { checkedOffset, receivePart, TUS } from "../../foundation/uploads/receive-part.ts";
import type { AddressListContext } from "./address-list.ts";
import { findUploaded, storedList } from "./entries-routes.ts";
import { MAX_TEXT_BYTES, replaceContent } from "./list-content.ts";
import { beginUpload, deleteUpload, findUpload, finishUpload, MAX_PARTS, readUpload, storePiece } from "./list-uploads.ts";
import { TEXT_PART_BYTES } from "./stored-lists.ts";

const TAG = "Address lists";
const WRITE = requires("policies:write", ...ADMINISTRATORS);
const PATH = "/address-lists/:listId/uploads";
const ONE = `${PATH}/:uploadId`;
const one = z.strictObject({ listId: id, uploadId: id });

const uploadShape = z
  .object({
    id,
    offset: z.int().describe("How much has arrived, in bytes."),
    size: z.int(),
    done: z.boolean().describe("The list has its entries of it."),
    expiresAt: time.describe("When it is deleted, unless a further part arrives."),
  })
  .meta({ id: "ListUpload" });

export function listUploadRoutes(context: AddressListContext): ApiRoute[] {
  return [beginRoute(context), getRoute(context), sendRoute(context), deleteRoute(context)];
}

function beginRoute(context: AddressListContext): ApiRoute {
  return route({
    id: "createListUpload",
    method: "POST",
    path: PATH,
    tag: TAG,
    summary: "Begin to upload the entries of an address list in parts, which go on after a broken line",
    access: WRITE,
    rights: ["++------", "+0------"],
    params: z.strictObject({ listId: id }),
    body: z.strictObject({ size: z.int().min(1).max(MAX_TEXT_BYTES).describe("Bytes of the whole text.") }),
    status: 201,
    answer: uploadShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params, body }) => {
      const list = await findUploaded(context, actor, params.listId);
      const upload = await beginUpload(context.db, list, body.size);
      const location = `/api/v1/address-lists/${list.id}/uploads/${upload.id}`;
      return { body: shown(upload), headers: { ...headersOf(upload), location } };
    },
  });
}

function getRoute(context: AddressListContext): ApiRoute {
  return route({
    id: "getListUpload",
    method: "GET",
    path: ONE,
    tag: TAG,
    summary: "Get how much of an upload has arrived, to go on from there; also as HEAD, with Upload-Offset and Upload-Length",
    access: requires("policies:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: one,
    status: 200,
    answer: uploadShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params }) => {
      const upload = await found(context, actor, params);
      return { body: shown(upload), headers: headersOf(upload) };
    },
  });
}

function sendRoute(context: AddressListContext): ApiRoute {
  const { db } = context;
  return route({
    id: "sendListPart",
    method: "PATCH",
    path: ONE,
    tag: TAG,
    summary: "Send a part of the text, from the byte in Upload-Offset on; after the last one the list has its entries",
    access: WRITE,
    rights: ["++------", "+0------"],
    params: one,
    body: partBody,
    bodyType: UPLOAD_TYPE,
    status: 204,
    answer: null,
    refusals: ["not-found", "conflict", "too-large", "too-slow", "database-away"],
    handle: async ({ actor, params, body, uploadOffset }) => {
      const upload = await found(context, actor, params);
      const size = Number(upload.size);
      const offset = checkedOffset(uploadOffset, upload.uploaded);
      if (upload.parts >= MAX_PARTS) throw new RefusalError("conflict", uploadText("too-small-parts"));
      const { end, fault } = await receivePart(body, {
        offset,
        size,
        pieceBytes: TEXT_PART_BYTES,
        store: async (at, bytes) => {
          if (await storePiece(db, upload.id, at, bytes)) return;
          checkedOffset(at, (await found(context, actor, params)).uploaded);
        },
      });
      if (fault) throw fault;
      const after = await found(context, actor, params);
      // A client that sends nothing behind the end asks again for what an earlier request, or an earlier process, did not finish.
      if (end === size && after.done_at === null) await finish(context, actor, params.listId, after);
      return { body: null, headers: headersOf(after) };
    },
  });
}

function deleteRoute(context: AddressListContext): ApiRoute {
  return route({
    id: "deleteListUpload",
    method: "DELETE",
    path: ONE,
    tag: TAG,
    summary: "Give an upload up",
    access: WRITE,
    rights: ["++------", "+0------"],
    params: one,
    status: 204,
    answer: null,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params }) => {
      const upload = await found(context, actor, params);
      await deleteUpload(context.db, upload.id);
      return { body: null, headers: TUS };
    },
  });
}

/** A text that is no list is refused, and its upload is over. @throws RefusalError conflict, not-found */
async function finish(context: AddressListContext, actor: Actor, listId: string, upload: ListUpload): Promise<void> {
  const list = await findUploaded(context, actor, listId);
  const content = { list, chunks: readUpload(context.db, upload), keepText: true, base: null, requester: { actor }, fetched: null };
  const result = await replaceContent(context, content);
  if (result.kind === "refused") await deleteUpload(context.db, upload.id);
  storedList(result);
  await finishUpload(context.db, upload.id);
}

/** @throws RefusalError not-found, conflict */
async function found(context: AddressListContext, actor: Actor, { listId, uploadId }: z.output<typeof one>): Promise<ListUpload> {
  const list = await findUploaded(context, actor, listId);
  const upload = await findUpload(context.db, list.id, uploadId);
  if (!upload) throw new RefusalError("not-found", uploadText("none"));
  return upload;
}

function shown({ id: uploadId, size, uploaded, done_at, expires_at }: ListUpload) {
  return { id: uploadId, offset: Number(uploaded), size: Number(size), done: done_at !== null, expiresAt: expires_at };
}

function headersOf({ size, uploaded, expires_at }: ListUpload) {
  const [offset, length] = [String(uploaded), String(size)];
  return { ...TUS, "upload-offset": offset, "upload-length": length, "upload-expires": expires_at.toUTCString() };
}
