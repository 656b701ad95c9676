/** Provides files of every container that FFmpeg copies to RTMP without encoding anything again, and what a viewer gets of each. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { clip } from "./clips.ts";
import { ffmpegDone } from "./ffmpeg.ts";
import { wholeFile } from "./fixtures.ts";

const FOLDER = join(import.meta.dirname, "../.cache/rtmp-publishers");

/** Files that are made of one clip, by their name and FFmpeg's options. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  "a.ts": ["-c", "copy"],
  "a.m3u8": ["-c", "copy", "-hls_time", "2", "-hls_list_size", "0"],
  "a.aac": ["-vn", "-c:a", "copy"],
  "a.h264": ["-an", "-c:v", "copy", "-bsf:v", "h264_mp4toannexb"],
  "a.mkv": ["-c", "copy"],
  "a.mp4": ["-c", "copy"],
  "a.mov": ["-c", "copy"],
  "a.flv": ["-c", "copy"],
  "mp3.mkv": ["-c:v", "copy", "-c:a", "libmp3lame"],
  "silent.ts": ["-an", "-c:v", "copy"],
  "slices.ts": ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-x264-params", "slices=4", "-c:a", "copy"],
};

/** What a row publishes, and what a viewer gets of it. */
type Row = { readonly input: readonly string[]; readonly tracks: string; readonly options?: readonly string[] };

export const COPIED: Readonly<Record<string, Row>> = {
  "MPEG-TS": { input: ["a.ts"], tracks: "h264 aac" },
  "HLS of MPEG-TS": { input: ["a.m3u8"], tracks: "h264 aac" },
  "ADTS alone": { input: ["a.aac"], tracks: "- aac" },
  "a byte stream of H.264 alone": { input: ["a.h264"], tracks: "h264 -" },
  "a byte stream and ADTS": { input: ["a.h264", "a.aac"], tracks: "h264 aac" },
  Matroska: { input: ["a.mkv"], tracks: "h264 aac" },
  MP4: { input: ["a.mp4"], tracks: "h264 aac" },
  QuickTime: { input: ["a.mov"], tracks: "h264 aac" },
  FLV: { input: ["a.flv"], tracks: "h264 aac" },
  "MP3 in Matroska": { input: ["mp3.mkv"], tracks: "h264 mp3" },
  "MPEG-TS without sound": { input: ["silent.ts"], tracks: "h264 -" },
  "pictures of four slices": { input: ["slices.ts"], tracks: "h264 aac" },
  "without metadata": { input: ["a.ts"], tracks: "h264 aac", options: ["-flvflags", "no_metadata"] },
  "with AAC headers found late": { input: ["a.ts"], tracks: "h264 aac", options: ["-flvflags", "aac_seq_header_detect"] },
};

/** Makes the files where they are not there yet. @returns their folder */
export async function makeFiles(seconds: number): Promise<string> {
  const folder = `${FOLDER}-${seconds}`;
  mkdirSync(folder, { recursive: true });
  for (const [name, options] of Object.entries(FILES))
    if (!existsSync(join(folder, name))) await ffmpegDone(wholeFile, ["-i", clip("tiny", seconds), ...options, join(folder, name)]);
  return folder;
}

/** Sound of cameras and of Flash that no browser plays, by FFmpeg's encoders. */
export const OLD_SOUND = {
  "G.711 A-law": ["pcm_alaw", "-ar", "8000"],
  "G.711 µ-law": ["pcm_mulaw", "-ar", "8000"],
  Speex: ["libspeex", "-ar", "16000"],
} as const;

/** What FFmpeg encodes as it goes: a picture of H.264 and a tone of 440 Hz. */
export function oldSound(codec: readonly string[]): readonly string[] {
  const picture = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0", "-pix_fmt", "yuv420p"];
  const inputs = ["-re", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=25", "-f", "lavfi", "-i", "sine=frequency=440"];
  return [...inputs, ...picture, "-c:a", ...codec, "-ac", "1"];
}
