/** Defines how a stream is made from another one, and finds what its sound has to wait for. */
import type { FourCc } from "@lectern/media";
import type { Log } from "../log/log.ts";
import type { SegmentHead } from "../log/log-entry.ts";
import { firstHead } from "./parent-segments.ts";

export type Derivation = {
  readonly parent: Log;
  /** encoded: frames are pushed. copied: the parent's frames. none: the stream has no video. */
  readonly video: "encoded" | "copied" | "none";
  /** copied: the parent's frames. encoded: frames are pushed. */
  readonly audio: "copied" | "encoded";
  /** The parent's frames of sound in this codec are copied, though others are encoded. Default: all are encoded. */
  readonly keptAudio?: FourCc;
  /** The first segment is the parent's earliest of now whose sound is encoded, rather than one of the newest. Default: false. */
  readonly fromEarliest?: boolean;
  /** The stream cannot go on as it is. Called once. */
  readonly onBroken: (reason: BrokenDerivation) => void;
};

/**
 * misaligned: a segment of the parent begins where the encoder has no key frame. hole: the parent has forgotten segments that are missing
 * here.
 */
export type BrokenDerivation = "misaligned" | "hole";

/** Where an encoder has to begin. */
export type EncoderStart = {
  /** The segment of the parent to read from; it begins with a key frame. */
  readonly from: SegmentHead;
  /** Pictures that are presented before this time are not wanted, milliseconds; null: all are. */
  readonly wantedFrom: number | null;
};

/** Where a stream without earlier segments begins. */
export function firstOf({ parent, video, keptAudio, fromEarliest }: Derivation): SegmentHead | null {
  if (!fromEarliest) return firstHead(parent, null, video !== "none");
  const { segments } = parent;
  const isEncoded = (codec: FourCc | undefined) => codec !== undefined && codec !== keptAudio;
  const other = segments.findLastIndex(({ context }) => !isEncoded(context.audio?.codec));
  const heads = segments.slice(other + 1).map(({ head }) => head);
  return heads.find(({ independent }) => independent || video === "none") ?? firstHead(parent, null, video !== "none");
}

/**
 * An encoder of sound has its first frame within this, measured by the parent: the first one of a stream, which nobody watches yet, and one that is
 * loaded again.
 */
const MOST_WAIT_MS = { first: 8000, again: 5000 } as const;
/** Where the parent has no sound any more for so long, its encoder holds the last frames back, and they are not waited for. */
const SILENT_MS = 400;

/** How long a stream waits for encoded sound before it goes on without: a picture must not stand still for it. */
export class SoundWait {
  /** The parent's entry that waits. */
  private at: number | null = null;
  private since = 0;
  private isGivenUp = false;
  private limitMs: number = MOST_WAIT_MS.first;

  /** The encoder has given a frame. */
  came(): void {
    this.isGivenUp = false;
    this.limitMs = MOST_WAIT_MS.again;
  }

  /** Whether an entry of the parent, which waits for sound, has to wait no longer. */
  isOver(parent: Log, sequence: number): boolean {
    const newest = newestTime(parent, () => true) ?? 0;
    if (this.at !== sequence) {
      this.at = sequence;
      this.since = newest;
    }
    const waited = newest - this.since;
    if (this.isGivenUp || waited > this.limitMs) {
      this.isGivenUp = true;
      return true;
    }
    return waited > SILENT_MS && newestTime(parent, (track) => track === "audio", newest - SILENT_MS) === null;
  }
}

/** Decode time of the newest frame of a kind, milliseconds; null when there is none since a time. */
function newestTime({ segments }: Log, isOne: (track: string) => boolean, since = Number.NEGATIVE_INFINITY): number | null {
  for (let at = segments.length - 1; at >= 0; at--) {
    const entries = segments[at]?.entries;
    for (let index = (entries?.length ?? 0) - 1; index >= 0; index--) {
      const entry = entries?.at(index);
      if (entry?.kind !== "media") continue;
      if (entry.decodeTime < since) return null;
      if (isOne(entry.track)) return entry.decodeTime;
    }
  }
  return null;
}
