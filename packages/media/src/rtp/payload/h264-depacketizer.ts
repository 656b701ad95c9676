/** Takes H264 out of RTP. */
import type { Depacketizer } from "./depacketizer.ts";

export function h264Depacketizer(): Depacketizer {
  throw new Error("not yet");
}
