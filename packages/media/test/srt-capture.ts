/** Packets that ffmpeg 5.1 (libsrt 1.5.1) has sent to a listener, in their order: an induction, a conclusion, then MPEG-TS. */
import { readFileSync } from "node:fs";

export const CAPTURE_PASSPHRASE = "0123456789";

/** @param name of a file in `src/srt/fixtures`: packets, each behind its length in two bytes */
export function srtCapture(name: string): Buffer[] {
  const file = readFileSync(new URL(`../src/srt/fixtures/${name}.bin`, import.meta.url));
  const packets: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const size = file.readUInt16BE(at);
    packets.push(file.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return packets;
}
