/** Films of one picture become JPEGs, by ffmpeg; so many at once and no more, whoever asks. */
import { spawn } from "node:child_process";
import { Semaphore } from "../../platform/semaphore.ts";

/**
 * Null when it cannot be decoded; busy: too many are asked for.
 * @param width pixels at the most
 */
export type Decode = (film: Buffer, width: number) => Promise<Buffer | null | "busy">;

const AT_ONCE = 2;
const MOST_WAITING = 64;
const DECODE_WITHIN_MS = 5000;
const MAX_BYTES = 1024 * 1024;

/** One for all that a process decodes. */
export function createDecoder(): Decode {
  const semaphore = new Semaphore(AT_ONCE);
  return async (film, width) =>
    semaphore.waiting >= MOST_WAITING ? "busy" : await semaphore.run(() => decodeWithFfmpeg(film, width));
}

function decodeWithFfmpeg(film: Buffer, width: number): Promise<Buffer | null> {
  const scale = `scale=w='min(${width},iw)':h=-2`;
  const quiet = ["-hide_banner", "-loglevel", "error", "-threads", "1", "-i", "pipe:0"];
  const child = spawn("ffmpeg", [...quiet, "-frames:v", "1", "-vf", scale, "-q:v", "5", "-f", "mjpeg", "pipe:1"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => child.kill("SIGKILL"), DECODE_WITHIN_MS);
    child.stdout.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > MAX_BYTES) child.kill("SIGKILL");
      else pieces.push(piece);
    });
    // ffmpeg has seen enough, or is not there.
    child.stdin.on("error", () => {});
    child.on("error", () => resolve(null));
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code === 0 && bytes > 0 ? Buffer.concat(pieces) : null);
    });
    child.stdin.end(film);
  });
}
