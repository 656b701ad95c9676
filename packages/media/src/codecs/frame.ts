/** Implements a coded frame of one track, independent of any container. */
import type { FourCc } from "./four-cc.ts";

export type Frame = {
  readonly track: "video" | "audio" | "data";
  readonly codec: FourCc;
  /** Milliseconds. */
  readonly decodeTime: number;
  /** Milliseconds from decode to presentation. */
  readonly compositionOffset: number;
  readonly key: boolean;
  /** True when no other frame refers to it. */
  readonly disposable: boolean;
  /**
   * Sampling rate, sample size and channels of an audio codec that has no configuration, in the four bits that FLV has for them (Adobe
   * Video File Format 10.1, annex E.4.2.1). They mean nothing for other codecs.
   */
  readonly soundFlags: number;
  /** As the codec's standard has it in files: NAL units with their lengths, raw AAC, OBUs. A data frame is AMF0: a name and its values. */
  readonly payload: Uint8Array;
};
