/** Measures what the encoder of ladders costs: the server's own arguments for ffmpeg, with a clip that is read as fast as it goes. */
import { execFileSync } from "node:child_process";
import { encoderArguments } from "../../packages/server/src/live/transcode/encoder-arguments.ts";
import type { Rung } from "../../packages/server/src/live/transcode/rungs.ts";
import { startProcessGroup } from "../../packages/server/src/platform/jobs/process-group.ts";

/** The clip as the server gives it to the encoder: fragmented MP4, a fragment for each frame. */
export function encoderInput(file: string): Buffer {
  const fragments = ["-movflags", "frag_every_frame+empty_moov+default_base_moof", "-video_track_timescale", "90000"];
  return execFileSync("ffmpeg", ["-v", "error", "-i", file, "-c", "copy", ...fragments, "-f", "mp4", "pipe:1"], {
    maxBuffer: 1 << 30,
  });
}

/** CPU time of one ffmpeg that encodes these rungs, in seconds; no rungs: it only decodes. @throws Error when it fails */
export async function encoderCpuSeconds(input: Buffer, rungs: readonly Rung[]): Promise<number> {
  const decoding = ["-hide_banner", "-nostats", "-threads", "1", "-f", "mp4", "-i", "pipe:0", "-map", "0:v", "-f", "null", "-"];
  const encoding = encoderArguments(rungs, "software").map((arg) => (arg === "warning" ? "info" : arg));
  const group = startProcessGroup("ffmpeg", ["-benchmark", ...(rungs.length === 0 ? decoding : encoding)], rungs.length);
  let said = "";
  group.stderr.on("data", (bytes: Buffer) => (said += bytes));
  for (const pipe of [group.stdout, ...group.outputs]) pipe.resume();
  group.stdin.end(input);
  const { code } = await group.exited;
  const [, user, system] = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(said) ?? [];
  if (code !== 0 || user === undefined) throw new Error(`ffmpeg ended with ${code}:\n${said}`);
  return Number(user) + Number(system);
}
