/** Defines what the SIP server of GB/T 28181 asks and tells about devices: cameras and recorders that have an account. */

/** How pictures come: as datagrams, by a connection that the device makes, or by one that it waits for. */
export const MEDIA_TRANSPORTS = ["udp", "tcp-passive", "tcp-active"] as const;
export type MediaTransport = (typeof MEDIA_TRANSPORTS)[number];

/** A device that may register. */
export type CameraAccount = {
  /** Empty: the operator's. */
  readonly school: string;
  /** Empty: it cannot register. */
  readonly password: string;
  readonly transport: MediaTransport;
};

/** A camera, or a channel of a recorder. */
export type CameraChannel = {
  /** 20 digits. */
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly isOn: boolean;
};

export type CameraSighting = {
  readonly device: string;
  /** Until when it is registered, if nothing more is heard of it; milliseconds since 1970. Null: it has signed off. */
  readonly onlineUntil: number | null;
  readonly host: string;
  /** What has been learnt of it now. */
  readonly model?: string;
  readonly channels?: readonly CameraChannel[];
};

/** Keeps the accounts of devices, and what is known of them. */
export type CameraAccounts = {
  /** Null: there is no such device, or it is not enabled. */
  readonly account: (device: string) => Promise<CameraAccount | null>;
  readonly seen: (sighting: CameraSighting) => Promise<void>;
};
