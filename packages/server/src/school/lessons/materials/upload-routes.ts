/**
 * Serves the API routes that take the files of teaching materials in parts, resumably: the core protocol of tus 1.0, with the upload created by a
 * JSON request. The count in the database says how much has arrived, so that two control processes cannot disagree.
 */
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError, UPLOAD_TYPE } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { materialText } from "../../foundation/messages/material-texts.ts";
import { uploadText } from "../../foundation/messages/upload-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import { targetSchool } from "../../foundation/schools/scope.ts";
import type { Material } from "../../foundation/store/material-tables.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { partBody } from "../../foundation/uploads/part-body.ts";
import { checkedOffset, receivePart, TUS } from "../../foundation/uploads/receive-part.ts";
import { checkFreeSpace } from "./free-space.ts";
import { findOwnMaterial, type MaterialContext } from "./material.ts";
import type { MaterialStore } from "./material-store.ts";
import { materialResponse, materialShape, newMaterial, uploadShape } from "./shapes.ts";

const TAG = "Materials";
const MAX_OF_SCHOOL = 20_000;
const LIMIT = { max: MAX_OF_SCHOOL, refusal: materialText("too-many", { max: MAX_OF_SCHOOL }) };
const MAX_OPEN = 20;
const MEGABYTE = 1024 * 1024;
/** What is written at once. */
const PIECE_BYTES = 512 * 1024;

export function uploadRoutes(context: RouteContext & MaterialContext): ApiRoute[] {
  return [createMaterialRoute(context), getUploadRoute(context), sendPartRoute(context)];
}

function createMaterialRoute({ changes, materials }: RouteContext & MaterialContext): ApiRoute {
  return route({
    id: "createMaterial",
    method: "POST",
    path: "/materials",
    tag: TAG,
    summary: "Begin to upload a material: PDF, PowerPoint, Word, OpenDocument, or a picture",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["++++----", "+000----"],
    body: newMaterial,
    status: 201,
    answer: materialShape,
    creates: true,
    refusals: ["not-found", "too-large", "conflict", "disk-full", "database-away"],
    handle: ({ body, ...requester }) =>
      changes.transact(requester, async (change) => {
        const { actor } = requester;
        const school = await targetSchool(change.trx, actor, body.schoolId);
        const max = materials.maxBytes();
        if (body.size > max) throw new RefusalError("too-large", materialText("too-large", { max: Math.floor(max / MEGABYTE) }));
        await assertQuota(change.trx, "materials", { school: school.id }, LIMIT);
        await checkOpen(change.trx, materials, actor, body.size);
        const filename = body.filename.split(/[\\/]/).at(-1)?.trim() || "file";
        const row = {
          id: newId(),
          school_id: school.id,
          owner_id: actor.kind === "user" ? actor.id : null,
          filename,
          size: body.size,
          title: body.title ?? titleOf(filename),
          notices: json([]),
          node: materials.self,
        };
        const material = await change.trx
          .insertInto("materials")
          .values({ ...row, state: "uploading" })
          .returningAll()
          .executeTakeFirstOrThrow();
        await change.audit({
          action: "material.create",
          schoolId: school.id,
          targetKind: "material",
          targetId: material.id,
          after: { title: material.title, filename, size: body.size },
        });
        const location = `/api/v1/materials/${material.id}/content`;
        return { body: materialResponse(material), headers: { ...TUS, location } };
      }),
  });
}

function getUploadRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getMaterialUpload",
    method: "GET",
    path: "/materials/:materialId/content",
    tag: TAG,
    summary: "Get how much of a file has arrived, to go on from there; also as HEAD, with Upload-Offset and Upload-Length",
    access: requires("lessons:read", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("materialId"),
    status: 200,
    answer: uploadShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const material = await findOwnMaterial(db, actor, params.materialId);
      const [offset, size] = [Number(material.uploaded), Number(material.size)];
      return { body: { offset, size }, headers: { ...TUS, "upload-offset": String(offset), "upload-length": String(size) } };
    },
  });
}

function sendPartRoute({ db, materials, materialsChanged }: RouteContext & MaterialContext): ApiRoute {
  return route({
    id: "sendMaterialPart",
    method: "PATCH",
    path: "/materials/:materialId/content",
    tag: TAG,
    summary: "Send a part of a file, from the byte in Upload-Offset on; after the last one the file is converted",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("materialId"),
    body: partBody,
    bodyType: UPLOAD_TYPE,
    status: 204,
    answer: null,
    refusals: ["not-found", "conflict", "too-large", "too-slow", "disk-full", "storage-away", "database-away"],
    handle: async ({ actor, params, body, uploadOffset }) => {
      const material = await findOwnMaterial(db, actor, params.materialId);
      const offset = offsetIn(material, uploadOffset);
      const node = material.node ?? materials.self;
      const { end, fault } = await receivePart(body, {
        offset,
        size: Number(material.size),
        pieceBytes: PIECE_BYTES,
        store: (at, bytes) => materials.write(node, material.id, at, bytes).catch(refuseWrite),
      });
      if (end > offset) await count(db, materials, material, offset, end);
      if (fault) throw fault;
      if (end === Number(material.size)) materialsChanged();
      return { body: null, headers: { ...TUS, "upload-offset": String(end) } };
    },
  });
}

/** @throws RefusalError bad-request, conflict */
function offsetIn({ state, uploaded }: Material, offset: number | null): number {
  if (state !== "uploading") throw new RefusalError("conflict", uploadText("uploaded-already"));
  return checkedOffset(offset, uploaded);
}

function refuseWrite(error: unknown): never {
  const code = error instanceof Error && "code" in error ? error.code : null;
  throw new RefusalError(code === "ENOSPC" || code === "EDQUOT" ? "disk-full" : "storage-away");
}

/** Counts a part. @throws RefusalError conflict, where another part was counted meanwhile; storage-away, where the whole file is not there */
async function count(db: Database, materials: MaterialStore, material: Material, from: number, to: number): Promise<void> {
  const isWhole = to === Number(material.size);
  if (isWhole && (await materials.uploaded(material.node ?? materials.self, material.id).catch(() => null)) !== to)
    throw new RefusalError("storage-away");
  const counted = await db
    .updateTable("materials")
    .set({ uploaded: to, ...(isWhole ? { state: "waiting" as const, waiting_since: new Date() } : {}) })
    .where("id", "=", material.id)
    .where("uploaded", "=", from)
    .where("state", "=", "uploading")
    .where("deleted_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  if (counted) return;
  const now = await db.selectFrom("materials").selectAll().where("id", "=", material.id).executeTakeFirst();
  if (!now || now.deleted_at) throw new RefusalError("not-found", materialText("no-material"));
  offsetIn(now, from);
}

/** A person, or a program of a school, has few uploads at once, and the disk has room for all of them. */
async function checkOpen(db: Db, materials: MaterialStore, actor: Actor, size: number): Promise<void> {
  const open = await db
    .selectFrom("materials")
    .select(["owner_id", "size", "uploaded", "node"])
    .where("state", "=", "uploading")
    .where("deleted_at", "is", null)
    .execute();
  const owner = actor.kind === "user" ? actor.id : null;
  if (open.filter((one) => one.owner_id === owner).length >= MAX_OPEN)
    throw new RefusalError("conflict", materialText("too-many-open", { max: MAX_OPEN }));
  const promised = open
    .filter(({ node }) => node === materials.self)
    .reduce((sum, one) => sum + Number(one.size) - Number(one.uploaded), 0);
  await checkFreeSpace(materials, promised + size);
}

function titleOf(filename: string): string {
  return filename.replace(/\.[A-Za-z0-9]{1,5}$/, "").trim() || filename;
}
