/** Finds out which tracks of a person's recordings ffmpeg can decode: one that it cannot must not stop the picture of the others. */
import { runProgram } from "../../platform/jobs/run-process.ts";
import { feedOf } from "./composite-feed.ts";
import type { CompositeTrack } from "./composite-tracks.ts";

export type Decodable = { readonly video: boolean; readonly audio: boolean };

const TRIAL_SECONDS = 3;
const MOST_INPUT_BYTES = 8 * 1024 * 1024;
/** A line for each decoded frame. */
const MOST_OUTPUT_BYTES = 1024 * 1024;
/** On a busy machine. */
const WITHIN_MS = 60_000;

/** Throws where the recording cannot be read. @param command ffmpeg */
export async function tryTrack(command: string, track: CompositeTrack): Promise<Decodable> {
  const { hasVideo: video, hasAudio: audio } = track;
  const input = await beginningOf(track);
  const args = [
    ...[
      "-hide_banner",
      "-loglevel",
      "error",
      "-nostats",
      "-threads",
      "1",
      "-f",
      "flv",
      "-i",
      "pipe:0",
      "-t",
      String(TRIAL_SECONDS),
    ],
    ...["-map", "0:v?", "-map", "0:a?", "-c:v", "rawvideo", "-c:a", "pcm_s16le", "-f", "framecrc", "pipe:1"],
  ];
  const run = await runProgram({ command, args, input, withinMs: WITHIN_MS, maxBytes: MOST_OUTPUT_BYTES });
  const decoded = decodedTracks(run.output?.toString() ?? "");
  return { video: video && decoded.video, audio: audio && decoded.audio };
}

/** Reads what ffmpeg's `framecrc` says: the kind of each stream in comments, then a line with the stream's number for each frame. */
export function decodedTracks(text: string): Decodable {
  const kinds = new Map([...text.matchAll(/^#media_type (\d+): (\w+)$/gm)].map(([, number, kind]) => [number, kind]));
  const seen = new Set([...text.matchAll(/^(\d+),/gm)].map(([, number]) => kinds.get(number)));
  return { video: seen.has("video"), audio: seen.has("audio") };
}

async function beginningOf(track: CompositeTrack): Promise<Buffer> {
  const origin = track.spans[0]?.from ?? 0;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of feedOf({ track, video: track.hasVideo, audio: track.hasAudio, tile: null, origin })) {
    if (bytes + piece.length > MOST_INPUT_BYTES || isBehind(piece, TRIAL_SECONDS * 1000)) break;
    bytes += piece.length;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** A whole tag's timestamp (FLV 10.1, E.4.1). The header of the file is no tag. */
function isBehind(tag: Buffer, ms: number): boolean {
  return tag[0] !== 0x46 && tag.length > 7 && tag.readUIntBE(4, 3) + (tag[7] ?? 0) * 0x1000000 > ms;
}
