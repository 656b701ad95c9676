/** Serves for tests: messages of a publisher whose frames tell which they are, and an ingest with its log. */
import type { Clock } from "../../platform/clock.ts";
import { ManualClock } from "../../platform/clock.ts";
import { Ingest } from "./ingest/ingest.ts";
import type { SourceFrame, SourceMessage } from "./ingest/source.ts";
import { Log, type Retention } from "./log/log.ts";
import type { LogEntry, MediaEntry } from "./log/log-entry.ts";
import { Statistics } from "./statistics.ts";
import type { StreamOptions } from "./stream.ts";

const SPS = "67640028acd940780227e5c05a808080a0000003002000000781e30632c0";
const PPS = "68ebe3cb22c0";
/** Where a frame tells which it is. */
const ID_AT = 8;
const hex = (text: string) => Buffer.from(text, "hex");

/** 1920×1080; `variant` changes a byte without a meaning, so that it is another configuration. */
export function avcConfiguration(variant = 0): SourceMessage {
  const sps = hex(SPS);
  const pps = Buffer.concat([hex(PPS), Buffer.from([variant])]);
  const data = Buffer.concat([hex("01640028ffe1"), u16(sps.length), sps, hex("01"), u16(pps.length), pps]);
  return { kind: "configuration", track: "video", codec: "avc1", data };
}

/** LC at 44.1 kHz, stereo. */
export const aacConfiguration: SourceMessage = { kind: "configuration", track: "audio", codec: "mp4a", data: hex("1210") };

export function videoFrame(timestamp: number, key: boolean, id = timestamp, bytes = 100): SourceFrame {
  return frame("video", "avc1", timestamp, key, id, bytes);
}

export function audioFrame(timestamp: number, id = timestamp): SourceFrame {
  return frame("audio", "mp4a", timestamp, true, id, 20);
}

function frame(track: "video" | "audio", codec: string, timestamp: number, key: boolean, id: number, bytes: number): SourceFrame {
  const payload = Buffer.alloc(bytes);
  // The beginning of a picture that the configuration decodes: one NAL unit, a slice; of a frame of AAC: two channels.
  if (track === "audio") payload[0] = 0x21;
  else if (bytes >= ID_AT) payload.set([...u32(bytes - 4), key ? 0x65 : 0x41, 0x88, 0x80]);
  payload.writeDoubleBE(id, ID_AT);
  return {
    kind: "frame",
    track,
    codec,
    timestamp: timestamp >>> 0,
    compositionOffset: 0,
    key,
    disposable: false,
    soundFlags: track === "audio" ? 15 : 0,
    payload,
  };
}

/** Which frame it is; NaN: none of the publisher's, but one in the place of sound that is missing. */
export function idOf(entry: MediaEntry): number {
  if (entry.payload.length < ID_AT + Float64Array.BYTES_PER_ELEMENT) return Number.NaN;
  return Buffer.from(entry.payload).readDoubleBE(ID_AT);
}

/** Video of 25 frames a second with a key frame each 2 s, and audio, in the order of their times. */
export function* lesson(seconds: number, start = 0, gopMs = 2000): Generator<SourceFrame> {
  let audio = 0;
  for (let time = 0; time < seconds * 1000; time += 40) {
    while (audio <= time) {
      yield audioFrame(start + Math.round(audio));
      audio += 1024 / 44.1;
    }
    yield videoFrame(start + time, time % gopMs === 0);
  }
}

export const RETENTION: Retention = { segments: 10, milliseconds: 60_000, bytes: () => 64 << 20 };

export const STREAM_OPTIONS: StreamOptions = {
  segmenter: { segmentMs: 2000, partMs: 400 },
  retention: RETENTION,
  outputBuffer: { milliseconds: 5000, bytes: 8 << 20 },
  graceMs: 15_000,
  supersedeAfterMs: 2000,
};

/** An ingest with its log, and all entries that it has written. */
export function ingestOf(clock: Clock = new ManualClock(), retention = RETENTION, statistics = new Statistics(clock)) {
  const { log, ingest } = quietIngestOf(clock, retention, statistics);
  const entries: LogEntry[] = [];
  // A frame's bytes are good only during the call.
  log.listen((entry) => entries.push(entry.kind === "media" ? { ...entry, payload: Buffer.from(entry.payload) } : entry));
  return { log, ingest, entries };
}

/** An ingest with its log, to which nobody listens. */
export function quietIngestOf(clock: Clock, retention = RETENTION, statistics = new Statistics(clock)) {
  const log = new Log("epoch", retention);
  const ingest = new Ingest(log, clock, STREAM_OPTIONS.segmenter, statistics);
  ingest.beginTerm(1);
  return { log, ingest };
}

export function pushAll(ingest: Ingest, messages: Iterable<SourceMessage>): void {
  for (const message of messages) {
    const broken = ingest.push(message);
    if (broken) throw new Error(broken.rule);
  }
}

export function mediaOf(entries: readonly LogEntry[], track?: "video" | "audio"): MediaEntry[] {
  return entries.filter((entry): entry is MediaEntry => entry.kind === "media" && (!track || entry.track === track));
}

function u32(value: number): [number, number, number, number] {
  return [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
