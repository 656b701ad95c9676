/** Recommends a video bitrate for the teacher's encoder. */

/** Kilobits per second that an uplink of 5 Mbps carries with room to spare. */
const DEFAULT_KBPS = 2500;
/** A lower bitrate cannot carry 1280 × 720. */
const MIN_KBPS = 400;
/** The share of a narrow uplink that the video should need at most. */
const UPLINK_SHARE = 0.7;

export type UplinkReport = {
  readonly uplink: { readonly verdict: string };
  readonly video: { readonly bitrateKbps: number } | null;
};

/** What a narrow uplink carries; null while the uplink carries what is sent. */
export function uplinkLimitKbps(stream: UplinkReport | null): number | null {
  return stream?.uplink.verdict === "line-narrow" && stream.video ? Math.round(stream.video.bitrateKbps) : null;
}

/** @param limitKbps what the uplink carries; null for enough */
export function recommendedKbps(limitKbps: number | null): number {
  return limitKbps === null ? DEFAULT_KBPS : Math.max(MIN_KBPS, Math.round((limitKbps * UPLINK_SHARE) / 100) * 100);
}
