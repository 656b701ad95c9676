/** Takes VP9 out of RTP. */
import type { Depacketizer } from "./depacketizer.ts";

export function vp9Depacketizer(): Depacketizer {
  throw new Error("not yet");
}
