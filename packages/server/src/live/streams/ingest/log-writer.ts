/**
 * Writes repaired and ordered frames to the log, with the entries that they need before them: the term, configurations, segment heads and
 * part marks. All decisions about a stream are made here, once.
 */
import {
  type AmfObject,
  AUDIO_CODEC,
  concealingFrame,
  type FourCc,
  frameSamples,
  SampleClock,
  TIME_ERROR_MS,
} from "@lectern/media";
import type { MediaProblem, TrackProblems } from "../../../contracts/monitoring/media-problem.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Log } from "../log/log.ts";
import type { SegmentHead } from "../log/log-entry.ts";
import { asMetadata, NO_PROBLEMS } from "../log/reported-problems.ts";
import { EntryWriter } from "./entry-writer.ts";
import type { ResumeState } from "./resume-state.ts";
import { SegmentDates } from "./segment-dates.ts";
import { Segmenter, type SegmenterOptions } from "./segmenter.ts";
import { SoundHoles } from "./sound-holes.ts";
import type { SourceFault, SourceFrame } from "./source.ts";
import { type Track, TrackPresence } from "./track-presence.ts";
import { initialisationOf, isSameSetup, setupOf, type TrackSetup, type TrackSetups } from "./track-setup.ts";

/** A frame whose time is repaired, with the configuration that it must be decoded with. */
export type TimedFrame = {
  readonly frame: SourceFrame;
  readonly setup: TrackSetup;
  /** Milliseconds of the epoch. */
  readonly time: number;
};

/** Measures frames as they are written. */
export type FrameMeter = {
  readonly beginTerm: () => void;
  /** The publisher has sent something that cannot be read. */
  readonly fault: (fault: SourceFault) => void;
  /** Whether players can decode a track has changed. Null: nothing speaks against it. */
  readonly undecodable: (track: "video" | "audio", problem: MediaProblem | null) => void;
  /** A frame has come that cannot be written. */
  readonly leftOut: () => void;
  /** A frame of a publisher has come. @param decodeTime milliseconds of the epoch */
  readonly arrived: (track: "video" | "audio", decodeTime: number) => void;
  /** A frame is written. @param decodeTime milliseconds of the epoch */
  readonly takeFrame: (track: "video" | "audio", decodeTime: number, key: boolean, bytes: number) => void;
};

/** For an ingest whose figures nobody reads. */
export const NO_METER: FrameMeter = {
  beginTerm: () => {},
  fault: () => {},
  undecodable: () => {},
  leftOut: () => {},
  arrived: () => {},
  takeFrame: () => {},
};

/** Video counts in 90 kHz ticks, as MPEG does everywhere. */
const VIDEO_TICKS_PER_MS = 90;
/** Codecs whose frames tell how long they are. */
const COUNTED: readonly FourCc[] = [AUDIO_CODEC.aac, AUDIO_CODEC.opus];
/** Of sound that is concealed, so much at once. */
const MOST_CONCEALED_MS = 4000;

export class LogWriter {
  private readonly log: Log;
  private readonly entries: EntryWriter;
  private readonly clock: Clock;
  private readonly segmenter: Segmenter;
  private readonly meter: FrameMeter;
  private active: TrackSetups;
  /** Announced configurations that equal the active ones: they are compared by their bytes once, not with each frame. */
  private readonly equal: { video: TrackSetup | null; audio: TrackSetup | null } = { video: null, audio: null };
  private publisherMetadata: AmfObject = {};
  private problems: TrackProblems = NO_PROBLEMS;
  private metadataChanged = false;
  /** A term is written when its first frame comes, so that a publisher that sends nothing leaves no entry. */
  private termPending = false;
  /** Tracks of the source that have had a frame. */
  private readonly begun = { video: false, audio: false };
  private readonly presence = new TrackPresence();
  /** A track that has stopped: it is none of the stream's until it comes again. */
  private stopped: Track | null = null;
  private msn: number;
  private discontinuity: number;
  private initialisation: string;
  private partIndex = 0;
  private samples: SampleClock;
  private isWaiting = false;
  private readonly dates = new SegmentDates();
  private readonly soundHoles: SoundHoles;
  /** Monotonic milliseconds: what was concealed lately, laid from some seconds ago on. */
  private concealedUntil = Number.NEGATIVE_INFINITY;

  /** @param resume the state of a log that has entries already */
  constructor(log: Log, clock: Clock, options: SegmenterOptions, resume: ResumeState, meter: FrameMeter) {
    const { head, targets, samples, keyDistanceMs } = resume;
    this.log = log;
    this.entries = new EntryWriter(log);
    this.clock = clock;
    this.meter = meter;
    this.segmenter = new Segmenter(options, targets, keyDistanceMs);
    this.samples = samples;
    this.active = { video: setupOf(log.context.video), audio: setupOf(log.context.audio) };
    const rate = log.context.audio?.format?.sampleRate;
    const { position } = samples;
    this.soundHoles = new SoundHoles(rate === undefined || position === null ? null : (position * 1000) / rate);
    this.msn = head?.msn ?? 0;
    this.discontinuity = head?.discontinuity ?? 0;
    this.initialisation = head?.initialisation ?? "";
  }

  /** Segments that began without a key frame. */
  get nonKeyframeSegments(): number {
    return this.segmenter.nonKeyframeSegments;
  }

  /** Frames come that cannot be written before a key frame does. */
  get waitsForKeyFrame(): boolean {
    return this.isWaiting;
  }

  beginTerm(term: number): void {
    this.log.beginTerm(term);
    this.isWaiting = false;
    this.begun.video = false;
    this.begun.audio = false;
    this.stopped = null;
    this.publisherMetadata = {};
    this.problems = NO_PROBLEMS;
    this.termPending = true;
    this.entries.foretell(null);
  }

  /** @param utcOffset what to add to the time of its first frames for the real time at which they came, milliseconds */
  beginSource(utcOffset: number): void {
    this.dates.beginSource(utcOffset);
  }

  /** The publisher's description of its stream, which is written with the next frame. */
  setMetadata(properties: AmfObject): void {
    this.publisherMetadata = properties;
    this.metadataChanged = true;
  }

  /** Whether players can decode a track has changed. Null: nothing speaks against it. It does not wait for a frame, which may not come. */
  setProblem(track: Track, problem: MediaProblem | null): void {
    this.problems = { ...this.problems, [track]: problem };
    const isNothing = this.problems.video === null && this.problems.audio === null;
    if (this.termPending) this.entries.foretell(isNothing ? null : asMetadata(this.problems));
    const time = this.termPending ? null : this.log.newestTime;
    if (time === null) this.metadataChanged = true;
    else this.writeMetadata(time);
  }

  /** @param announced configurations of all tracks that the source has announced */
  writeFrame(timed: TimedFrame, announced: TrackSetups): void {
    const { frame, time, setup } = timed;
    const { track } = frame;
    if (track === "video" && frame.key) this.isWaiting = false;
    // After a change of the video configuration, and at a source's beginning, a decoder needs a key frame.
    if (track === "video" && !frame.key && (!this.begun.video || !this.isActive(setup))) {
      this.isWaiting = true;
      this.meter.leftOut();
      return;
    }
    if (this.termPending) this.presence.beginSource(time);
    this.presence.came(track, time);
    const stopped = this.stoppedAt(timed);
    const isChanged = stopped !== this.stopped;
    this.stopped = stopped;
    // What comes of it again begins as that of a source does.
    if (isChanged && stopped !== null) this.begun[stopped] = false;
    // Sound that comes again needs a segment of its own, which begins with the picture's key frame.
    if (track === stopped) {
      this.isWaiting = true;
      return;
    }
    const force = this.activate(timed, announced, isChanged);
    // Audio decides about segments only where there is no video, none yet, or none for a while; the first video frame is a key frame.
    const leads = track === "video" || !this.begun.video || this.presence.isLate("video", time);
    const independent = frame.key && (track === "video" || !this.begun.video);
    this.begun[track] = true;
    const cut = leads || force ? this.segmenter.cutAt(time, independent, force) : null;
    if (cut === "segment") this.writeHead(time, independent);
    if (cut !== null) this.writePart(time, independent);
    if (setup.track === "audio") this.writeSound(frame, time, setup);
    else this.write(frame, time);
  }

  private write(frame: SourceFrame, time: number): void {
    this.log.appendFrame(frame, time);
    this.meter.takeFrame(frame.track, time, frame.key, frame.payload.length);
  }

  /** Writes sound one frame after the other, and frames in the place of those that are missing. */
  private writeSound(frame: SourceFrame, time: number, { codec, data, format }: TrackSetup & { track: "audio" }): void {
    const { soundHoles: holes, samples } = this;
    const rate = format?.sampleRate ?? 1000;
    const count = frameSamples(codec, format, frame.payload);
    const isCounted = format !== null && COUNTED.includes(codec);
    const length = (count * 1000) / rate;
    // Opus comes by RTP or from a browser's encoder, whose clocks are steady.
    const missing = isCounted ? holes.before(time, length, codec === AUDIO_CODEC.opus ? 0 : TIME_ERROR_MS.unsteady) : 0;
    if (missing < 0) return;
    const payload = missing > 0 && this.mayConceal(missing * length) ? concealingFrame(codec, data, frame.payload) : null;
    if (payload) {
      const putCount = frameSamples(codec, format, payload);
      const putLength = (putCount * 1000) / rate;
      for (let left = missing * length; left >= putLength / 2; left -= putLength) {
        const at = holes.put(putLength);
        this.log.appendFrame({ ...frame, payload }, at);
        samples.place(at, rate, putCount);
      }
    } else if (missing > 0) holes.begin();
    const at = isCounted ? holes.place(time, length) : time;
    this.write(frame, at);
    samples.place(at, rate, count);
  }

  /** No more than real time brings: a source of nothing but holes would have many frames made of each of its own. */
  private mayConceal(milliseconds: number): boolean {
    const now = this.clock.monotonic();
    const until = Math.max(this.concealedUntil, now - MOST_CONCEALED_MS) + milliseconds;
    if (until > now) return false;
    this.concealedUntil = until;
    return true;
  }

  /** Writes an AMF0 message, unless the source has not had a frame yet. */
  writeData(payload: Uint8Array, time: number): void {
    if (this.termPending || this.log.segments.length === 0) return;
    this.entries.data(payload, time);
  }

  /** Ends the epoch. */
  end(reason: string): void {
    this.entries.end(reason);
  }

  /**
   * The track that the stream goes on without from this frame on. The picture decides where it can begin again; sound where there is no picture
   * any more.
   */
  private stoppedAt({ frame: { track, key }, time }: TimedFrame): Track | null {
    const { presence, stopped, active } = this;
    if (stopped === "video") return track === "video" ? null : stopped;
    if (!key) return stopped;
    if (track === "audio") return active.video && this.isWithoutVideo(time) ? "video" : stopped;
    if (!this.begun.video) return stopped;
    const isAbsent = stopped === "audio" ? presence.isLate("audio", time) : active.audio && presence.hasStopped("audio", time);
    return isAbsent ? "audio" : null;
  }

  /** A picture that was announced, and never begins because it lacks its first slices, is not waited for. */
  private isWithoutVideo(time: number): boolean {
    return this.presence.hasStopped("video", time) || (!this.begun.video && this.problems.video !== null);
  }

  /** Writes the term and the configurations that apply from this frame on. True when a segment must begin here. */
  private activate({ setup, frame, time }: TimedFrame, announced: TrackSetups, isChanged: boolean): boolean {
    const newTerm = this.termPending;
    if (!newTerm && !this.metadataChanged && !isChanged && this.isActive(setup)) return false;
    if (newTerm) this.writeTerm();
    const present: TrackSetups = this.stopped === null ? announced : { ...announced, [this.stopped]: null };
    const bringsAll = newTerm || isChanged;
    // The first frame of a source brings all tracks that were announced before it, so that one head is enough for them.
    const video = setup.track === "video" ? setup : bringsAll ? present.video : null;
    const audio = setup.track === "audio" ? setup : bringsAll ? present.audio : null;
    const newVideo = video && !this.isActive(video) ? video : null;
    const newAudio = audio && !this.isActive(audio) ? audio : null;
    const dropped = bringsAll && this.dropAbsentTracks(present);
    if (!newVideo && !newAudio && !dropped) {
      if (newTerm || this.metadataChanged) this.writeMetadata(time);
      return newTerm;
    }
    this.activateTracks({ video: newVideo ?? this.active.video, audio: newAudio ?? this.active.audio });
    if (newAudio) {
      this.samples = new SampleClock();
      this.soundHoles.begin();
    }
    this.writeMetadata(time);
    for (const setup of [newVideo, newAudio]) if (setup) this.entries.configuration(setup, time);
    const isFirst = this.initialisation === "";
    this.initialisation = initialisationOf(this.active);
    if (!isFirst) this.discontinuity++;
    if (frame.track === "video" || this.stopped === "video") this.segmenter.forgetFrames();
    return true;
  }

  /** Whether frames of a configuration can follow without announcing it. */
  private isActive(setup: TrackSetup): boolean {
    const { track } = setup;
    if (this.equal[track] === setup) return true;
    if (!isSameSetup(this.active[track], setup)) return false;
    this.equal[track] = setup;
    return true;
  }

  private activateTracks(active: TrackSetups): void {
    this.active = active;
    this.equal.video = active.video;
    this.equal.audio = active.audio;
  }

  /** A new source may lack a track that the one before it had, and a source may stop one. */
  private dropAbsentTracks(present: TrackSetups): boolean {
    const { video, audio } = this.active;
    const dropped = (video !== null && !present.video) || (audio !== null && !present.audio);
    if (dropped) this.activateTracks({ video: present.video && video, audio: present.audio && audio });
    return dropped;
  }

  private writeTerm(): void {
    this.termPending = false;
    this.entries.foretell(null);
    this.dates.beginTerm();
    // The sound of one publisher does not go on where that of another ended, but at the place that its picture gives it.
    this.samples = new SampleClock();
    this.soundHoles.beginTerm();
    this.meter.beginTerm();
    this.entries.term(this.segmenter.targets);
  }

  private writeMetadata(time: number): void {
    this.metadataChanged = false;
    this.entries.metadata({ ...this.publisherMetadata, ...asMetadata(this.problems) }, this.active, time);
  }

  private writeHead(time: number, independent: boolean): void {
    this.msn++;
    this.partIndex = 0;
    this.entries.head({
      msn: this.msn,
      discontinuity: this.discontinuity,
      utc: this.dates.at(time, this.clock.utc()),
      initialisation: this.initialisation,
      independent,
      time,
      start: this.trackPositions(time),
      targets: this.segmenter.targets,
    });
  }

  private writePart(time: number, independent: boolean): void {
    const previousEnd = this.trackPositions(time);
    this.entries.part({ index: this.partIndex++, independent, previousEnd });
  }

  /** Where each track continues from this moment, in its own timescale. */
  private trackPositions(time: number): SegmentHead["start"] {
    return {
      video: this.active.video ? time * VIDEO_TICKS_PER_MS : null,
      audio: this.active.audio ? this.samples.position : null,
    };
  }
}
