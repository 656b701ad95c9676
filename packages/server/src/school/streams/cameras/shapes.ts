/** Defines what the API takes and returns about cameras and recorders that register by GB/T 28181. */
import { z } from "zod";
import { MEDIA_TRANSPORTS } from "../../../contracts/cameras/camera-account.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { CameraDevice } from "../../foundation/store/camera-tables.ts";

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

export const newCameraDevice = z.strictObject({
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

export const changedCameraDevice = z.strictObject(fields).partial();

export const cameraDeviceShape = z
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

export function cameraDeviceResponse(device: CameraDevice, now: number) {
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
