/** Judges what the drill of a ladder's cuts has listed and downloaded: a row for each playlist, and whether the promise was kept. */
import { round, type Table } from "../report/table.ts";
import {
  ABSENCE_MS,
  compareFrames,
  compareLists,
  type FrameDifferences,
  type Hole,
  type ListDifferences,
  SOUND_OFFSET_MS,
} from "./ladder-comparison.ts";
import { readFrames, similarIn } from "./ladder-frames.ts";
import { type ListReader, type SegmentList, SOURCE } from "./ladder-lists.ts";

/** Something that was done. absence: nobody encodes for a while. */
export type CutsEvent = { readonly second: number; readonly what: string; readonly utc: number; readonly absence: boolean };

export type CutsScene = {
  readonly reader: ListReader;
  readonly events: readonly CutsEvent[];
  /** For files. */
  readonly directory: string;
  /** Rungs of the ladder at the end, with their states. */
  readonly rungs: readonly string[];
  /** Encoders of the killed node that outlived it; NaN when it had none. */
  readonly outlived: number;
  /** How often the publisher was disconnected by the server. */
  readonly disconnected: number;
};

export type CutsSeen = {
  readonly held: boolean;
  readonly promise: string;
  readonly table: Pick<Table, "columns" | "rows">;
  readonly notes: readonly string[];
};

/** Rungs whose pictures are compared, and the least SSIM. */
const LEAST_SSIM: Readonly<Record<string, number>> = { "480p": 0.9, saver: 0.85 };
/** Around the failover, milliseconds. */
const COMPARED_MS = { before: 12_000, after: 16_000 } as const;
/** A hole that begins so long before or after an event belongs to it. */
const BELONGS_MS = { before: 6000, after: 8000 } as const;
/** When reading ends, lists are at different segments. */
const MOST_BEHIND = 2;
/** For so much longer than the source's list, a rung's may be without an answer. */
const SILENCE_MS = 3000;
/** Of the source's segments, a list has at least so many, and their first parts. */
const LEAST_SHARE = 0.8;
/** Problems of a kind. */
const SHOWN = 6;

type Judged = {
  readonly list: SegmentList;
  readonly lists: ListDifferences;
  /** Null for sound alone and at nodes whose segments were not downloaded. */
  readonly frames: FrameDifferences | null;
  readonly ssim: number | null;
  readonly bytesShare: number | null;
  readonly problems: readonly string[];
};

export async function judge(scene: CutsScene): Promise<CutsSeen> {
  const { reader, events, rungs, outlived, disconnected } = scene;
  const source = reader.lists.find(({ node, rung }) => node === reader.downloaded && rung === SOURCE);
  if (!source) throw new Error("the source was never listed");
  const sourceFrames = await readFrames(source, reader.files, scene.directory);
  const judged: Judged[] = [];
  for (const list of reader.lists) judged.push(await judgeList(list, source, sourceFrames, scene));
  const problems = [
    ...judged.flatMap((one) => one.problems.map((problem) => `${one.list.node} ${one.list.rung}: ${problem}`)),
    ...reader.notThere.map((url) => `${new URL(url).pathname} is listed but not there`),
    ...rungs.filter((rung) => !rung.endsWith(" running")),
    ...unlisted(scene),
    ...(outlived === 0 ? [] : [`${outlived} encoders outlived their node`]),
    ...(disconnected === 0 ? [] : [`the publisher was disconnected ${disconnected} times`]),
  ];
  return {
    held: problems.length === 0,
    promise: `segments of rungs have the numbers, dates, durations, discontinuities and key frames of the source, sound within ${SOUND_OFFSET_MS} ms of its place; frames are missing for no more than ${ABSENCE_MS} ms and up to the next key frame, only where nobody encoded; SSIM over ${LEAST_SSIM["480p"]} (480p) and ${LEAST_SSIM["saver"]} (saver)`,
    table: { columns: COLUMNS, rows: judged.map(rowOf) },
    notes: [
      ...events.map((event) => `${event.second} s: ${event.what}${missingAt(event, judged)}`),
      `The rungs at the end: ${rungs.join(", ")}. Encoders that outlived the killed node: ${outlived}.`,
      ...problems.slice(0, SHOWN * 4).map((problem) => `PROBLEM: ${problem}`),
    ],
  };
}

/** Rungs that are made, and that no list was found of. */
function unlisted({ rungs, reader: { lists } }: CutsScene): string[] {
  const made = rungs.map((rung) => rung.split(" ")[0]);
  const nodes = [...new Set(lists.map(({ node }) => node))];
  if (made.length === 0) return ["no rung is made"];
  return nodes.flatMap((node) =>
    made
      .filter((rung) => !lists.some((list) => list.node === node && list.rung === rung))
      .map((rung) => `${node} lists no ${rung}`),
  );
}

async function judgeList(
  list: SegmentList,
  source: SegmentList,
  sourceFrames: Awaited<ReturnType<typeof readFrames>>,
  { reader: { files }, events, directory }: CutsScene,
): Promise<Judged> {
  const hasVideo = list.rung !== "audio";
  const isDownloaded = list.node === source.node;
  const lists = compareLists(list, source, hasVideo);
  const frames =
    isDownloaded && hasVideo && list !== source
      ? compareFrames(await readFrames(list, files, directory), sourceFrames, source)
      : null;
  const failover = events.find(({ what }) => what.includes("node that made"));
  const least = LEAST_SSIM[list.rung];
  const span = failover && { from: failover.utc - COMPARED_MS.before, to: failover.utc + COMPARED_MS.after };
  const ssim = isDownloaded && least !== undefined && span ? await similarIn(span, [list, source], files, directory) : null;
  const bytes = (of: SegmentList) =>
    lists.compared === 0
      ? 0
      : [...of.segments.values()]
          .filter(({ msn }) => list.segments.has(msn) && source.segments.has(msn))
          .reduce((sum, { uri }) => sum + (files.get(uri)?.bytes ?? 0), 0);
  const problems = [
    ...problemsOfList(list, lists),
    ...(lists.compared < source.segments.size * LEAST_SHARE ? [`${lists.compared} of ${source.segments.size} segments`] : []),
    ...(list.longestSilenceMs > source.longestSilenceMs + SILENCE_MS
      ? [`no playlist for ${Math.round(list.longestSilenceMs)} ms`]
      : []),
    ...(frames ? problemsOfFrames(frames, events) : []),
    ...(isDownloaded && least !== undefined && !(ssim !== null && ssim > least) ? [`SSIM ${ssim}`] : []),
  ];
  return { list, lists, frames, ssim, problems, bytesShare: isDownloaded ? bytes(list) / bytes(source) : null };
}

function problemsOfList({ changes, refused }: SegmentList, lists: ListDifferences): string[] {
  return [
    ...lists.differences.slice(0, SHOWN),
    ...changes.slice(0, SHOWN),
    ...(lists.missing.length > 0 ? [`segments ${lists.missing.join(" ")} are not listed`] : []),
    ...(lists.behind > MOST_BEHIND ? [`${lists.behind} segments behind`] : []),
    ...(lists.firstParts < lists.compared * LEAST_SHARE ? [`${lists.firstParts} first parts seen`] : []),
    ...(refused > 0 ? [`${refused} answers without a playlist`] : []),
  ];
}

function problemsOfFrames({ differences, holes, soundOffsetMs }: FrameDifferences, events: readonly CutsEvent[]): string[] {
  const isExplained = (hole: Hole) => hole.ms <= hole.allowedMs && events.some((event) => event.absence && belongsTo(hole, event));
  return [
    ...differences.slice(0, SHOWN),
    ...holes
      .filter((hole) => !isExplained(hole))
      .map(
        ({ msn, frames, ms, allowedMs }) =>
          `segment ${msn}: ${frames} frames missing, ${Math.round(ms)} ms (${Math.round(allowedMs)} allowed)`,
      ),
    ...(soundOffsetMs >= SOUND_OFFSET_MS ? [`sound ${soundOffsetMs} ms off`] : []),
  ];
}

function belongsTo({ utc }: Hole, event: CutsEvent): boolean {
  return utc > event.utc - BELONGS_MS.before && utc < event.utc + BELONGS_MS.after;
}

/** The frames that are missing after an event, by rung. */
function missingAt(event: CutsEvent, judged: readonly Judged[]): string {
  const all = judged.flatMap(({ list, frames }) => {
    const holes = frames?.holes.filter((hole) => belongsTo(hole, event)) ?? [];
    return holes.map(({ msn, frames: count, ms }) => `${list.rung} ${count} frames (${Math.round(ms)} ms) from segment ${msn} on`);
  });
  return all.length > 0 ? `; missing: ${all.join(", ")}` : "";
}

const COLUMNS = [
  "node",
  "playlist",
  "segments",
  "longest without an answer, ms",
  "differences",
  "numbers missing",
  "segments without frames",
  "key frames compared",
  "frames missing",
  "longest hole, ms",
  "sound off, ms",
  "frames of sound missing",
  "SSIM",
  "bytes, % of the source's",
];

function rowOf({ list, lists, frames, ssim, bytesShare }: Judged): (string | number | null)[] {
  const sum = (holes: readonly Hole[]) => holes.reduce((all, hole) => all + hole.frames, 0);
  const longest = Math.max(0, ...(frames?.holes.map(({ ms }) => Math.round(ms)) ?? []));
  return [
    ...[list.node, list.rung, lists.compared, Math.round(list.longestSilenceMs)],
    ...[lists.differences.length + list.changes.length + (frames?.differences.length ?? 0), lists.missing.length],
    ...(frames
      ? [
          frames.withoutFrames.length,
          frames.compared,
          sum(frames.holes),
          longest,
          round(frames.soundOffsetMs, 1),
          frames.missingSound,
        ]
      : [null, null, null, null, null, null]),
    ssim === null ? null : round(ssim, 3),
    bytesShare === null ? null : round(bytesShare * 100, 1),
  ];
}
