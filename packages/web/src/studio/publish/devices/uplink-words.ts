/** Says what a measured uplink is good for, and how much of it picture and sound may take. */
import { recommendedKbps } from "../../lesson/encoder-settings.ts";

/** What was measured, kilobits per second and milliseconds. */
export type Uplink = { readonly kbps: number; readonly rttMs: number };

/**
 * - `clear`: a clear picture. - `fair`: a picture that is less sharp. - `small`: sound and a small picture.
 * - `sound`: sound alone. - `too-slow`: not even that.
 */
export const UPLINK_GRADES = ["clear", "fair", "small", "sound", "too-slow"] as const;
export type UplinkGrade = (typeof UPLINK_GRADES)[number];

/** The least that each needs, kilobits per second, with room to spare: 1280 × 720 at 2500, the smallest picture at 400, speech at 64. */
const NEEDED_KBPS: Readonly<Record<Exclude<UplinkGrade, "too-slow">, number>> = { clear: 3600, fair: 1500, small: 600, sound: 120 };
/** An answer that takes longer is heard in a conversation. */
const FAR_MS = 300;

export function uplinkGrade({ kbps }: Uplink): UplinkGrade {
  if (kbps >= NEEDED_KBPS.clear) return "clear";
  if (kbps >= NEEDED_KBPS.fair) return "fair";
  if (kbps >= NEEDED_KBPS.small) return "small";
  return kbps >= NEEDED_KBPS.sound ? "sound" : "too-slow";
}

export function isFar({ rttMs }: Uplink): boolean {
  return rttMs > FAR_MS;
}

/** What an encoder should take of it; null while it is enough for the usual settings, and before it was measured. */
export function uplinkLimit(uplink: Uplink | null): number | null {
  return uplink === null || uplinkGrade(uplink) === "clear" ? null : Math.round(uplink.kbps);
}

/** The picture's bitrate at most, kilobits per second. */
export function videoKbps(uplink: Uplink | null): number {
  return recommendedKbps(uplinkLimit(uplink));
}
