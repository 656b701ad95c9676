/** Opens a candidate's camera and screen with the few pixels and pictures per second that supervision needs. */
import type { VideoLimits } from "@lectern/publisher";
import type { StreamLimits } from "./supervision-types.ts";

/** Until the server has said others. Enough to see who sits there; a thousand of them go to one server. */
export const CAMERA_LIMITS: VideoLimits = { maxKbps: 110, maxLines: 240, maxFps: 5 };
/** A screen changes seldom, and has to be read. */
export const SCREEN_LIMITS: VideoLimits = { maxKbps: 230, maxLines: 720, maxFps: 2 };
/** A key frame takes as many bits as a second of the other pictures. */
export const KEY_FRAME_SECONDS = 5;
/** Of the bits that are allowed: encoders are not exact, and the packets need some, too. */
const SHARE = 0.92;

const CAMERA: MediaTrackConstraints = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 5, max: 15 } };
const SCREEN: MediaTrackConstraints = { width: { max: 1280 }, height: { max: 720 }, frameRate: { ideal: 2, max: 5 } };

/** What is used of the browser; pages without HTTPS have none of it, and phones share no screens. */
export type Devices = Partial<Pick<MediaDevices, "getUserMedia" | "getDisplayMedia">>;

export function videoLimits({ height, framesPerSecond, bitsPerSecond }: StreamLimits): VideoLimits {
  return { maxKbps: Math.floor((bitsPerSecond * SHARE) / 1000), maxLines: height, maxFps: framesPerSecond };
}

/** @param facing of a phone */
export async function openCamera(devices: Devices, facing: "user" | "environment" = "user"): Promise<MediaStream> {
  if (!devices.getUserMedia) throw new DOMException("no devices on this page", "NotFoundError");
  return await devices.getUserMedia({ video: { ...CAMERA, facingMode: { ideal: facing } } });
}

export async function openScreen(devices: Devices): Promise<MediaStream> {
  if (!devices.getDisplayMedia) throw new TypeError("this browser shares no screens");
  const stream = await devices.getDisplayMedia({ video: SCREEN, audio: false });
  for (const track of stream.getVideoTracks()) track.contentHint = "detail";
  return stream;
}
