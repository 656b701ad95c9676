/**
 * Serves the API routes for cameras and recorders that register by GB/T 28181. Their cameras become channels by a source with
 * `gb28181://DEVICE/CHANNEL`.
 */
import type { ApiRoute } from "../../../access/route.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { cameraDeviceResponse, cameraDeviceShape, changedCameraDevice, newCameraDevice } from "./shapes.ts";

/** Of one school, and of the operator. */
const MAX_DEVICES = 200;

export function cameraDeviceRoutes(context: RouteContext): ApiRoute[] {
  const { storedSecrets } = context;
  const devices = resource(context, {
    table: "camera_devices",
    path: "/camera-devices/:cameraDeviceId",
    tag: "Sources",
    kind: "camera-device",
    read: requires("sources:read", ...ADMINISTRATORS),
    write: requires("sources:write", ...ADMINISTRATORS),
    owner: "school-or-platform",
    missing: schoolText("no-device"),
    limit: { max: MAX_DEVICES, refusal: schoolText("too-many-devices", { max: MAX_DEVICES }) },
    shape: cameraDeviceShape,
    present: () => (device) => cameraDeviceResponse(device, Date.now()),
    // What people set; what the device says of itself changes all the time.
    audited: ({ code, title, secret_password, transport, enabled }) => ({ code, title, secret_password, transport, enabled }),
  });
  return [
    devices.list("listCameraDevices", {
      summary: "List the cameras and recorders that may register by GB/T 28181, with their channels",
    }),
    devices.create("createCameraDevice", {
      summary: "Create the account of a camera or a recorder, by which it registers",
      body: newCameraDevice,
      taken: schoolText("device-code-taken"),
      row: ({ code, title, transport, enabled, password }, { id }) => ({
        code,
        title,
        transport,
        enabled,
        channels: json([]),
        secret_password: storedSecrets.encrypt("camera_devices", id, password),
      }),
    }),
    devices.get("getCameraDevice", { summary: "Get a camera or a recorder with its channels" }),
    devices.change("changeCameraDevice", {
      summary: "Change the account of a camera or a recorder; the password stays where none is sent",
      body: changedCameraDevice,
      columns: ({ password, ...rest }, { id }) => {
        const secret_password = password === undefined ? undefined : storedSecrets.encrypt("camera_devices", id, password);
        return definedFields({ ...rest, secret_password });
      },
    }),
    devices.delete("deleteCameraDevice", {
      summary: "Delete the account of a camera or a recorder; its pictures can no longer be called",
    }),
  ];
}
