/** Decodes single-frame MP4s to JPEGs with ffmpeg, at most a few at a time. */
import { runProgram } from "../../platform/jobs/run-process.ts";
import { Semaphore } from "../../platform/semaphore.ts";

/**
 * Null when the frame cannot be decoded; busy: too many decodings wait, or the machine had no time for this one.
 * @param width maximum width in pixels
 */
export type Decode = (mp4: Buffer, width: number) => Promise<Buffer | null | "busy">;

const MAX_CONCURRENT = 2;
const MAX_WAITING = 64;
const DECODE_WITHIN_MS = 5000;
const MAX_BYTES = 1024 * 1024;

/** Creates the decoder of a process, which bounds all of its decodings together. */
export function createDecoder(): Decode {
  const semaphore = new Semaphore(MAX_CONCURRENT);
  return async (mp4, width) =>
    semaphore.waiting >= MAX_WAITING ? "busy" : await semaphore.run(() => decodeWithFfmpeg(mp4, width));
}

async function decodeWithFfmpeg(mp4: Buffer, width: number): Promise<Buffer | null | "busy"> {
  const scale = `scale=w='min(${width},iw)':h=-2`;
  const quiet = ["-hide_banner", "-loglevel", "error", "-threads", "1", "-i", "pipe:0"];
  const args = [...quiet, "-frames:v", "1", "-vf", scale, "-q:v", "5", "-f", "mjpeg", "pipe:1"];
  const limits = { withinMs: DECODE_WITHIN_MS, maxBytes: MAX_BYTES };
  const { output: jpeg, isLate } = await runProgram({ command: "ffmpeg", args, input: mp4, ...limits });
  if (isLate) return "busy";
  return jpeg && jpeg.length > 0 ? jpeg : null;
}
