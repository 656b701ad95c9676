/**
 * Converts a publisher's messages to log entries: checks, detects tracks, repairs timestamps, interleaves, and cuts segments and parts.
 * Readers of the log decide nothing.
 *
 *     push ─▶ configuration checked ─▶ access units ─▶ tracks detected ─▶ time repaired ─▶ interleaved ─▶ log writer: cut, positioned ─▶ log
 *
 * One ingest lives as long as its stream's epoch, across the publishers that come one after the other.
 */
import { AUDIO_CODEC, beginsWithAdts, concealingFrame, Malformed, nalLengthSize, splitAdts } from "@lectern/media";
import { BufferPool } from "../../../platform/buffer-pool.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Log } from "../log/log.ts";
import { AccessUnits } from "./access-units.ts";
import { FrameCheck } from "./frame-check.ts";
import { Interleaver } from "./interleaver.ts";
import { type FrameMeter, LogWriter, type TimedFrame } from "./log-writer.ts";
import { cleanMetadata } from "./metadata.ts";
import { readResumeState } from "./resume-state.ts";
import type { SegmenterOptions } from "./segmenter.ts";
import type { SourceFrame, SourceMessage } from "./source.ts";
import type { Timeline } from "./timeline.ts";
import { TrackDetection } from "./track-detection.ts";
import { AnnouncedTracks, type TrackSetup } from "./track-setup.ts";

/** A frame with the configuration that it must be decoded with, which may be newer than that of the frame before. */
type Configured = {
  readonly frame: SourceFrame;
  readonly setup: TrackSetup;
  /** When it came, milliseconds since 1970. */
  readonly arrivedAt: number;
};
/** buffer: a pooled buffer that has the payload while the frame is held. */
type PendingFrame = TimedFrame & { readonly buffer: Buffer | null };
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Payloads that the interleavers of all streams hold, for a tenth of a second at most. */
const POOL = new BufferPool(256, 16 * 1024 * 1024);
/** FLV's time is a signed 32-bit number, and an epoch must end before that overflows: 24 days. */
export const MAX_EPOCH_MS = 24 * 24 * 3600 * 1000;

export class Ingest {
  private readonly clock: Clock;
  private readonly timeline: Timeline;
  private readonly interleaver: Interleaver<PendingFrame>;
  private readonly writer: LogWriter;
  private readonly meter: FrameMeter;
  private detection: TrackDetection<Configured>;
  /** A configuration becomes active with the first frame that follows it. */
  private announced = new AnnouncedTracks();
  private units: AccessUnits;
  private check: FrameCheck;
  /** The frame that passes: one object for all frames that are not held, as nearly none are. */
  private passing: Writable<PendingFrame> | null = null;

  /**
   * @param log empty, or with entries of the epoch, after which the ingest continues
   * @param meter is told of each frame that is written
   */
  constructor(log: Log, clock: Clock, options: SegmenterOptions, meter: FrameMeter) {
    this.clock = clock;
    this.meter = meter;
    const resume = readResumeState(log);
    this.timeline = resume.timeline;
    this.writer = new LogWriter(log, clock, options, resume, meter);
    this.interleaver = new Interleaver(
      clock,
      (held) => {
        this.writer.writeFrame(held, this.announced);
        if (held.buffer) POOL.give(held.buffer);
      },
      withOwnPayload,
    );
    this.detection = this.newDetection();
    this.units = this.newUnits();
    this.check = this.newCheck();
  }

  /** Segments that began without a key frame. */
  get nonKeyframeSegments(): number {
    return this.writer.nonKeyframeSegments;
  }

  /** Frames come that cannot be written before a key frame does. */
  get waitsForKeyFrame(): boolean {
    return this.writer.waitsForKeyFrame;
  }

  /** The end of the newest frame, milliseconds of the epoch. */
  get time(): number {
    return this.timeline.end;
  }

  get clockJumps(): number {
    return this.timeline.jumps;
  }

  /** A publisher begins, under a term that is higher than any before. Its time continues where the last one's ended. */
  beginTerm(term: number): void {
    this.endSource();
    this.writer.beginTerm(term);
    this.announced = new AnnouncedTracks();
    this.interleaver.beginSource();
    this.detection = this.newDetection();
    this.units = this.newUnits();
    this.check = this.newCheck();
  }

  /** The publisher is gone: its frames that are held go to the log. */
  endSource(): void {
    this.units.flush();
    this.detection.finish();
    this.interleaver.flush();
  }

  /** Ends the epoch. */
  end(reason: string): void {
    this.endSource();
    this.writer.end(reason);
  }

  /**
   * Takes one message, which may be changed afterwards. What cannot be read is counted, and left out: encoders that send it send sound and picture
   * as well.
   */
  push(message: SourceMessage): Malformed | null {
    switch (message.kind) {
      case "metadata":
        this.writer.setMetadata(cleanMetadata(message.properties));
        return null;
      case "configuration":
        this.units.flush();
        this.announce(message);
        return null;
      case "fault":
        this.meter.fault(message.fault);
        return null;
      case "data":
        this.units.passBy();
        if (!this.detection.holding) this.writer.writeData(message.data, this.timeline.at(message.timestamp));
        return null;
      case "frame":
        this.pushMessage(message);
        return null;
    }
  }

  /** A configuration that cannot be read leaves the one before it. */
  private announce({ track, codec, data }: SourceMessage & { kind: "configuration" }): void {
    const malformed = this.announced.announce(track, codec, data);
    if (malformed) this.meter.fault({ track, rule: malformed.rule });
  }

  private pushMessage(frame: SourceFrame): void {
    // An empty frame is sent by some encoders to keep a track alive; it has nothing to decode.
    if (frame.payload.length === 0) return;
    if (frame.track === "video") {
      const { video } = this.announced;
      this.units.push(frame, nalLengthSize(frame.codec, video && video.codec === frame.codec ? video.data : null));
      return;
    }
    this.units.passBy();
    if (frame.codec === AUDIO_CODEC.aac && beginsWithAdts(frame.payload)) this.pushAdts(frame);
    else this.pushFrame(frame);
  }

  /** AAC with the headers that it has in MPEG-TS, which some encoders leave on. */
  private pushAdts(frame: SourceFrame): void {
    const frames = splitAdts(frame.payload);
    if (frames instanceof Malformed) {
      this.meter.fault({ track: "audio", rule: frames.rule });
      return;
    }
    let timestamp = frame.timestamp;
    for (const { configuration, payload } of frames) {
      if (this.announced.audio?.codec !== frame.codec) this.announced.announce("audio", frame.codec, configuration);
      this.pushFrame({ ...frame, timestamp: Math.round(timestamp) >>> 0, payload });
      const { format } = this.announced.audio ?? {};
      timestamp += format ? ((format.frameSamples ?? 0) * 1000) / format.sampleRate : 0;
    }
  }

  private pushFrame(frame: SourceFrame): void {
    const setup = this.setupFor(frame);
    // No decoder can use frames before their configuration.
    if (!setup) {
      this.check.unconfigured(frame);
      this.meter.leftOut();
      return;
    }
    this.passOn(this.check.look(frame, setup) ? frame : withSilence(frame, setup), setup);
  }

  private passOn(frame: SourceFrame, setup: TrackSetup): void {
    if (this.detection.holding) {
      const kept = { ...frame, payload: Uint8Array.from(frame.payload) };
      if (!this.detection.push({ frame: kept, setup, arrivedAt: this.clock.utc() })) this.meter.leftOut();
    } else {
      const passed = this.passed(frame, setup);
      if (passed === null) return this.meter.leftOut();
      // Frames that are written in order tell no more which of them came late.
      this.meter.arrived(frame.track, passed.time);
      this.interleaver.push(passed, frame.track);
    }
  }

  private setupFor(frame: SourceFrame): TrackSetup | null {
    const setup = this.announced.setupFor(frame);
    if (setup) return setup;
    this.announced.announceFrom(frame);
    return this.announced.setupFor(frame);
  }

  /** As `timed`, in an object that the next frame is in too. */
  private passed(frame: SourceFrame, setup: TrackSetup): PendingFrame | null {
    const { passing } = this;
    if (!passing) {
      this.passing = this.timed(frame, setup);
      return this.passing;
    }
    const time = this.timeline.repair(frame.track, frame.timestamp);
    if (time === null) return null;
    passing.frame = frame;
    passing.setup = setup;
    passing.time = time;
    return passing;
  }

  private newUnits(): AccessUnits {
    return new AccessUnits(this.clock, {
      onFrame: (frame) => this.pushFrame(frame),
      onMisfit: () => this.check.misfit(),
      onOrphan: () => {
        this.check.orphan();
        this.meter.leftOut();
      },
    });
  }

  /** Nothing is said against a publisher's tracks at its beginning. */
  private newCheck(): FrameCheck {
    this.meter.undecodable("video", null);
    this.meter.undecodable("audio", null);
    return new FrameCheck(this.clock, (track, problem) => {
      this.meter.undecodable(track, problem);
      this.writer.setProblem(track, problem);
    });
  }

  private newDetection(): TrackDetection<Configured> {
    return new TrackDetection(this.clock, (held, earliest) => {
      this.timeline.beginSource(earliest);
      const timed = held.flatMap(({ frame, setup, arrivedAt }) => {
        const item = this.timed(frame, setup);
        return item ? [{ item, arrivedAt }] : [];
      });
      // The frames that were held came before now: streams of people who speak to each other have to agree on the time.
      this.writer.beginSource(Math.min(...timed.map(({ item, arrivedAt }) => arrivedAt - item.time)));
      timed.sort((a, b) => a.item.time - b.item.time);
      for (const { item } of timed) this.interleaver.push(item, item.frame.track);
    });
  }

  /** Null: the frame comes too late. */
  private timed(frame: SourceFrame, setup: TrackSetup): PendingFrame | null {
    const time = this.timeline.repair(frame.track, frame.timestamp);
    return time === null ? null : { frame, setup, time, buffer: null };
  }
}

/** A frame that would end the decoders of browsers, and with them the picture, is silent instead. */
function withSilence(frame: SourceFrame, { data }: TrackSetup): SourceFrame {
  const silence = concealingFrame(frame.codec, data, frame.payload);
  return silence ? { ...frame, payload: silence } : frame;
}

/**
 * A frame that waits for another one, with its payload in a pooled buffer. Some publishers are out of order all the time: most of their
 * frames come through here.
 */
function withOwnPayload(held: PendingFrame): PendingFrame {
  const { payload } = held.frame;
  const buffer = POOL.take(payload.length);
  buffer.set(payload);
  return { ...held, frame: { ...held.frame, payload: buffer.subarray(0, payload.length) }, buffer };
}
