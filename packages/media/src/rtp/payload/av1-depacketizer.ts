/** Takes AV1 out of RTP. */
import type { Depacketizer } from "./depacketizer.ts";

export function av1Depacketizer(): Depacketizer {
  throw new Error("not yet");
}
