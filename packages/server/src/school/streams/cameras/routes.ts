/** API routes for cameras and recorders that register by GB/T 28181. Their cameras become channels by a source with `gb28181://DEVICE/CHANNEL`. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { brokenUniqueness } from "../../../platform/store/database-errors.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/schools/room.ts";
import { actsFor, schoolScope } from "../../foundation/schools/scope.ts";
import type { CameraDevice } from "../../foundation/store/camera-tables.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { cameraDeviceResponse, cameraDeviceShape, changedCameraDevice, newCameraDevice } from "./shapes.ts";

const TAG = "Sources";
/** Of one school, and of the operator. */
const MAX_DEVICES = 200;
const params = idParam("cameraDeviceId");

export function cameraDeviceRoutes(context: RouteContext): ApiRoute[] {
  return [
    listDevicesRoute(context),
    createDeviceRoute(context),
    getDeviceRoute(context),
    changeDeviceRoute(context),
    deleteDeviceRoute(context),
  ];
}

function listDevicesRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listCameraDevices",
    method: "GET",
    path: "/camera-devices",
    tag: TAG,
    summary: "List the cameras and recorders that may register by GB/T 28181, with their channels",
    access: requires("sources:read", ...ADMINISTRATORS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(cameraDeviceShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("camera_devices")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, present) };
    },
  });
}

function createDeviceRoute({ changes, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "createCameraDevice",
    method: "POST",
    path: "/camera-devices",
    tag: TAG,
    summary: "Create the account of a camera or a recorder, by which it registers",
    access: requires("sources:write", ...ADMINISTRATORS),
    body: newCameraDevice,
    status: 201,
    answer: cameraDeviceShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ body, ...requester }) => {
      const created = changes.transact(requester, async ({ trx, audit }) => {
        const schoolId = schoolScope(requester.actor, body.schoolId);
        await assertQuota(trx, "camera_devices", schoolId, MAX_DEVICES, schoolText("too-many-devices", { max: MAX_DEVICES }));
        const deviceId = newId();
        const { code, title, transport, enabled, password } = body;
        const device = await trx
          .insertInto("camera_devices")
          .values({
            id: deviceId,
            school_id: schoolId,
            code,
            title,
            transport,
            enabled,
            channels: json([]),
            secret_password: storedSecrets.encrypt("camera_devices", deviceId, password),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit({ action: "camera-device.create", ...targetOf(device), after: audited(device) });
        return { body: present(device) };
      });
      return await created.catch(taken);
    },
  });
}

function getDeviceRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getCameraDevice",
    method: "GET",
    path: "/camera-devices/:cameraDeviceId",
    tag: TAG,
    summary: "Get a camera or a recorder with its channels",
    access: requires("sources:read", ...ADMINISTRATORS),
    params,
    status: 200,
    answer: cameraDeviceShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params: { cameraDeviceId } }) => ({ body: present(await findDevice(db, actor, cameraDeviceId)) }),
  });
}

function changeDeviceRoute({ changes, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "changeCameraDevice",
    method: "PATCH",
    path: "/camera-devices/:cameraDeviceId",
    tag: TAG,
    summary: "Change the account of a camera or a recorder; the password stays where none is sent",
    access: requires("sources:write", ...ADMINISTRATORS),
    params,
    body: changedCameraDevice,
    status: 200,
    answer: cameraDeviceShape,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params: { cameraDeviceId }, body: { password, ...rest }, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findDevice(change.trx, actor, cameraDeviceId);
        checkVersion(before, ifMatch);
        const secret_password = password === undefined ? undefined : storedSecrets.encrypt("camera_devices", before.id, password);
        const after = await updateRow(change, "camera_devices", before, definedFields({ ...rest, secret_password }));
        await change.audit({
          action: "camera-device.change",
          ...targetOf(before),
          before: audited(before),
          after: audited(after),
        });
        return { body: present(after) };
      }),
  });
}

function deleteDeviceRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteCameraDevice",
    method: "DELETE",
    path: "/camera-devices/:cameraDeviceId",
    tag: TAG,
    summary: "Delete the account of a camera or a recorder; its pictures can no longer be called",
    access: requires("sources:write", ...ADMINISTRATORS),
    params,
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params: { cameraDeviceId }, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findDevice(change.trx, actor, cameraDeviceId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "camera_devices", before);
        await change.audit({ action: "camera-device.delete", ...targetOf(before), before: audited(before) });
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found */
async function findDevice(db: Db, actor: Actor, deviceId: string): Promise<CameraDevice> {
  const device = await db.selectFrom("camera_devices").selectAll().where("id", "=", deviceId).executeTakeFirst();
  if (!device || !actsFor(actor, device.school_id)) throw new RefusalError("not-found", schoolText("no-device"));
  return device;
}

function present(device: CameraDevice) {
  return cameraDeviceResponse(device, Date.now());
}

/** What people set; what the device says of itself changes all the time. */
function audited({ code, title, secret_password, transport, enabled }: CameraDevice) {
  return { code, title, secret_password, transport, enabled };
}

function targetOf({ id: targetId, school_id: schoolId }: CameraDevice) {
  return { schoolId, targetKind: "camera-device", targetId };
}

function taken(error: unknown): never {
  if (brokenUniqueness(error) === "camera_devices_code") throw new RefusalError("conflict", schoolText("device-code-taken"));
  throw error;
}
