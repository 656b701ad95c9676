/** Compares two recordings of a stream frame by frame: structural similarity (SSIM), as ffmpeg computes it. */
import { CLIENT_CORE, output } from "../testbed/child-process.ts";

const FEWEST_FRAMES = 50;

/**
 * Mean SSIM of the frames that both have, by their times. The first recording is scaled to the second's size, as a player does that shows it in
 * the same place. Null when they have too few frames in common.
 */
export async function similarity(file: string, source: string, size: { width: number; height: number }): Promise<number | null> {
  const scale = `scale=${size.width}:${size.height}:flags=bicubic`;
  const graph = `[0:v]${scale}[a];[a][1:v]ssim=stats_file=-:shortest=1:eof_action=endall`;
  const inputs = ["-copyts", "-i", file, "-copyts", "-i", source];
  const text = await output(["ffmpeg", "-v", "fatal", "-nostdin", ...inputs, "-lavfi", graph, "-f", "null", "-"], CLIENT_CORE);
  const values = [...text.matchAll(/All:([\d.]+)/g)].map(([, value]) => Number(value));
  return values.length < FEWEST_FRAMES ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
