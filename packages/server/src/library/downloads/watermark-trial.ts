/**
 * Tries whether this machine can draw a watermark: whether it has ffmpeg with the filter `ass` and the encoder libx264, and fonts with all letters
 * of a text. `lectern doctor` asks for letters of several scripts, a download for those of its own text.
 */
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../../platform/jobs/run-process.ts";
import { inDirectory } from "../encoding/encoder-run.ts";
import { watermarkSubtitles } from "./watermark-subtitles.ts";

/** letters: fonts have all letters. missing: some letters are boxes, others are there. */
export type WatermarkTrial =
  | { readonly kind: "letters" }
  | { readonly kind: "missing" }
  /** Nothing is drawn. @see reason for operators: the end of what ffmpeg wrote */
  | { readonly kind: "impossible"; readonly reason: string };

const PICTURE = { width: 640, height: 360 } as const;
const WITHIN_MS = 30_000;
/** What libass says of a letter that no font has. */
const NO_FONT = /failed to find any fallback with glyph/;
/** The picture is black; letters are brighter than this. */
const BRIGHT = 128;
const MAX_REASON = 200;

/** @param directory where a file can be written for the trial; it is removed */
export async function tryWatermark(command: string, directory: string, text: string): Promise<WatermarkTrial> {
  const name = `trial-${randomUUID()}.ass`;
  const path = join(directory, name);
  try {
    await writeFile(
      path,
      watermarkSubtitles({ text, opacity: 1 }, PICTURE, 1, () => 0.25),
    );
    const size = `${PICTURE.width}x${PICTURE.height}`;
    const args = [
      ...["-hide_banner", "-loglevel", "warning", "-nostats", "-nostdin", "-f", "lavfi", "-i", `color=black:s=${size}`],
      ...["-frames:v", "1", "-vf", `ass=${name}`, "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"],
      ...["-map", "0:v", "-frames:v", "1", "-c:v", "libx264", "-f", "null", "-"],
    ];
    const maxBytes = PICTURE.width * PICTURE.height;
    const run = await runProgram({
      ...inDirectory(directory, command, args),
      withinMs: WITHIN_MS,
      maxBytes,
    });
    if (!run.output) return { kind: "impossible", reason: run.stopped ?? lastLine(run.stderr) };
    if (!run.output.some((grey) => grey > BRIGHT)) return { kind: "impossible", reason: "no font draws any letter" };
    return { kind: NO_FONT.test(run.stderr) ? "missing" : "letters" };
  } catch (error) {
    return { kind: "impossible", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(path, { force: true });
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, MAX_REASON) ?? "";
}
