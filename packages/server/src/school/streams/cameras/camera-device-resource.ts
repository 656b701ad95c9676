/**
 * Has cameras and recorders that register by GB/T 28181: their table, what the API takes and returns, and its routes. Their cameras become channels by a source with
 * `gb28181://DEVICE/CHANNEL`.
 */
import type { Generated, Selectable } from "kysely";
import { z } from "zod";
import type { ApiRoute } from "../../../access/route.ts";
import { type CameraChannel, MEDIA_TRANSPORTS, type MediaTransport } from "../../../contracts/cameras/camera-account.ts";
import { defineMessages } from "../../../platform/messages/message.ts";
import { json } from "../../../platform/store/store.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { definedFields, id, text, time, version } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import type { Created, Json, MaybeInstant } from "../../foundation/store/column-types.ts";

type CameraDeviceTable = {
  readonly id: string;
  /** Null: the operator's. */
  readonly school_id: string | null;
  /** 20 digits. */
  readonly code: string;
  title: string;
  /** Empty: that of the configuration; encrypted (`stored-secrets.ts`). */
  secret_password: string;
  transport: MediaTransport;
  enabled: boolean;
  /** Until when it counts as online, if nothing more is heard of it. */
  online_until: MaybeInstant;
  /** Where it was seen last. */
  host: string | null;
  model: string | null;
  /** Its cameras, as its newest catalogue has them. */
  channels: Json<readonly CameraChannel[]>;
  readonly created_at: Created;
  version: Generated<number>;
};

type CameraDevice = Selectable<CameraDeviceTable>;

declare module "../../foundation/store/tables.ts" {
  interface Tables {
    camera_devices: CameraDeviceTable;
  }
}

const cameraText = defineMessages("camera", {
  "no-device": { en: "There is no such camera or recorder.", zh: "没有这个摄像头或录像机。" },
  "too-many-devices": {
    en: "There are {{max}} cameras and recorders already. Delete one that is not used.",
    zh: "已有 {{max}} 台设备，请先删除不用的设备。",
  },
  "device-code-taken": {
    en: "Another device has this code. Each device needs its own.",
    zh: "已有设备使用这个国标编码，每台设备的编码不能重复。",
  },
});

const fields = {
  title: text(200),
  password: z
    .string()
    .max(128, fieldText.key("too-long"))
    .describe("By which it registers. Empty: that of `gb28181.password`, if there is one."),
  transport: z
    .enum(MEDIA_TRANSPORTS)
    .describe(
      "udp: every device knows it. tcp-passive: the device connects, and nothing is lost. tcp-active: it waits for the server.",
    ),
  enabled: z.boolean(),
};

const newCameraDevice = z.strictObject({
  schoolId: id.optional().describe("Without it, an operator's device belongs to no school."),
  code: z
    .string()
    .regex(/^\d{20}$/, fieldText.key("device-code"))
    .meta({ description: "The code of the device, 20 digits; unique among all devices.", examples: ["34020000001180000002"] }),
  title: fields.title,
  password: fields.password.default(""),
  transport: fields.transport.default("udp"),
  enabled: fields.enabled.default(true),
});

const changedCameraDevice = z.strictObject(fields).partial();

const cameraDeviceShape = z
  .object({
    id,
    schoolId: id.nullable().describe("Null: the operator's."),
    code: z.string(),
    title: z.string(),
    hasPassword: z.boolean().describe("Of its own."),
    transport: fields.transport,
    enabled: z.boolean(),
    online: z.boolean(),
    host: z.string().nullable().describe("Where it was seen last."),
    model: z.string().nullable(),
    channels: z
      .array(
        z.object({
          code: z.string(),
          name: z.string(),
          model: z.string(),
          online: z.boolean().describe("As the device says."),
          address: z.string().describe("For a source."),
        }),
      )
      .describe("Its cameras, as its newest catalogue has them."),
    createdAt: time,
    version,
  })
  .meta({ id: "CameraDevice" });

function cameraDeviceResponse(device: CameraDevice, now: number) {
  const { code } = device;
  const online = device.enabled && device.online_until !== null && device.online_until.getTime() > now;
  return {
    id: device.id,
    schoolId: device.school_id,
    code,
    title: device.title,
    hasPassword: device.secret_password !== "",
    transport: device.transport,
    enabled: device.enabled,
    online,
    host: device.host,
    model: device.model,
    channels: device.channels.map((channel) => ({
      code: channel.id,
      name: channel.name,
      model: channel.model,
      online: online && channel.isOn,
      address: `gb28181://${code}/${channel.id}`,
    })),
    createdAt: device.created_at,
    version: device.version,
  };
}

/** Of one school, and of the operator. */
const MAX_DEVICES = 200;

export function routes(context: RouteContext): ApiRoute[] {
  const { storedSecrets } = context;
  const devices = resource(context, {
    table: "camera_devices",
    path: "/camera-devices/:cameraDeviceId",
    tag: "Sources",
    kind: "camera-device",
    read: requires("sources:read", ...ADMINISTRATORS),
    write: requires("sources:write", ...ADMINISTRATORS),
    owner: "school-or-platform",
    privacy: { erasure: "school", atRest: "school" },
    missing: cameraText("no-device"),
    limit: { max: MAX_DEVICES, refusal: cameraText("too-many-devices", { max: MAX_DEVICES }) },
    shape: cameraDeviceShape,
    present: () => (device) => cameraDeviceResponse(device, Date.now()),
    // What people set; what the device says of itself changes all the time.
    audited: ({ code, title, secret_password, transport, enabled }) => ({ code, title, secret_password, transport, enabled }),
  });
  return [
    devices.list("listCameraDevices", {
      summary: "List the cameras and recorders that may register by GB/T 28181, with their channels",
      rights: ["++------", "+0------"],
    }),
    devices.create("createCameraDevice", {
      summary: "Create the account of a camera or a recorder, by which it registers",
      rights: ["++------", "+0------"],
      body: newCameraDevice,
      taken: cameraText("device-code-taken"),
      row: ({ code, title, transport, enabled, password }, { id }) => ({
        code,
        title,
        transport,
        enabled,
        channels: json([]),
        secret_password: storedSecrets.encrypt("camera_devices", id, password),
      }),
    }),
    devices.get("getCameraDevice", { summary: "Get a camera or a recorder with its channels", rights: ["++------", "+0------"] }),
    devices.change("changeCameraDevice", {
      summary: "Change the account of a camera or a recorder; the password stays where none is sent",
      rights: ["++------", "+0------"],
      body: changedCameraDevice,
      columns: ({ password, ...rest }, { id }) => {
        const secret_password = password === undefined ? undefined : storedSecrets.encrypt("camera_devices", id, password);
        return definedFields({ ...rest, secret_password });
      },
    }),
    devices.delete("deleteCameraDevice", {
      summary: "Delete the account of a camera or a recorder; its pictures can no longer be called",
      rights: ["++------", "+0------"],
    }),
  ];
}
