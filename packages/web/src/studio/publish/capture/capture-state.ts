/** Defines what the capture of a lesson tells the page. */
import type { Device, DeviceKind } from "../devices/device-choice.ts";
import type { DeviceProblem } from "../devices/device-problem.ts";
import type { CornerName, SourceKind } from "../devices/remembered.ts";

export type InputKind = DeviceKind | "screen";

/** - `off`: not asked for. - `opening`: the browser asks the person, or the device starts. */
export type InputStatus = "off" | "opening" | "on" | "failed";

export type Input = {
  readonly status: InputStatus;
  /** Null unless it has failed. */
  readonly problem: DeviceProblem | null;
  readonly stream: MediaStream | null;
  /** Which device it is; null for screens, and while it is not on. */
  readonly device: { readonly id: string; readonly label: string } | null;
};

/**
 * What happened without the person: a device is gone and another one has its place (`to`, null: none has), a device is back, or the share of the
 * screen was ended from outside of the page.
 */
export type CaptureNotice =
  | { readonly kind: "lost"; readonly input: DeviceKind; readonly from: string; readonly to: string | null }
  | { readonly kind: "back"; readonly input: DeviceKind; readonly device: Device }
  | { readonly kind: "screen-ended" };

export type CaptureState = {
  readonly source: SourceKind;
  readonly corner: CornerName;
  readonly camera: Input;
  readonly microphone: Input;
  readonly screen: Input;
  readonly devices: Readonly<Record<DeviceKind, readonly Device[]>>;
  readonly isMuted: boolean;
  /** Switched off by the person, who still wants a picture of the camera later. */
  readonly isCameraOff: boolean;
  readonly noiseSuppression: boolean;
  readonly notice: CaptureNotice | null;
  /** What is published; null: nothing. */
  readonly output: MediaStream | null;
};

export const NO_INPUT: Input = { status: "off", problem: null, stream: null, device: null };
