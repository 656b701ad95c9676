/**
 * Makes of a live stream's tags what Media Source Extensions take: of each track initialisation segments, each before the first frame that is decoded
 * with it, and fragments. A frame is written when the next one has come, which ends it: browsers leave out frames behind one that was said to be
 * shorter than it is. Pure: tags in, segments out.
 */
import {
  AUDIO_CODEC,
  type AudioPacket,
  concat,
  type FlvTag,
  type Fmp4Track,
  frameSamples,
  hasConfiguration,
  Malformed,
  parseAudioTag,
  parseMp3Header,
  parseVideoTag,
  readAudioConfiguration,
  readVideoConfiguration,
  type Sample,
  SampleClock,
  sizeInKeyFrame,
  TAG_TYPE,
  timescaleOf,
  VIDEO_TIMESCALE,
  type VideoPacket,
  writeFragment,
  writeInitialisation,
} from "@lectern/media";
import { isSameBytes } from "./flv-tags.ts";
import type { Track } from "./stopped-track.ts";

export type MediaSegment = {
  readonly track: Track;
  /** Of an initialisation segment, its type with its codec (RFC 6381); null of a fragment. */
  readonly type: string | null;
  /** When its first frame that needs no other is shown, seconds; null where it has none. */
  readonly keyAt: number | null;
  /** Of MP3, whose frames come without MP4 around them and without times: when they begin, seconds. */
  readonly beginsAt: number | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** A frame that waits for the next one, its times in ticks of its track. */
type PendingSample = Omit<Sample, "duration"> & { readonly at: number };
type VideoFrame = Extract<VideoPacket, { kind: "frame" }>;
type AudioFrame = Extract<AudioPacket, { kind: "frame" }>;

const TICKS_PER_MS = VIDEO_TIMESCALE / 1000;
const NOTHING = new Uint8Array(0);

export class Fragmenter {
  private readonly origin: number;
  private readonly video = new TrackFragments("video");
  private readonly audio = new TrackFragments("audio");

  /** @param origin the stream's time that becomes 0, milliseconds */
  constructor(origin: number) {
    this.origin = origin;
  }

  /** What some tags complete. `Malformed` for a codec that no browser plays from MP4, and where a configuration breaks its codec's rules. */
  push(tags: readonly FlvTag[]): readonly MediaSegment[] | Malformed {
    for (const { type, timestamp, body } of tags) {
      const time = timestamp - this.origin;
      const broken =
        type === TAG_TYPE.video
          ? this.pushVideo(parseVideoTag(body), time)
          : type === TAG_TYPE.audio
            ? this.pushAudio(parseAudioTag(body), time)
            : null;
      if (broken) return broken;
    }
    return [...this.video.take(), ...this.audio.take()];
  }

  private pushVideo(packet: VideoPacket | Malformed, time: number): Malformed | null {
    // A single broken frame is no reason to end.
    if (packet instanceof Malformed || packet.kind === "other") return null;
    const { codec, data } = packet;
    if (packet.kind === "frame") return hasConfiguration(codec) ? this.addVideo(packet, time) : unknown(codec);
    const format = readVideoConfiguration(codec, data);
    if (format === null || format instanceof Malformed) return format ?? unknown(codec);
    this.video.configure({ kind: "video", codec, configuration: data, format });
    return null;
  }

  private addVideo({ codec, data, key, disposable, compositionOffset }: VideoFrame, time: number): null {
    const { newest } = this.video;
    const size = key ? sizeInKeyFrame(codec, data) : null;
    if (newest?.kind === "video" && size && !(size instanceof Malformed))
      this.video.configure({ ...newest, format: { ...newest.format, ...size } });
    const offset = compositionOffset * TICKS_PER_MS;
    this.video.add({ at: time * TICKS_PER_MS, compositionOffset: offset, key, disposable, data }, null);
    return null;
  }

  private pushAudio(packet: AudioPacket | Malformed, time: number): Malformed | null {
    if (packet instanceof Malformed || packet.kind === "other") return null;
    const { codec, data } = packet;
    if (packet.kind === "frame") return this.addAudio(packet, time);
    const format = readAudioConfiguration(codec, data);
    if (format === null || format instanceof Malformed) return format ?? unknown(codec);
    this.audio.configure({ kind: "audio", codec, configuration: data, format });
    return null;
  }

  private addAudio({ codec, data }: AudioFrame, time: number): Malformed | null {
    if (codec === AUDIO_CODEC.mp3) {
      const format = parseMp3Header(data);
      if (format instanceof Malformed) return null;
      this.audio.configure({ kind: "audio", codec, configuration: NOTHING, format });
    } else if (!hasConfiguration(codec)) return unknown(codec);
    const { newest } = this.audio;
    if (newest?.kind !== "audio") return null;
    const length = frameSamples(codec, newest.format, data);
    this.audio.add({ at: time, compositionOffset: 0, key: true, disposable: false, data }, length);
    return null;
  }
}

const unknown = (codec: string): Malformed => new Malformed(`the codec ${codec} is not supported`);

/** One track: its frames wait for their ends, and are joined to fragments. */
class TrackFragments {
  private readonly kind: Track;
  private track: Fmp4Track | null = null;
  /** Holds from the next frame on. */
  private upcoming: Fmp4Track | null = null;
  private clock = new SampleClock();
  private held: PendingSample | null = null;
  private samples: Sample[] = [];
  private start = 0;
  private end = 0;
  /** Of the first key frame among the samples, ticks. */
  private keyAt: number | null = null;
  private sequence = 0;
  private segments: MediaSegment[] = [];

  constructor(kind: Track) {
    this.kind = kind;
  }

  /** What the next frame is decoded with. */
  get newest(): Fmp4Track | null {
    return this.upcoming ?? this.track;
  }

  configure(track: Fmp4Track): void {
    if (!this.newest || !isSame(this.newest, track)) this.upcoming = track;
  }

  /**
   * @param frame its time in ticks, of sound in milliseconds
   * @param samples of sound: those that it decodes to
   */
  add(frame: PendingSample, samples: number | null): void {
    if (this.upcoming) this.change(this.upcoming, frame.at);
    const { track } = this;
    if (!track) return;
    const at = samples === null || track.kind === "video" ? frame.at : this.clock.place(frame.at, track.format.sampleRate, samples);
    // Of before the stream begins here.
    if (at < 0) return;
    if (this.held) this.settle(this.held, at);
    this.held = { ...frame, at };
  }

  take(): readonly MediaSegment[] {
    this.write();
    const { segments } = this;
    this.segments = [];
    return segments;
  }

  /** @param at of the first frame of the new configuration, ticks of the old one */
  private change(track: Fmp4Track, at: number): void {
    if (this.held) this.settle(this.held, this.kind === "video" ? at : (this.clock.position ?? at));
    this.held = null;
    this.write();
    const bytes = (isRaw(track) ? NOTHING : writeInitialisation([track])) as Uint8Array<ArrayBuffer>;
    this.segments.push({ track: this.kind, type: typeOf(track), keyAt: null, beginsAt: null, bytes });
    this.track = track;
    this.upcoming = null;
    this.clock = new SampleClock();
  }

  private settle({ at, ...frame }: PendingSample, end: number): void {
    // A fragment's frames follow one another; what goes back in time begins another one.
    if (this.samples.length === 0 || at !== this.end) {
      this.write();
      this.start = at;
    }
    const duration = Math.max(0, end - at);
    this.samples.push({ ...frame, duration });
    if (frame.key) this.keyAt ??= at + frame.compositionOffset;
    this.end = at + duration;
  }

  private write(): void {
    if (this.samples.length === 0) return;
    const { kind, track, start, samples } = this;
    if (!track) return;
    const bytes = isRaw(track)
      ? concat(...samples.map(({ data }) => data))
      : writeFragment(++this.sequence, [{ kind, start, samples }]);
    const keyAt = this.keyAt === null ? null : this.keyAt / timescaleOf(track);
    const beginsAt = isRaw(track) ? start / timescaleOf(track) : null;
    this.segments.push({ track: kind, type: null, keyAt, beginsAt, bytes: bytes as Uint8Array<ArrayBuffer> });
    this.samples = [];
    this.keyAt = null;
  }
}

/** Chromium takes MP3 as it is, and not from MP4: "MPEG Audio Byte Stream Format" of W3C. With Firefox it is the other way round. */
const isRaw = ({ codec }: Fmp4Track): boolean => codec === AUDIO_CODEC.mp3 && takesMp3();

const takesMp3 = (): boolean => !("MediaSource" in globalThis) || MediaSource.isTypeSupported("audio/mpeg");

const typeOf = (track: Fmp4Track): string =>
  isRaw(track) ? "audio/mpeg" : `${track.kind}/mp4; codecs="${track.format.codecString}"`;

/** A configuration without a size has the one of the key frames before it. */
function isSame(a: Fmp4Track, b: Fmp4Track): boolean {
  if (typeOf(a) !== typeOf(b) || timescaleOf(a) !== timescaleOf(b) || !isSameBytes(a.configuration, b.configuration)) return false;
  if (a.kind !== "video" || b.kind !== "video" || b.format.width === 0) return true;
  return a.format.width === b.format.width && a.format.height === b.format.height;
}
