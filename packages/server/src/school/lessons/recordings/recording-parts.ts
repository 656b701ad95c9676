/**
 * Puts together what several nodes have of one recording: another node goes on with it when the one that recorded it is drained, dies or stands
 * still. Each node reports its own files; what two of them have of the same time counts once.
 */
import type { RecordingUpdate } from "../../../contracts/recordings/recording-messages.ts";
import type { RecordingPart, RecordingParts } from "../../foundation/store/recording-part.ts";
import type { Recording } from "../../foundation/store/tables.ts";

type Known = Pick<Recording, "files" | "seconds" | "bytes" | "whole" | "epoch" | "started_at" | "parts">;

/** The columns of a recording. */
export type PutTogether = Pick<RecordingPart, "files" | "seconds" | "bytes" | "whole"> & { readonly parts: RecordingParts };

/** @param known the row, where there is one */
export function putTogether(known: Known | undefined, update: RecordingUpdate): PutTogether {
  const { node, files, seconds, bytes, whole } = update;
  const others = known ? otherParts(known, node) : {};
  // The next recorder is told by the epochs which recording it goes on with, and by the spans from where.
  const parts: RecordingParts = { ...others, [node]: partOf(update) };
  if (Object.keys(others).length === 0) return { files, seconds, bytes, whole, parts };
  const all = Object.values(parts);
  const sorted = all.flatMap((part) => part.files).sort((a, b) => (beginOf(a) < beginOf(b) ? -1 : 1));
  return {
    files: sorted,
    seconds: lengthOf(all.flatMap(({ spans }) => spans)) / 1000,
    bytes: all.reduce((sum, part) => sum + part.bytes, 0),
    // The node with the newest file records, or did last.
    whole: all.some((part) => part.whole && part.files.includes(sorted.at(-1) ?? "")),
    parts,
  };
}

/** The end of what is known to be recorded, milliseconds since 1970. */
export function recordedUntil(known: Known): number {
  return Math.max(known.started_at.getTime(), ...Object.values(known.parts ?? {}).map(endOf));
}

export function hasEpoch({ epoch, parts }: Pick<Recording, "epoch" | "parts">, wanted: string): boolean {
  return epoch === wanted || Object.values(parts ?? {}).some(({ epochs }) => epochs.includes(wanted));
}

function otherParts(known: Known, node: string): RecordingParts {
  if (known.parts) return Object.fromEntries(Object.entries(known.parts).filter(([of]) => of !== node));
  // A row of before: its files are one node's.
  const first = known.files[0] ?? "";
  const of = first.includes(":") ? first.slice(0, first.indexOf(":")) : "";
  if (of === node || known.files.length === 0) return {};
  const start = known.started_at.getTime();
  const { files, seconds, whole, epoch } = known;
  return { [of]: { files, seconds, bytes: Number(known.bytes), whole, epochs: [epoch], spans: [[start, start + seconds * 1000]] } };
}

function partOf({ files, seconds, bytes, whole, epochs, spans }: RecordingUpdate): RecordingPart {
  return { files, seconds, bytes, whole, epochs, spans };
}

/** Files of one recording are in one folder, and their names begin with their times. The first of a node that takes over has a number behind it. */
function beginOf(file: string): string {
  return file.slice(file.indexOf(":") + 1).replace(/\.flv$/, "");
}

function endOf({ spans }: RecordingPart): number {
  return Math.max(0, ...spans.map(([, to]) => to));
}

/** Milliseconds that at least one of the spans has. */
function lengthOf(spans: readonly (readonly [number, number])[]): number {
  let [length, end] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    length += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return length;
}
