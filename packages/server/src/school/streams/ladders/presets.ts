/** Lists the presets with their rungs for a source that is larger than each of them: what a smaller source gets, `live/transcode/rungs.ts` says. */
import type { LadderName } from "../../../platform/config/schema.ts";

export type NominalRung = {
  readonly name: string;
  /** The shorter side in pixels; null: sound alone. */
  readonly height: number | null;
  /** Null: sound alone. */
  readonly videoKbps: number | null;
  /** Null: the source's sound as it is. */
  readonly audioKbps: number | null;
};

const SIZES: readonly NominalRung[] = [
  { name: "1080p", height: 1080, videoKbps: 4200, audioKbps: null },
  { name: "720p", height: 720, videoKbps: 2200, audioKbps: null },
  { name: "480p", height: 480, videoKbps: 1000, audioKbps: null },
  { name: "360p", height: 360, videoKbps: 550, audioKbps: null },
];
const SAVER: NominalRung = { name: "saver", height: 360, videoKbps: 268, audioKbps: 32 };
const AUDIO: NominalRung = { name: "audio", height: null, videoKbps: null, audioKbps: null };

/** The largest rung first. */
export const PRESETS: Readonly<Record<LadderName, readonly NominalRung[]>> = {
  none: [],
  mobile: [...SIZES.slice(1), SAVER, AUDIO],
  full: [...SIZES, SAVER, AUDIO],
  "data-saver": [SAVER, AUDIO],
  audio: [AUDIO],
};
