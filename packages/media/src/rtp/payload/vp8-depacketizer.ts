/** Takes VP8 out of RTP. */
import type { Depacketizer } from "./depacketizer.ts";

export function vp8Depacketizer(): Depacketizer {
  throw new Error("not yet");
}
