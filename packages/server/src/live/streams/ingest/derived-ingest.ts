/**
 * Writes a stream that is made from another one, as a rung of a ladder is: segments, parts, numbers, dates and times are those of the
 * parent, and only its frames of video (and of audio, where wanted) are encoded again. So players change between the two at any segment.
 *
 *     parent's log ─▶ next entry ─┬─ head, part, audio frame ─▶ copied
 *     encoder ─▶ queue ───────────┴─ video frame ─▶ the encoded frame of the same time in its place
 *
 * The parent's entries are taken one after the other, and wait for the encoder. Each segment that begins with a key frame in the parent has
 * to begin with one here, at the same time: an encoder that does not is refused, and nothing of it is written from there on.
 *
 * An encoder that takes over from another one reads the parent from the key frame before the first missing frame, and encodes from the missing
 * one on: that is a key frame of its own, in the middle of a segment, and no frame is missing.
 */
import { type FourCc, frameSamples, type Malformed, SampleClock } from "@lectern/media";
import type { Log, LogSegment } from "../log/log.ts";
import type { LogEntry, MediaEntry, Metadata, PartMark, SegmentHead } from "../log/log-entry.ts";
import { tellSame } from "../log/reported-problems.ts";
import { type BrokenDerivation, type Derivation, type EncoderStart, firstOf, SoundWait } from "./derivation.ts";
import { EntryWriter } from "./entry-writer.ts";
import type { FrameMeter } from "./log-writer.ts";
import { firstFrame, firstHead, firstVideo, keySegmentBefore, presentationTime } from "./parent-segments.ts";
import type { SourceFrame, SourceMessage } from "./source.ts";
import { AnnouncedTracks, initialisationOf, isSameSetup, setupOf, type TrackSetup, type TrackSetups } from "./track-setup.ts";

/** An encoded frame and the configuration that it is decoded with. */
type Encoded = { readonly frame: SourceFrame; readonly setup: TrackSetup };

/** Encoders count time in units of their own: a frame that is off by no more than this has the parent's time. */
const SAME_TIME_MS = 1;
/** No two pictures are so near. */
const BESIDE_MS = 0.5;
/** Sound that is so much older than what was written last is left out. */
const LATE_MS = 500;
/** A part of a frame of sound: encoders' frames of sound lie differently. */
const SAME_SOUND_MS = 10;

export class DerivedIngest {
  /** A stream that is made here has no publisher whose clock or key frames could be wrong. */
  readonly clockJumps = 0;
  readonly nonKeyframeSegments = 0;
  /** Its encoder has them where the parent has. */
  readonly waitsForKeyFrame = false;
  private readonly log: Log;
  private readonly derivation: Derivation;
  private readonly meter: FrameMeter;
  private readonly entries: EntryWriter;
  private readonly announced = new AnnouncedTracks();
  private readonly queues: { readonly video: Encoded[]; readonly audio: Encoded[] } = { video: [], audio: [] };
  private readonly release: () => void;
  /** The parent's entry that is taken next. */
  private next: number;
  private active: TrackSetups;
  private samples = new SampleClock();
  private metadata: Metadata | null = null;
  /** Of the parent's newest segment that is here; 0 while there is none. */
  private parentTerm = 0;
  /** Number of the newest segment here; null while there is none. */
  private msn: number | null;
  private partIndex = 0;
  private termPending = true;
  /** A segment of this term has begun. */
  private begun = false;
  private broken = false;
  /** Frames of the encoder from before these times are not needed, milliseconds. */
  private readonly runFrom = { video: 0, audio: 0 };
  /** An encoder has begun, and no segment since. */
  private runPending = false;
  /** Milliseconds from decode to presentation. */
  private offset = 0;
  /** Where the encoder of now has begun, and where the last one did that began before a missing frame. */
  private start: EncoderStart | null = null;
  private tried: EncoderStart | null = null;
  /** When the newest encoded picture of this term is presented, milliseconds; null: there is none. */
  private presented: number | null = null;
  /** When the newest encoded sound of this term begins, milliseconds; null: there is none. */
  private heard: number | null = null;
  private lastTime = 0;
  private readonly soundWait = new SoundWait();
  /** The sound of this segment is the parent's. */
  private isCopyingSound = false;

  /** @param log empty, or with entries of earlier terms, after which the stream goes on */
  constructor(log: Log, derivation: Derivation, meter: FrameMeter) {
    this.log = log;
    this.derivation = derivation;
    this.meter = meter;
    this.entries = new EntryWriter(log);
    this.active = { video: setupOf(log.context.video), audio: setupOf(log.context.audio) };
    this.msn = log.segments.at(-1)?.head.msn ?? null;
    const { parent } = derivation;
    const first = this.msn === null ? firstOf(derivation) : firstHead(parent, this.msn, false);
    this.next = first?.sequence ?? parent.head;
    const unlisten = parent.whenAppended(() => this.advance());
    const letGo = parent.hold(() => this.next);
    this.release = () => {
      unlisten();
      letGo();
    };
  }

  /**
   * Tells where an encoder has to begin now, so that no frame is missing, and forgets what the one before has encoded beyond that. Null: the
   * parent has nothing to begin with yet.
   */
  beginEncoding(): EncoderStart | null {
    this.queues.video.length = 0;
    this.queues.audio.length = 0;
    const { parent } = this.derivation;
    const waiting = parent.segments.find(({ head, entries }) => this.next < head.sequence + entries.length);
    // Where everything that there is has been taken, the newest segment goes on.
    const segment = waiting ?? (this.begun ? parent.segments.at(-1) : undefined);
    this.start = segment ? (this.startWithin(segment) ?? this.startAfter(segment)) : null;
    return this.start;
  }

  /** Null where no key frame before the missing frame is known, or where an encoder that began there has failed without a frame. */
  private startWithin(segment: LogSegment): EncoderStart | null {
    const { head } = segment;
    // Sound is decoded from anywhere: what is there already is left out.
    if (!this.isEncoded("video")) return { from: head, wantedFrom: null };
    if (head.sequence >= this.next && head.independent) return { from: head, wantedFrom: null };
    const from = this.msn === null ? null : keySegmentBefore(this.derivation.parent, segment);
    if (!from) return null;
    const first = firstFrame(from, "video");
    if (!this.begun && first) this.offset = first.compositionOffset;
    const { presented } = this;
    const wantedFrom = presented === null ? Math.max(head.time, this.lastTime) + this.offset - BESIDE_MS : presented + BESIDE_MS;
    if (this.tried?.from.msn === from.head.msn && this.tried.wantedFrom === wantedFrom) return null;
    this.tried = { from: from.head, wantedFrom };
    return this.tried;
  }

  private startAfter({ head }: LogSegment): EncoderStart | null {
    const from = firstHead(this.derivation.parent, head.msn, true);
    return from && { from, wantedFrom: null };
  }

  /** Milliseconds of the epoch. */
  get time(): number {
    return this.lastTime;
  }

  beginTerm(term: number): void {
    this.log.beginTerm(term);
    this.termPending = true;
    this.advance();
  }

  /** The encoder is gone. */
  endSource(): void {
    this.release();
  }

  /** Ends the epoch. */
  end(reason: string): void {
    this.release();
    this.entries.end(reason);
  }

  /**
   * Takes a message of the encoder, whose clock is the presentation time of the parent: it has no B-frames. `Malformed` when it broke its
   * codec's rules.
   */
  push(message: SourceMessage): Malformed | null {
    if (message.kind === "configuration") return this.takeConfiguration(message);
    if (message.kind !== "frame" || !this.isEncoded(message.track)) return null;
    if (message.timestamp < this.runFrom[message.track] - SAME_TIME_MS) return null;
    const setup = this.announced.setupFor(message);
    if (!setup) return null;
    if (message.track === "audio") this.soundWait.came();
    this.queues[message.track].push({ frame: { ...message, payload: Uint8Array.from(message.payload) }, setup });
    this.advance();
    return null;
  }

  private takeConfiguration({ track, codec, data }: SourceMessage & { kind: "configuration" }): Malformed | null {
    if (track === (this.isEncoded("video") ? "video" : "audio")) this.beginRun();
    return this.announced.announce(track, codec, data);
  }

  /** An encoder begins with its configuration. It may begin earlier than is needed here, if it encodes for other streams too. */
  private beginRun(): void {
    this.queues.video.length = 0;
    this.queues.audio.length = 0;
    this.runPending = true;
    const { start } = this;
    const { parent } = this.derivation;
    const segment = start && parent.segmentOf(start.from.sequence);
    if (!segment) return;
    const first = firstVideo(segment, parent);
    if (start.wantedFrom !== null) this.runFrom.video = start.wantedFrom + SAME_TIME_MS;
    else if (first && first !== "unknown") this.runFrom.video = presentationTime(first);
    // An encoder's first frame of sound is from before its input's first one, and silent.
    const sound = firstFrame(segment, "audio")?.decodeTime ?? segment.head.time;
    const wanted = this.isEncoded("video") ? start.wantedFrom : sound;
    const isMiddle = wanted !== null && (this.isEncoded("video") || (this.heard ?? 0) >= segment.head.time);
    this.runFrom.audio = isMiddle ? (this.heard ?? Math.max(sound, wanted)) + SAME_SOUND_MS : sound;
  }

  private isEncoded(track: "video" | "audio"): boolean {
    return this.derivation[track] === "encoded";
  }

  /** Takes the parent's entries as far as the encoder has come. */
  private advance(): void {
    const { parent } = this.derivation;
    while (!this.broken && !this.log.ended && this.next < parent.head) {
      if (this.next < parent.oldest) this.next = parent.oldest;
      const segment = parent.segmentOf(this.next);
      const entry = segment?.entries.at(this.next - segment.head.sequence);
      if (segment && entry && !this.take(entry, segment)) return;
      this.next++;
    }
  }

  /** False when the entry has to wait for the encoder. */
  private take(entry: LogEntry, segment: LogSegment): boolean {
    switch (entry.kind) {
      case "segment":
        return this.takeHead(entry, segment);
      case "part":
        if (this.begun) this.writePart(entry);
        return true;
      case "configuration":
        if (entry.track === "metadata") this.takeMetadata(entry);
        return true;
      case "media":
        return !this.begun || this.takeMedia(entry);
      default:
        return true;
    }
  }

  /** What players cannot decode of the parent is told at once; else its metadata are those of the next segment. */
  private takeMetadata(metadata: Metadata): void {
    if (this.begun && !tellSame(this.metadata, metadata)) this.entries.metadata(metadata.properties, this.active, metadata.time);
    this.metadata = metadata;
  }

  private takeMedia(entry: MediaEntry): boolean {
    const { track, decodeTime } = entry;
    if (track === "data") {
      this.entries.data(entry.payload, decodeTime);
      return true;
    }
    if (track === "video" && this.derivation.video === "none") return true;
    if (!this.isEncoded(track) || this.isKept(track, entry.codec)) {
      this.writeFrame(entry, decodeTime, this.active[track]);
      return true;
    }
    if (this.writeEncoded(track, decodeTime)) return true;
    return track === "audio" && this.soundWait.isOver(this.derivation.parent, entry.sequence);
  }

  /** Whether the parent's frames of a codec are taken as they are. */
  private isKept(track: "video" | "audio", codec: FourCc | undefined): boolean {
    return track === "audio" && codec !== undefined && codec === this.derivation.keptAudio;
  }

  /** Writes encoded frames up to the time of the parent's. False when the encoder has not come so far yet. */
  private writeEncoded(track: "video" | "audio", time: number): boolean {
    const queue = this.queues[track];
    let reached = false;
    for (let head = queue[0]; head && this.decodeTimeOf(head) <= time + SAME_TIME_MS; head = queue[0]) {
      const decodeTime = this.decodeTimeOf(head);
      reached = decodeTime >= time - SAME_TIME_MS;
      queue.shift();
      // What was not waited for any more comes too late.
      if (track === "audio" && !this.isTimely(decodeTime, head.setup)) continue;
      this.writeFrame(head.frame, reached ? time : decodeTime, head.setup);
    }
    return reached || queue.length > 0;
  }

  /** Whether encoded sound can be written now: sound that was not waited for may come too late, or before its configuration. */
  private isTimely(decodeTime: number, setup: TrackSetup): boolean {
    return decodeTime >= this.lastTime - LATE_MS && isSameSetup(this.active.audio, setup);
  }

  /** An encoded frame without B-frames is decoded as long before it is presented as the parent's last key frame is. */
  private decodeTimeOf({ frame }: Encoded): number {
    return frame.track === "video" ? frame.timestamp - this.offset : frame.timestamp;
  }

  /** A segment begins as soon as the encoder has its first frame. */
  private takeHead(head: SegmentHead, segment: LogSegment): boolean {
    this.metadata = segment.context.metadata ?? this.metadata;
    const first = this.isEncoded("video") ? firstVideo(segment, this.derivation.parent) : null;
    if (first === "unknown") return false;
    const begins = this.reach(head, first);
    if (begins !== "yes") return begins === "skip";
    if (this.lacksSound(segment.context) && !this.soundWait.isOver(this.derivation.parent, head.sequence)) return false;
    if (this.msn !== null && head.msn !== this.msn + 1) return this.break("hole");
    if (first?.key) this.offset = first.compositionOffset;
    this.writeHead(head, segment);
    return true;
  }

  /** Whether the encoder has not told yet how its sound is decoded. */
  private lacksSound({ audio }: LogSegment["context"]): boolean {
    if (!this.isEncoded("audio") || !audio || this.isKept("audio", audio.codec)) return false;
    return (!this.active.audio || this.isCopyingSound) && this.queues.audio.length === 0;
  }

  /** Whether a segment can begin here now, after all encoded frames that come before it. @param first its first video frame */
  private reach(head: SegmentHead, first: MediaEntry | null): "yes" | "wait" | "skip" {
    if (!first) return this.msn !== null || this.derivation.video === "none" || head.independent ? "yes" : "skip";
    const { video } = this.queues;
    const begins = first.key ? presentationTime(first) : first.decodeTime + this.offset;
    for (let next = video[0]; next && next.frame.timestamp < begins - SAME_TIME_MS; next = video[0]) {
      video.shift();
      // Frames that the parent presents before its key frame, but decodes after it, are decoded before it here.
      if (this.begun) this.writeFrame(next.frame, Math.min(this.decodeTimeOf(next), first.decodeTime), next.setup);
    }
    if (head.term !== this.parentTerm) this.dropOverlap();
    const next = video[0];
    if (!next) return "wait";
    // The numbering goes on, without frames of video up to the next key frame.
    if (!head.independent) return this.msn === null ? "skip" : "yes";
    if (next.frame.key && next.frame.timestamp <= begins + SAME_TIME_MS) return "yes";
    if (!this.begun) return "skip";
    this.break("misaligned");
    return "wait";
  }

  /** The last frames of the publisher before may be presented after the first ones of the next, where it was cut off among B-frames. */
  private dropOverlap(): void {
    const { video } = this.queues;
    for (let next = video[0]; next && !next.frame.key; next = video[0]) video.shift();
  }

  private break(reason: BrokenDerivation): false {
    this.broken = true;
    this.release();
    this.derivation.onBroken(reason);
    return false;
  }

  private writeHead(head: SegmentHead, { context }: LogSegment): void {
    const { targets, msn, discontinuity, utc, time, independent } = head;
    const ofParent = this.derivation.video === "copied" ? setupOf(context.video) : null;
    const video = this.isEncoded("video") ? this.encodedSetup(context, "video") : ofParent;
    this.isCopyingSound = !this.isEncoded("audio") || this.isKept("audio", context.audio?.codec);
    const audio = this.isCopyingSound ? setupOf(context.audio) : this.encodedSetup(context, "audio");
    const tracks: TrackSetups = {
      video: video?.track === "video" ? video : null,
      audio: audio?.track === "audio" ? audio : null,
    };
    if (this.termPending) {
      this.meter.beginTerm();
      this.entries.term(targets);
    }
    const changed = [tracks.video, tracks.audio].filter((setup) => setup && !isSameSetup(this.active[setup.track], setup));
    const isLess = (["video", "audio"] as const).some((track) => this.active[track] && !tracks[track]);
    if (this.termPending || changed.length > 0 || isLess) this.entries.metadata(this.metadata?.properties ?? {}, tracks, time);
    for (const setup of changed) if (setup) this.entries.configuration(setup, time);
    this.active = tracks;
    this.termPending = false;
    this.begun = true;
    this.msn = msn;
    this.parentTerm = head.term;
    this.partIndex = 0;
    // The sound of an encoder does not go on where that of the one before ended, but begins at its own time.
    if (this.runPending) this.samples = new SampleClock();
    this.runPending = false;
    const initialisation = initialisationOf(tracks);
    const isIndependent = independent || this.derivation.video === "none";
    const start = this.positions(head.start);
    this.entries.head({ msn, discontinuity, utc, initialisation, independent: isIndependent, time, start, targets });
  }

  /** What is encoded of a track that the parent has stopped is left out, too. */
  private encodedSetup(context: LogSegment["context"], track: "video" | "audio"): TrackSetup | null {
    return context[track] && (this.queues[track][0]?.setup ?? this.active[track]);
  }

  private writePart({ independent, previousEnd }: PartMark): void {
    const isIndependent = independent || this.derivation.video === "none";
    this.entries.part({ index: this.partIndex++, independent: isIndependent, previousEnd: this.positions(previousEnd) });
  }

  /** Where the tracks continue. The parent's picture measures a stream of sound too, so that its segments and parts last as long. */
  private positions({ video, audio }: SegmentHead["start"]): SegmentHead["start"] {
    return { video, audio: this.isCopyingSound ? audio : this.samples.position };
  }

  private writeFrame(frame: MediaEntry | SourceFrame, time: number, setup: TrackSetup | null): void {
    const { track, key, payload } = frame;
    if (track === "data") return;
    const isEncoded = "timestamp" in frame;
    const isEncodedVideo = track === "video" && isEncoded;
    this.log.appendFrame(isEncodedVideo ? { ...frame, compositionOffset: frame.timestamp - time } : frame, time);
    this.lastTime = Math.max(this.lastTime, time);
    if (isEncodedVideo) this.presented = Math.max(this.presented ?? 0, frame.timestamp);
    else if (track === "audio" && this.isEncoded("audio")) this.heard = time;
    this.meter.takeFrame(track, time, key, payload.length);
    if (setup?.track === "audio" && isEncoded)
      this.samples.place(time, setup.format?.sampleRate ?? 1000, frameSamples(setup.codec, setup.format, payload));
  }
}
