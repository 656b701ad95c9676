/** Decides which camera and which microphone to open: the one that was used before, else the next best. */

export type DeviceKind = "camera" | "microphone";

/** A device that the browser lists. Its label is empty until a permission is given. */
export type Device = { readonly id: string; readonly label: string; readonly groupId: string };

/** A device as it is remembered: browsers give a device another id when they forget a permission, so its label counts too. */
export type RememberedDevice = { readonly id: string; readonly label: string };

const BROWSER_KIND: Readonly<Record<DeviceKind, MediaDeviceKind>> = { camera: "videoinput", microphone: "audioinput" };
/** Entries of Chromium that stand for one of the others. */
const ALIASES: readonly string[] = ["default", "communications"];

/** The devices of a kind, each once. */
export function devicesOf(
  kind: DeviceKind,
  all: readonly Pick<MediaDeviceInfo, "kind" | "deviceId" | "label" | "groupId">[],
): readonly Device[] {
  const own = all.filter((device) => device.kind === BROWSER_KIND[kind] && !ALIASES.includes(device.deviceId));
  return own.map(({ deviceId: id, label, groupId }) => ({ id, label, groupId }));
}

/** The remembered device among those that are here: by its id, else by its label; null when it is not here. */
export function findRemembered(remembered: RememberedDevice | null, devices: readonly Device[]): Device | null {
  if (remembered === null) return null;
  const byLabel = (device: Device): boolean => remembered.label !== "" && device.label === remembered.label;
  return devices.find(({ id }) => id !== "" && id === remembered.id) ?? devices.find(byLabel) ?? null;
}

/**
 * What to open instead of a device that is gone: the remembered one, else the first of the others; null when there is none.
 * @param lostId of the device that is gone
 */
export function fallBack(lostId: string | null, remembered: RememberedDevice | null, devices: readonly Device[]): Device | null {
  const others = devices.filter(({ id }) => id !== lostId);
  return findRemembered(remembered, others) ?? others[0] ?? null;
}

export type Facing = "user" | "environment";

const FRONT = /\b(?:front|facetime|user)\b|前置|前摄/i;
const BACK = /\b(?:back|rear|environment)\b|后置|后摄/i;

/** Which way a camera looks, by its label; null: it does not say, as the cameras of computers do not. */
export function facingOf(label: string): Facing | null {
  if (BACK.test(label)) return "environment";
  return FRONT.test(label) ? "user" : null;
}

/** Whether the device has a camera on either side, as phones and tablets have. */
export function hasBothSides(cameras: readonly Device[]): boolean {
  const sides = new Set(cameras.map(({ label }) => facingOf(label)));
  return sides.has("user") && sides.has("environment");
}

/** A picture of oneself is shown as in a mirror; that of the back camera, and of a camera on a stand, is not. */
export function isMirrored(settings: Pick<MediaTrackSettings, "facingMode">, label: string): boolean {
  return (settings.facingMode ?? facingOf(label) ?? "user") === "user";
}

/** The id in the list of a device that is open; empty: it is not in it. Chromium opens aliases, which it labels `Default - NAME`. */
export function listedId(open: RememberedDevice | null, devices: readonly Device[]): string {
  if (open === null) return "";
  const isSame = ({ id, label }: Device): boolean => id === open.id || (label !== "" && open.label.endsWith(label));
  return (devices.find(({ id }) => id === open.id) ?? devices.find(isSame))?.id ?? "";
}
