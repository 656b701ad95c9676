/**
 * The index of a recorded file: lines of JSON beside it, written as the file is. It holds every record that is no frame, with the place in
 * the file where it stood, so that what is made of the file (HLS above all) is byte for byte what was made of the live stream.
 *
 * A line that was cut short by the end of a process is passed over, with all behind it.
 */
import type { AmfObject, AudioFormat, FourCc, VideoFormat } from "@lectern/media";
import type { Configuration, PartMark, SegmentHead } from "../../live/streams/index.ts";

/** The first line. */
export type FileLine = {
  readonly k: "file";
  readonly version: 1;
  /** Which recording it is part of; null for what is kept for time-shift only. */
  readonly recording: string | null;
  /** Its number within the recording, from 0 on. */
  readonly number: number;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** What is time 0 in the file, milliseconds of the epoch. */
  readonly time: number;
  /** The same as real time, milliseconds since 1970. */
  readonly utc: number;
  /** Sequence number of its first record. */
  readonly sequence: number;
  readonly writer: Writer;
  /** Bytes behind the FLV header that are kept for `onMetaData`. */
  readonly reserved: number;
};

/** A process: its number may be given again, its number and when it began may not. */
export type Writer = { readonly pid: number; readonly began: string };

/** What a track is decoded with from the next segment on. */
export type TrackLine =
  | { readonly k: "video"; readonly codec: FourCc; readonly data: string; readonly format: VideoFormat | null }
  | { readonly k: "audio"; readonly codec: FourCc; readonly data: string; readonly format: AudioFormat | null };

export type MetadataLine = { readonly k: "metadata"; readonly properties: AmfObject };

/** Frames between two marks, as HLS has them: pictures, sounds, bytes of both. */
export type Frames = readonly [pictures: number, sounds: number, bytes: number];

export type SegmentLine = {
  readonly k: "segment";
  /** Where in the file what follows begins. */
  readonly at: number;
  /** Of the part before. */
  readonly frames: Frames;
} & Omit<SegmentHead, "kind">;

export type PartLine = { readonly k: "part"; readonly at: number; readonly frames: Frames } & Omit<PartMark, "kind">;

/** The tag at this place has another time than FLV can say: it is earlier than the file's beginning. */
export type TimeLine = { readonly k: "time"; readonly at: number; readonly time: number };

export type EndLine = {
  readonly k: "end";
  /** Bytes of the file. */
  readonly at: number;
  readonly frames: Frames;
  /** Why: ended, stopped, split, moved, full, lost, crashed. */
  readonly reason: string;
  /** Where the tracks go on behind it; null where nothing came behind, or it is not known. */
  readonly end: SegmentHead["start"] | null;
  /** How far it reaches, milliseconds of the epoch. */
  readonly time: number;
  /** Sequence number of the record behind its last. */
  readonly sequence: number;
};

export type IndexLine = FileLine | TrackLine | MetadataLine | SegmentLine | PartLine | TimeLine | EndLine;

export function writeLine(line: IndexLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** @param record as it applies from the next segment on */
export function trackLine(record: Exclude<Configuration, { readonly track: "metadata" }>): TrackLine {
  const data = Buffer.from(record.data).toString("base64");
  return record.track === "video"
    ? { k: "video", codec: record.codec, data, format: record.format }
    : { k: "audio", codec: record.codec, data, format: record.format };
}

export type LineAt = {
  readonly line: IndexLine;
  /** Where it begins in the index, in bytes. */
  readonly at: number;
  readonly bytes: number;
};

/** Whole lines, in order; what is cut short or is no line ends them. @param from where the text stood in the index */
export function readLines(text: Buffer, from: number): LineAt[] {
  const lines: LineAt[] = [];
  let at = 0;
  for (let end = text.indexOf(0x0a, at); end >= 0; end = text.indexOf(0x0a, at)) {
    const line = parse(text.toString("utf8", at, end));
    if (!line) break;
    lines.push({ line, at: from + at, bytes: end + 1 - at });
    at = end + 1;
  }
  return lines;
}

const KINDS = new Set(["file", "video", "audio", "metadata", "segment", "part", "time", "end"]);

function parse(text: string): IndexLine | null {
  try {
    const line = JSON.parse(text) as { k?: unknown } | null;
    return line && typeof line.k === "string" && KINDS.has(line.k) ? (line as IndexLine) : null;
  } catch {
    return null;
  }
}
