/** Tells why a candidate needs a supervisor's attention, from what is measured and noted. It looks at no picture and judges no face. */
import type { Supervision } from "../../foundation/store/exam-tables.ts";
import type { CandidateUplink } from "../candidate-streams.ts";
import type { StreamKind } from "../supervised.ts";
import type { Attention } from "./wall-shapes.ts";
import type { WallCandidate } from "./wall-state.ts";

export type SeenStream = {
  /** Milliseconds since 1970; null: not live. */
  readonly since: number | null;
  readonly uplink: CandidateUplink | null;
};

/** A page that begins has so long to publish. */
const BEGINNING_MS = 15_000;
/** Pages send every five seconds, and that is noted every ten. */
const AWAY_MS = 30_000;
const FACT_MS = 2 * 60_000;
const SEAT_MS = 5 * 60_000;
/** A black picture, or one that does not change at all, is less than this; a room in which somebody sits is several times as much. */
const EMPTY_KBPS = 4;
const EMPTY_FPS = 0.5;

/** @param now milliseconds since 1970 */
export function attentionOf(
  supervision: Supervision,
  candidate: WallCandidate,
  streams: ReadonlyMap<StreamKind, SeenStream>,
  now: number,
): Attention[] {
  const { startedAt, handedInAt, pausedAt, heardAt, facts } = candidate;
  if (handedInAt) return [];
  const found: Attention[] = [];
  const isSitting = startedAt !== null && now - startedAt.getTime() >= BEGINNING_MS;
  const isMissing = (kind: StreamKind): boolean => isSitting && streams.get(kind)?.since === null;
  const seen = [...streams.values()].filter(({ since }) => since !== null && now - since >= BEGINNING_MS);
  if (supervision.camera === "required" && isMissing("camera")) found.push("no-picture");
  if (isSitting && now - (heardAt ?? startedAt).getTime() > AWAY_MS) found.push("network-away");
  if (seen.some(({ uplink }) => uplink !== null && (uplink.kbps < EMPTY_KBPS || uplink.fps < EMPTY_FPS)))
    found.push("empty-picture");
  if (seen.some(({ uplink }) => uplink?.health === "poor" || uplink?.health === "silent")) found.push("uplink-poor");
  if (isMissing("screen")) found.push("screen-missing");
  if (isMissing("phone")) found.push("phone-missing");
  const isRecent = ({ receivedAt }: { readonly receivedAt: Date }, ms: number): boolean => now - receivedAt.getTime() <= ms;
  if (facts.some((one) => isRecent(one, FACT_MS))) found.push("facts");
  if (facts.some((one) => one.fact === "other-device" && isRecent(one, SEAT_MS))) found.push("seat-changed");
  if (pausedAt) found.push("paused");
  return found;
}
