/**
 * The ingest: the only place of a stream that has state and decides. A publisher's messages in, stamped records out.
 *
 *     push ─▶ configuration checked ─▶ start held ─▶ time repaired ─▶ order ─▶ cut, stamp ─▶ log
 *
 * One ingest lives as long as its stream's epoch, across the publishers that come one after the other.
 */
import { createHash } from "node:crypto";
import {
  type AmfObject,
  type AudioFormat,
  type FourCc,
  hasConfiguration,
  Malformed,
  VIDEO_CODEC,
  type VideoFormat,
  vp9KeyFrameSize,
} from "@lectern/media";
import { BufferPool } from "../../../platform/buffer-pool.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Log } from "../log/log.ts";
import type { AudioConfiguration, LogEntry, LogPosition, SegmentHead, VideoConfiguration } from "../log/log-entry.ts";
import { readAudioConfiguration, readVideoConfiguration } from "./codec-configuration.ts";
import { Interleaver } from "./interleaver.ts";
import { cleanMetadata, completeMetadata } from "./metadata.ts";
import { readResumeState } from "./resume-state.ts";
import { frameSamples, SampleClock } from "./sample-clock.ts";
import { Segmenter, type SegmenterOptions } from "./segmenter.ts";
import type { SourceFrame, SourceMessage } from "./source.ts";
import type { Timeline } from "./timeline.ts";
import { TrackDetection } from "./track-detection.ts";

type VideoSetup = {
  readonly track: "video";
  readonly codec: FourCc;
  readonly data: Uint8Array;
  readonly format: VideoFormat | null;
};
type AudioSetup = {
  readonly track: "audio";
  readonly codec: FourCc;
  readonly data: Uint8Array;
  readonly format: AudioFormat | null;
};

/** A frame with the configuration that it must be decoded with, which may be newer than that of the frame before. */
type Held = { readonly frame: SourceFrame; readonly setup: VideoSetup | AudioSetup };
/** room: memory that a frame has while it is held, which goes round. */
type Timed = Held & { readonly time: number; readonly room: Buffer | null };

/** Of all streams of the process: frames are held for a tenth of a second at the most. */
const HELD = new BufferPool(256, 16 * 1024 * 1024);
/** FLV's time is a signed 32-bit number; an epoch must end before it, at the latest here: 24 days. */
export const MAX_EPOCH_MS = 24 * 24 * 3600 * 1000;
/** Real time in segment heads follows the media's own clock until the two differ by more than this. */
const MAX_CLOCK_DRIFT_MS = 1000;
/** Video counts in 90 kHz ticks, as MPEG does everywhere. */
const VIDEO_TICKS_PER_MS = 90;
const NO_DATA = new Uint8Array(0);

export class Ingest {
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly timeline: Timeline;
  private readonly interleaver: Interleaver<Timed>;
  private readonly cutter: Segmenter;
  private start: TrackDetection<Held>;

  /** What the source has announced last; it becomes active with the first frame that follows it. */
  private announced: { video: VideoSetup | null; audio: AudioSetup | null } = { video: null, audio: null };
  private active: { video: VideoSetup | null; audio: AudioSetup | null };
  private publisherMetadata: AmfObject = {};
  private metadataChanged = false;
  /** The first record of a term is written when its first frame comes, so that a publisher that sends nothing leaves no trace. */
  private termPending = false;
  private sourceTracks: { video: boolean; audio: boolean } = { video: false, audio: false };

  private msn: number;
  private discontinuity: number;
  private initialisation: string;
  private partIndex = 0;
  private samples: SampleClock;
  private utcOffset: number | null = null;

  /** @param log empty, or with what others have written of the epoch, which is gone on with */
  constructor(log: Log, clock: Clock, cuts: SegmenterOptions) {
    this.log = log;
    this.clock = clock;
    const written = readResumeState(log);
    this.timeline = written.timeline;
    this.samples = written.samples;
    this.active = { video: setupOf(log.context.video), audio: setupOf(log.context.audio) };
    this.msn = written.head?.msn ?? 0;
    this.discontinuity = written.head?.discontinuity ?? 0;
    this.initialisation = written.head?.initialisation ?? "";
    this.cutter = new Segmenter(cuts, written.targets);
    this.interleaver = new Interleaver(
      clock,
      (timed) => {
        this.stamp(timed);
        if (timed.room) HELD.give(timed.room);
      },
      held,
    );
    this.start = this.newStart();
  }

  /** Segments that had to begin without a key frame. */
  get forcedCuts(): number {
    return this.cutter.nonKeyframeSegments;
  }

  /** Where media time has got to, milliseconds of the epoch. */
  get time(): number {
    return this.timeline.end;
  }

  get clockJumps(): number {
    return this.timeline.jumps;
  }

  /** A publisher begins, under a term that is higher than any before. Its time goes on where the last one's ended. */
  beginTerm(term: number): void {
    this.endSource();
    this.log.beginTerm(term);
    this.announced = { video: null, audio: null };
    this.sourceTracks = { video: false, audio: false };
    this.publisherMetadata = {};
    this.termPending = true;
    this.interleaver.beginSource();
    this.start = this.newStart();
  }

  /** The publisher is gone: what was held of it goes to the log. */
  endSource(): void {
    this.start.finish();
    this.interleaver.flush();
  }

  /** Ends the epoch. */
  end(reason: string): void {
    this.endSource();
    this.log.append({ ...this.nextStamp(), kind: "end", reason });
  }

  /** Takes one message, whose memory may be used again afterwards. `Malformed` when the publisher broke its codec's rules; it cannot be understood any more. */
  push(message: SourceMessage): Malformed | null {
    switch (message.kind) {
      case "metadata":
        this.publisherMetadata = cleanMetadata(message.properties);
        this.metadataChanged = true;
        return null;
      case "configuration":
        return this.announce(message.track, message.codec, message.data);
      case "data":
        if (!this.start.holding && !this.termPending) this.stampData(message.data, this.timeline.at(message.timestamp));
        return null;
      case "frame":
        return this.pushFrame(message);
    }
  }

  private announce(track: "video" | "audio", codec: FourCc, data: Uint8Array): Malformed | null {
    const known = this.announced[track];
    if (known && known.codec === codec && equal(known.data, data)) return null;
    // A copy, since the message may be a view of something larger.
    const copy = Uint8Array.from(data);
    if (track === "video") {
      const format = readVideoConfiguration(codec, data);
      if (format instanceof Malformed) return format;
      this.announced.video = { track, codec, data: copy, format };
    } else {
      const format = readAudioConfiguration(codec, data);
      if (format instanceof Malformed) return format;
      this.announced.audio = { track, codec, data: copy, format };
    }
    return null;
  }

  private pushFrame(frame: SourceFrame): Malformed | null {
    // An empty frame is sent by some encoders to keep a track alive; it has nothing to decode.
    if (frame.payload.length === 0) return null;
    const setup = this.setupFor(frame);
    // Frames before their configuration cannot be decoded by anybody.
    if (!setup) return null;
    if (this.start.holding) this.start.push({ frame: owned(frame), setup });
    else this.schedule({ frame, setup });
    return null;
  }

  private setupFor(frame: SourceFrame): VideoSetup | AudioSetup | null {
    const announced = this.announced[frame.track];
    if (announced && announced.codec === frame.codec) return this.completeSize(announced, frame);
    if (hasConfiguration(frame.codec)) return null;
    this.announce(frame.track, frame.codec, NO_DATA);
    return this.announced[frame.track];
  }

  /** VP9 tells its size only in key frames. */
  private completeSize(setup: VideoSetup | AudioSetup, frame: SourceFrame): VideoSetup | AudioSetup {
    if (setup.track === "audio" || setup.codec !== VIDEO_CODEC.vp9 || !frame.key || !setup.format) return setup;
    const size = vp9KeyFrameSize(frame.payload);
    if (size instanceof Malformed || (size.width === setup.format.width && size.height === setup.format.height)) return setup;
    this.announced.video = { ...setup, format: { ...setup.format, ...size } };
    return this.announced.video;
  }

  private newStart(): TrackDetection<Held> {
    return new TrackDetection(this.clock, (held, earliest) => {
      this.timeline.beginSource(earliest);
      const timed = held.map((item) => this.timed(item));
      timed.sort((a, b) => a.time - b.time);
      for (const item of timed) this.interleaver.push(item);
    });
  }

  private schedule(held: Held): void {
    this.interleaver.push(this.timed(held));
  }

  private timed({ frame, setup }: Held): Timed {
    return { frame, setup, time: this.timeline.repair(frame.track, frame.timestamp), room: null };
  }

  private nextStamp(): LogPosition {
    return { term: this.log.term, sequence: this.log.head };
  }

  private stamp(timed: Timed): void {
    const { frame, time, setup } = timed;
    const { track } = frame;
    // Behind a change of the picture's configuration, and at a source's beginning, a decoder needs a key frame.
    if (track === "video" && !frame.key && (!this.sourceTracks.video || this.changed(setup))) return;
    const force = this.activate(timed);
    // Sound leads only where there is no picture, or none yet; the first picture is a key frame.
    const leads = track === "video" || !this.sourceTracks.video;
    const independent = leads && frame.key;
    this.sourceTracks[track] = true;
    const cut = leads || force ? this.cutter.cutAt(time, frame.key, force) : null;
    if (cut === "segment") this.stampHead(time, independent);
    if (cut !== null) this.stampPart(time, independent);
    const { payload } = frame;
    this.log.append({
      // Not spread from nextStamp(): this runs for every frame of every stream.
      term: this.log.term,
      sequence: this.log.head,
      kind: "media",
      track,
      codec: frame.codec,
      decodeTime: time,
      compositionOffset: frame.compositionOffset,
      key: frame.key,
      disposable: frame.disposable,
      soundFlags: frame.soundFlags,
      payload,
    });
    if (setup.track === "audio") {
      this.samples.place(time, setup.format?.sampleRate ?? 1000, frameSamples(setup.codec, setup.format, payload));
    }
  }

  private changed(setup: VideoSetup | AudioSetup): boolean {
    const active = this.active[setup.track];
    return !active || active.codec !== setup.codec || !equal(active.data, setup.data);
  }

  /** Writes the term and the configurations that apply from this frame on. True when a segment must begin here. */
  private activate({ setup, frame, time }: Timed): boolean {
    const newTerm = this.termPending;
    if (newTerm) this.stampTerm();
    // The first frame of a source brings all tracks that were announced before it, so that one head is enough for them.
    const video = setup.track === "video" ? setup : newTerm ? this.announced.video : null;
    const audio = setup.track === "audio" ? setup : newTerm ? this.announced.audio : null;
    const changes = [video, audio].filter((candidate) => candidate !== null && this.changed(candidate));
    const dropped = newTerm ? this.dropAbsentTracks() : false;
    if (changes.length === 0 && !dropped) {
      if (newTerm || this.metadataChanged) this.stampMetadata(time);
      return newTerm;
    }
    const first = this.initialisation === "";
    for (const change of changes) {
      if (change?.track === "video") this.active.video = change;
      if (change?.track !== "audio") continue;
      this.active.audio = change;
      this.samples = new SampleClock();
    }
    this.stampMetadata(time);
    for (const change of changes) if (change) this.stampConfiguration(change, time);
    this.initialisation = initialisationOf(this.active.video, this.active.audio);
    if (!first) this.discontinuity++;
    if (frame.track === "video") this.cutter.forgetFrames();
    return true;
  }

  /** A new source may lack a track that the one before it had. */
  private dropAbsentTracks(): boolean {
    let dropped = false;
    for (const track of ["video", "audio"] as const) {
      if (this.active[track] && !this.announced[track]) {
        this.active[track] = null;
        dropped = true;
      }
    }
    return dropped;
  }

  private stampTerm(): void {
    this.termPending = false;
    const head = this.log.head;
    const previousEnd: LogPosition | null = head === 0 ? null : this.log.newest;
    this.utcOffset = null;
    this.log.append({
      ...this.nextStamp(),
      kind: "term",
      epoch: this.log.epoch,
      previousEnd: previousEnd && { term: previousEnd.term, sequence: previousEnd.sequence },
      targets: this.cutter.targets,
    });
  }

  private stampConfiguration(setup: VideoSetup | AudioSetup, time: number): void {
    const { codec, data } = setup;
    const stamp = this.nextStamp();
    const record: LogEntry =
      setup.track === "video"
        ? { ...stamp, kind: "configuration", track: "video", time, codec, data, format: setup.format }
        : { ...stamp, kind: "configuration", track: "audio", time, codec, data, format: setup.format };
    this.log.append(record);
  }

  private stampMetadata(time: number): void {
    this.metadataChanged = false;
    const { video, audio } = this.active;
    const of = { term: 0, sequence: 0, kind: "configuration", time } as const;
    const properties = completeMetadata(this.publisherMetadata, video && { ...of, ...video }, audio && { ...of, ...audio });
    this.log.append({ ...this.nextStamp(), kind: "configuration", track: "metadata", time, properties });
  }

  private stampHead(time: number, independent: boolean): void {
    this.msn++;
    this.partIndex = 0;
    this.log.append({
      ...this.nextStamp(),
      kind: "segment",
      msn: this.msn,
      discontinuity: this.discontinuity,
      utc: this.realTime(time),
      initialisation: this.initialisation,
      independent,
      time,
      start: this.position(time),
      targets: this.cutter.targets,
    });
  }

  private stampPart(time: number, independent: boolean): void {
    this.log.append({ ...this.nextStamp(), kind: "part", index: this.partIndex++, independent, previousEnd: this.position(time) });
  }

  /** Where each track goes on from this moment, in its own timescale. */
  private position(time: number): SegmentHead["start"] {
    return {
      video: this.active.video ? time * VIDEO_TICKS_PER_MS : null,
      audio: this.active.audio ? this.samples.position : null,
    };
  }

  private stampData(data: Uint8Array, time: number): void {
    if (this.log.segments.length === 0) return;
    this.log.append({
      ...this.nextStamp(),
      kind: "media",
      track: "data",
      codec: "amf0",
      decodeTime: time,
      compositionOffset: 0,
      key: false,
      disposable: false,
      soundFlags: 0,
      payload: data,
    });
  }

  private realTime(time: number): number {
    const now = this.clock.utc();
    if (this.utcOffset === null || Math.abs(time + this.utcOffset - now) > MAX_CLOCK_DRIFT_MS) this.utcOffset = now - time;
    return Math.round(time + this.utcOffset);
  }
}

/**
 * A frame that is held until another one has come, in memory that is used again when it is in the log. Some publishers are out of order all
 * the time: most of their frames come through here.
 */
function held(timed: Timed): Timed {
  const { payload } = timed.frame;
  const room = HELD.take(payload.length);
  room.set(payload);
  return { ...timed, frame: { ...timed.frame, payload: room.subarray(0, payload.length) }, room };
}

/** A frame that may be held: the door uses its memory again for the next message. */
function owned(frame: SourceFrame): SourceFrame {
  return { ...frame, payload: Uint8Array.from(frame.payload) };
}

/** A configuration that is in the log already, as the ingest keeps it. */
function setupOf<T extends VideoConfiguration | AudioConfiguration>(
  record: T | null,
): Pick<T, "track" | "codec" | "data" | "format"> | null {
  return record && { track: record.track, codec: record.codec, data: record.data, format: record.format };
}

function initialisationOf(video: VideoSetup | null, audio: AudioSetup | null): string {
  const hash = createHash("sha256");
  for (const setup of [video, audio])
    hash.update(setup ? `${setup.track} ${setup.codec} ${setup.data.length}:` : "-").update(setup?.data ?? "");
  // VP9's size is in no configuration.
  hash.update(video?.format ? `${video.format.width}x${video.format.height}` : "");
  return hash.digest("hex").slice(0, 16);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
