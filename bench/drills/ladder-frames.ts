/** Reads the frames of downloaded HLS segments with ffprobe, and compares the pictures of a rung with those of its source. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { similarity } from "../report/similarity.ts";
import { CLIENT_CORE, output } from "../testbed/child-process.ts";
import type { SegmentFrames } from "./ladder-comparison.ts";
import type { ListedSegment, ListReader, SegmentList } from "./ladder-lists.ts";

type Files = ListReader["files"];

/** The frames of each segment that was downloaded, by its number. */
export async function readFrames(list: SegmentList, files: Files, directory: string): Promise<Map<number, SegmentFrames>> {
  const frames = new Map<number, SegmentFrames>();
  const downloaded = [...list.segments.values()].filter(({ uri }) => files.has(uri));
  for (const run of runsOf(downloaded, ({ map }) => map)) {
    const { file, ends } = putTogether(run, files, join(directory, "probed.mp4"));
    const what = ["-show_entries", "packet=codec_type,pts_time,flags,pos", "-of", "compact=p=0"];
    const text = await output(["ffprobe", "-v", "fatal", ...what, file], CLIENT_CORE);
    rmSync(file);
    const ofRun = run.map((): SegmentFrames => ({ video: [], audio: [] }));
    for (const line of text.split("\n")) {
      const field = (name: string) => new RegExp(`(?:^|\\|)${name}=([^|]*)`).exec(line)?.[1] ?? "";
      const segment = ofRun[ends.findIndex((end) => Number(field("pos")) < end)];
      const at = Number(field("pts_time")) * 1000;
      if (field("codec_type") === "video") segment?.video.push({ at, key: field("flags").startsWith("K") });
      if (field("codec_type") === "audio") segment?.audio.push(at);
    }
    for (const [i, { msn }] of run.entries()) frames.set(msn, ofRun[i] ?? { video: [], audio: [] });
  }
  return frames;
}

/**
 * Mean SSIM of a rung and its source in the segments that begin in a span; the least one where the configuration changes in between. Null when
 * there are too few frames.
 */
export async function similarIn(
  span: { readonly from: number; readonly to: number },
  [rung, source]: readonly [SegmentList, SegmentList],
  files: Files,
  directory: string,
): Promise<number | null> {
  const both = [...rung.segments.values()].filter(({ msn, utc, uri }) => {
    const there = files.has(uri) && files.has(source.segments.get(msn)?.uri ?? "");
    return there && utc >= span.from && utc <= span.to;
  });
  const values: number[] = [];
  for (const run of runsOf(both, ({ msn, map }) => `${map} ${source.segments.get(msn)?.map}`)) {
    const ofSource = run.flatMap(({ msn }) => source.segments.get(msn) ?? []);
    const pair = [
      putTogether(run, files, join(directory, "rung.mp4")).file,
      putTogether(ofSource, files, join(directory, "source.mp4")).file,
    ] as const;
    const value = await similarity(...pair, await sizeOf(pair[1]));
    for (const file of pair) rmSync(file);
    if (value !== null) values.push(value);
  }
  return values.length > 0 ? Math.min(...values) : null;
}

async function sizeOf(file: string): Promise<{ width: number; height: number }> {
  const what = ["-select_streams", "v", "-show_entries", "stream=width,height", "-of", "csv=p=0"];
  const [width = 0, height = 0] = (await output(["ffprobe", "-v", "fatal", ...what, file], CLIENT_CORE)).split(",").map(Number);
  return { width, height };
}

/** Runs of segments that follow one another in number and have the same key. */
function runsOf(segments: readonly ListedSegment[], keyOf: (segment: ListedSegment) => string): ListedSegment[][] {
  const runs: ListedSegment[][] = [];
  for (const segment of segments.toSorted((a, b) => a.msn - b.msn)) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before?.msn === segment.msn - 1 && keyOf(before) === keyOf(segment)) run.push(segment);
    else runs.push([segment]);
  }
  return runs;
}

/** Writes segments behind their initialisation. @returns the offset at which each of them ends */
function putTogether(
  run: readonly ListedSegment[],
  files: Files,
  file: string,
): { readonly file: string; readonly ends: number[] } {
  const bytesOf = (url: string) => readFileSync(files.get(url)?.file ?? "/dev/null");
  const pieces = [bytesOf(run[0]?.map ?? ""), ...run.map(({ uri }) => bytesOf(uri))];
  writeFileSync(file, Buffer.concat(pieces));
  let end = 0;
  const ends = pieces.map((piece) => (end += piece.length));
  return { file, ends: ends.slice(1) };
}
