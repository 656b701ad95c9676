/**
 * Provides the index of a recorded file: JSON lines in a file beside it. It holds every log entry that is not a frame, with its offset in the file,
 * so that HLS packaged from the file is byte for byte what was packaged live.
 *
 * Reading stops at a line that a dying process left incomplete.
 */
import type { AmfObject, AudioFormat, FourCc, VideoFormat } from "@lectern/media";
import type { Configuration, PartMark, SegmentHead } from "../../live/streams/index.ts";

/** The first line. */
export type FileLine = {
  readonly k: "file";
  /** 2: encrypted behind its head, with `cipher`. */
  readonly version: 1 | 2;
  /** The recording that the file belongs to; null for a file of the time-shift window. */
  readonly recording: string | null;
  /** Its number within the recording, from 0. */
  readonly number: number;
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** The epoch's time at the file's time 0, milliseconds. */
  readonly time: number;
  /** The same in real time, milliseconds since 1970. */
  readonly utc: number;
  /** Sequence number of the first entry. */
  readonly sequence: number;
  readonly writer: WriterProcess;
  /** Bytes reserved for `onMetaData` behind the FLV header. */
  readonly reserved: number;
  /** Of an encrypted file: its key, encrypted (`file-keys.ts`), and the bytes of its head. */
  readonly cipher?: { readonly key: string; readonly start: number };
};

/** A process by its id and start time: ids alone are reused. */
export type WriterProcess = { readonly pid: number; readonly began: string };

/** A track's decoder configuration from the next segment on. */
export type TrackLine =
  | { readonly k: "video"; readonly codec: FourCc; readonly data: string; readonly format: VideoFormat | null }
  | { readonly k: "audio"; readonly codec: FourCc; readonly data: string; readonly format: AudioFormat | null };

export type MetadataLine = { readonly k: "metadata"; readonly properties: AmfObject };

/** Frames between two marks, as HLS counts them: video frames, audio frames, payload bytes of both. */
export type Frames = readonly [video: number, audio: number, bytes: number];

export type SegmentLine = {
  readonly k: "segment";
  /** Offset of the first tag of the segment. */
  readonly at: number;
  /** Frames of the part before. */
  readonly frames: Frames;
} & Omit<SegmentHead, "kind">;

export type PartLine = { readonly k: "part"; readonly at: number; readonly frames: Frames } & Omit<PartMark, "kind">;

/** The time of a tag that precedes the file's start, which FLV cannot express. */
export type TimeLine = { readonly k: "time"; readonly at: number; readonly time: number };

export type EndLine = {
  readonly k: "end";
  /** Size of the file. */
  readonly at: number;
  readonly frames: Frames;
  /** ended, stopped, split, moved, full, lost or crashed. */
  readonly reason: string;
  /** Where the tracks continue after the file; null if they do not or it is not known. */
  readonly end: SegmentHead["start"] | null;
  /** End of the last frame, milliseconds of the epoch. */
  readonly time: number;
  /** Sequence number behind the last entry. */
  readonly sequence: number;
};

/** Proves a chunk of an encrypted file, or its end (`encrypted-file.ts`). Of several of a chunk, the last one counts. */
export type ProofLine = {
  readonly k: "proof";
  /** The chunk, from 0; -1: the end. */
  readonly i: number;
  /** HMAC-SHA-256, its first 128 bits in base64. */
  readonly mac: string;
  /** Of the end: bytes of the file. */
  readonly size?: number;
};

export type IndexLine = ProofLine | FileLine | TrackLine | MetadataLine | SegmentLine | PartLine | TimeLine | EndLine;

export function writeLine(line: IndexLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** @param record valid from the next segment on */
export function trackLine(record: Exclude<Configuration, { readonly track: "metadata" }>): TrackLine {
  const data = Buffer.from(record.data).toString("base64");
  return record.track === "video"
    ? { k: "video", codec: record.codec, data, format: record.format }
    : { k: "audio", codec: record.codec, data, format: record.format };
}

export type LineAt = {
  readonly line: IndexLine;
  /** Offset of the line in the index, bytes. */
  readonly at: number;
  readonly bytes: number;
};

/** Parses complete lines, up to the first that is incomplete or invalid. @param from offset of the text in the index */
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

const KINDS = new Set(["file", "video", "audio", "metadata", "segment", "part", "time", "proof", "end"]);

function parse(text: string): IndexLine | null {
  try {
    const line = JSON.parse(text) as { k?: unknown } | null;
    return line && typeof line.k === "string" && KINDS.has(line.k) ? (line as IndexLine) : null;
  } catch {
    return null;
  }
}
