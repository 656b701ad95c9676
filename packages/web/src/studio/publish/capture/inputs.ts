/** Opens camera, microphone and screen with the settings that a lesson needs. */
import type { Facing } from "../devices/device-choice.ts";

/** What is used of the browser's media devices; screens are absent on phones. */
export type MediaSource = Pick<MediaDevices, "getUserMedia" | "enumerateDevices" | "addEventListener" | "removeEventListener"> & {
  readonly getDisplayMedia?: MediaDevices["getDisplayMedia"];
};

const PICTURE: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
/** A screen is read, not watched: its letters have to stay sharp. */
const SCREEN: MediaTrackConstraints = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 15, max: 30 } };

/** @param which a device, or a side of a phone; neither: the browser's own choice */
export function openCamera(
  media: MediaSource,
  which: { readonly id?: string | undefined; readonly facing?: Facing | undefined },
): Promise<MediaStream> {
  const device: MediaTrackConstraints = which.id
    ? { deviceId: { exact: which.id } }
    : { facingMode: { ideal: which.facing ?? "user" } };
  return media.getUserMedia({ video: { ...PICTURE, ...device } });
}

export type MicrophoneOptions = { readonly id?: string | undefined; readonly noiseSuppression: boolean };

/** Echo is always cancelled: students who are called on are heard from the loudspeakers. */
export function openMicrophone(media: MediaSource, { id, noiseSuppression }: MicrophoneOptions): Promise<MediaStream> {
  return media.getUserMedia({
    audio: { ...(id ? { deviceId: { exact: id } } : {}), noiseSuppression, echoCancellation: true, autoGainControl: true },
  });
}

/** A screen, a window or a tab, with its sound where the browser gives it. @throws TypeError where there is no such choice */
export async function openScreen(media: MediaSource): Promise<MediaStream> {
  if (!media.getDisplayMedia) throw new TypeError("this browser shares no screens");
  // The sound of a shared page must not be cleaned like a voice. The options after it are hints of Chromium.
  const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const hints = { systemAudio: "include", surfaceSwitching: "include", selfBrowserSurface: "exclude" };
  const stream = await media.getDisplayMedia({ video: SCREEN, audio: sound, ...hints });
  for (const track of stream.getVideoTracks()) track.contentHint = "detail";
  return stream;
}

export function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
