/** Defines types of the table of devices that register by GB/T 28181, for Kysely. */
import type { Generated, Selectable } from "kysely";
import type { CameraChannel, MediaTransport } from "../../../contracts/cameras/camera-account.ts";
import type { Created, Json, MaybeInstant } from "./column-types.ts";

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

export type CameraTables = { camera_devices: CameraDeviceTable };
export type CameraDevice = Selectable<CameraDeviceTable>;
