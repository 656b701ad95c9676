/** Decodes single-frame MP4s to JPEGs with ffmpeg, at most a few at a time. */
import { runProcess } from "../../platform/jobs/run-process.ts";
import { Semaphore } from "../../platform/semaphore.ts";

/**
 * Null when it cannot be decoded; busy: too many are asked for.
 * @param width pixels at the most
 */
export type Decode = (mp4: Buffer, width: number) => Promise<Buffer | null | "busy">;

const AT_ONCE = 2;
const MOST_WAITING = 64;
const DECODE_WITHIN_MS = 5000;
const MAX_BYTES = 1024 * 1024;

/** One for all that a process decodes. */
export function createDecoder(): Decode {
  const semaphore = new Semaphore(AT_ONCE);
  return async (mp4, width) =>
    semaphore.waiting >= MOST_WAITING ? "busy" : await semaphore.run(() => decodeWithFfmpeg(mp4, width));
}

async function decodeWithFfmpeg(mp4: Buffer, width: number): Promise<Buffer | null> {
  const scale = `scale=w='min(${width},iw)':h=-2`;
  const quiet = ["-hide_banner", "-loglevel", "error", "-threads", "1", "-i", "pipe:0"];
  const args = [...quiet, "-frames:v", "1", "-vf", scale, "-q:v", "5", "-f", "mjpeg", "pipe:1"];
  const jpeg = await runProcess({ command: "ffmpeg", args, input: mp4, withinMs: DECODE_WITHIN_MS, maxBytes: MAX_BYTES });
  return jpeg && jpeg.length > 0 ? jpeg : null;
}
