/**
 * Provides the smallest picture and sound that are real: H.264 of 160×90 at five pictures a second and silence in Opus, as RTP payloads that all
 * senders share.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packetizeOpus, type RtpPayload } from "@lectern/media";
import { cacheDirectory } from "./clip.ts";
import { readH264Clip } from "./h264-clip.ts";

export const PICTURES_PER_SECOND = 5;
const SECONDS = 10;
/** A key frame each second: viewers begin with it. */
const GOP = PICTURES_PER_SECOND;
/** 20 ms of silence in stereo, as encoders send it while nobody speaks (RFC 6716). */
const SILENCE = Uint8Array.of(0xfc, 0xff, 0xfe);

export type TinyLesson = {
  /** Of each picture, for ever in a loop. */
  readonly pictures: readonly (readonly RtpPayload[])[];
  readonly sound: RtpPayload;
};

/** @throws Error where ffmpeg makes something else */
export function tinyLesson(): TinyLesson {
  const { pictures } = readH264Clip(clipFile());
  return { pictures: pictures.map(({ payloads }) => payloads), sound: packetizeOpus(SILENCE) };
}

function clipFile(): string {
  const file = join(cacheDirectory(), "tiny.flv");
  if (existsSync(file)) return file;
  const input = ["-f", "lavfi", "-i", `smptebars=size=160x90:rate=${PICTURES_PER_SECOND}`, "-t", String(SECONDS)];
  const picture = ["-c:v", "libx264", "-profile:v", "baseline", "-tune", "zerolatency", "-g", String(GOP), "-crf", "40"];
  execFileSync("ffmpeg", ["-v", "error", "-y", ...input, ...picture, "-pix_fmt", "yuv420p", "-f", "flv", file]);
  return file;
}
