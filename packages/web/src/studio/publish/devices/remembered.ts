/** Defines what this device remembers of how its person publishes: devices, sources, and the lesson that was live when the page went away. */
import { forgetValue, keepValue, keptValue } from "../../../session/kept-values.ts";
import type { DeviceKind, RememberedDevice } from "./device-choice.ts";

export const SOURCES = ["camera", "screen", "both", "sound"] as const;
/** The camera, the screen, the screen with the camera in a corner, or no picture at all. */
export type SourceKind = (typeof SOURCES)[number];

export const CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"] as const;
export type CornerName = (typeof CORNERS)[number];

/** With what a lesson is published: with this page, or with streaming software. */
export type PublishWith = "browser" | "software";

export type Remembered = {
  readonly devices: Readonly<Record<DeviceKind, RememberedDevice | null>>;
  readonly source: SourceKind;
  readonly corner: CornerName;
  readonly noiseSuppression: boolean;
  /** Null: nothing was chosen yet. */
  readonly publishWith: PublishWith | null;
};

/** A lesson that this device publishes. */
export type LiveMark = {
  readonly lessonId: string;
  readonly source: SourceKind;
  /** When it went live, milliseconds since 1970. */
  readonly since: number;
  /** Nobody is to be heard or seen after a reload who was not before it. */
  readonly isMuted: boolean;
  readonly isCameraOff: boolean;
};

const KEY = "lectern.publishing";
const LIVE_KEY = "lectern.publishing-live";
/** No lesson is that long. */
const MARK_MS = 12 * 3_600_000;

const NOTHING: Remembered = {
  devices: { camera: null, microphone: null },
  source: "camera",
  corner: "bottom-right",
  noiseSuppression: true,
  publishWith: null,
};

export function readRemembered(): Remembered {
  const kept = objectOf(keptValue("device", KEY));
  const devices = isObject(kept["devices"]) ? kept["devices"] : {};
  return {
    devices: { camera: deviceIn(devices["camera"]), microphone: deviceIn(devices["microphone"]) },
    source: SOURCES.find((one) => one === kept["source"]) ?? NOTHING.source,
    corner: CORNERS.find((one) => one === kept["corner"]) ?? NOTHING.corner,
    noiseSuppression: kept["noiseSuppression"] !== false,
    publishWith: kept["publishWith"] === "browser" || kept["publishWith"] === "software" ? kept["publishWith"] : null,
  };
}

export function remember(change: Partial<Remembered>): void {
  keepValue("device", KEY, JSON.stringify({ ...readRemembered(), ...change }));
}

export function rememberDevice(kind: DeviceKind, { id, label }: RememberedDevice): void {
  remember({ devices: { ...readRemembered().devices, [kind]: { id, label } } });
}

/** The mark of a lesson that was live on this device when the page went away; null: it was not, or that is long ago. @param now milliseconds since 1970 */
export function readLiveMark(lessonId: string, now: number): LiveMark | null {
  const { lessonId: of, source, since, isMuted, isCameraOff } = objectOf(keptValue("device", LIVE_KEY));
  if (of !== lessonId || typeof since !== "number" || since > now || now - since >= MARK_MS) return null;
  return {
    lessonId,
    since,
    source: SOURCES.find((one) => one === source) ?? NOTHING.source,
    isMuted: isMuted === true,
    isCameraOff: isCameraOff === true,
  };
}

export function keepLiveMark(mark: LiveMark): void {
  keepValue("device", LIVE_KEY, JSON.stringify(mark));
}

export function forgetLiveMark(): void {
  forgetValue("device", LIVE_KEY);
}

function objectOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function deviceIn(value: unknown): RememberedDevice | null {
  return isObject(value) && typeof value["id"] === "string" && typeof value["label"] === "string"
    ? { id: value["id"], label: value["label"] }
    : null;
}
