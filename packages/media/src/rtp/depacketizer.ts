/** Defines what the depacketizers of all payloads have in common. */
import type { Malformed } from "../bytes/malformed.ts";
import type { FourCc } from "../codecs/four-cc.ts";

/** An access unit as Lectern's log has it. */
export type DepacketizedUnit = {
  /** H.264 with lengths of four bytes, OBUs with their sizes and without delimiters, VP8 and VP9 frames, an Opus packet. */
  readonly payload: Uint8Array;
  readonly key: boolean;
  /** True when no other frame refers to it. */
  readonly disposable: boolean;
  /** The decoder configuration (avcC, vpcC, av1C, OpusHead), where it begins or changes with this unit; else null. */
  readonly configuration: Uint8Array | null;
};

export type Depacketizer = {
  readonly codec: FourCc;
  readonly track: "video" | "audio";
  /** Ticks per second. */
  readonly clockRate: number;
  /** Whether an access unit begins with this payload, as far as its bytes tell. */
  startsUnit(payload: Uint8Array): boolean;
  /**
   * Puts an access unit together.
   * @param payloads of all its packets, in order
   * @returns null for a unit without a picture, such as parameter sets alone
   */
  assemble(payloads: readonly Uint8Array[]): DepacketizedUnit | Malformed | null;
};
