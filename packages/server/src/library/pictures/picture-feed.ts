/**
 * One person's recordings as an FLV for ffmpeg, with timestamps in milliseconds of the picture: gaps stay as long as they were.
 *
 * A program that puts many inputs together waits for each of them, and would keep all of the others meanwhile. So each input has a frame of each
 * track at least once a second: while the person is absent, the last key frame, which is not shown, and a frame of silence.
 */
import {
  AUDIO_CODEC,
  frameTag,
  Malformed,
  parseAudioTag,
  parseVideoTag,
  TAG_HEADER_SIZE,
  TAG_TRAILER_SIZE,
  TAG_TYPE,
  VIDEO_CODEC,
  writeFlvHeader,
  writeTag,
} from "@lectern/media";
import type { LogContext } from "../../live/streams/index.ts";
import { configurationTags } from "../files/configuration-tags.ts";
import { isKeyFrame, type LocatedTag, readTags } from "../files/tags.ts";
import type { PictureTrack, PlacedSegment } from "./picture-tracks.ts";

export type FeedOptions = {
  readonly track: PictureTrack;
  /** Which tracks of it are wanted. */
  readonly video: boolean;
  readonly audio: boolean;
  /** Time of the picture at which the timestamps are 0, milliseconds. */
  readonly origin: number;
};

/** Nothing for so long: something is put in. */
const BEAT_MS = 1000;
/** Not directly before a real frame, which would overlap with it. */
const MARGIN_MS = 50;
/** The first one comes so much later than the beginning. */
const FIRST_BEAT_MS = 100;
/** AAC-LC access units (ISO/IEC 14496-3) without any spectrum, by the number of channels. */
const SILENCE: { readonly [channels: number]: readonly number[] } = {
  1: [0x00, 0xc8, 0x00, 0x80, 0x23, 0x80],
  2: [0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80],
};
/** The first two bytes of an FLV body with an AAC access unit: the first one says 44.1 kHz and stereo whatever it is (E.4.2.1). */
const AAC_BODY = [0xaf, 1];

/** Throws where a recording cannot be read any more. */
export async function* feedOf(options: FeedOptions): AsyncGenerator<Buffer> {
  const { track } = options;
  const feed = new Feed(options, await firstKeyFrame(track));
  yield feed.head();
  for (const placed of track.segments) {
    const bytes = await bytesOf(placed);
    feed.begin(placed.segment.context, placed.at);
    for (const tag of readTags(bytes)) {
      const time = placed.segment.file.timeOf(placed.segment.offset + tag.at, tag.timestamp);
      feed.take(tag, placed.at + time - placed.segment.time);
    }
    for (const piece of feed.taken()) yield piece;
  }
}

class Feed {
  private readonly options: FeedOptions;
  private readonly audioOf: LogContext["audio"];
  private readonly silence: Buffer | null;
  private key: Buffer | null;
  private pieces: Buffer[] = [];
  private context: LogContext | null = null;
  /** Time of the newest frame of each track, and of the newest tag. */
  private readonly last = { video: FIRST_BEAT_MS - BEAT_MS, audio: FIRST_BEAT_MS - BEAT_MS, any: 0 };
  /** Nothing can be decoded before the next key frame. */
  private needsKey = true;

  constructor(options: FeedOptions, key: Buffer | null) {
    this.options = options;
    this.key = options.video ? key : null;
    const { segments } = options.track;
    const withAudio = segments.find(({ segment }) => segment.context.audio?.codec === AUDIO_CODEC.aac);
    this.audioOf = options.audio ? (withAudio?.segment.context.audio ?? null) : null;
    const silent = SILENCE[this.audioOf?.format?.channels ?? 0];
    this.silence = silent ? Buffer.from(writeTag(TAG_TYPE.audio, 0, [AAC_BODY, silent])) : null;
  }

  head(): Buffer {
    const { video, audio, track } = this.options;
    const withVideo = track.segments.find(({ segment }) => segment.context.video?.codec === VIDEO_CODEC.h264);
    const first = video ? (withVideo?.segment.context.video ?? null) : null;
    const context = { term: null, metadata: null, video: first, audio: this.audioOf };
    return Buffer.concat([writeFlvHeader(audio, video), configurationTags(context, 0)]);
  }

  /** A segment begins. */
  begin(context: LogContext, at: number): void {
    const { video } = context;
    const isNew = video !== null && video !== this.context?.video;
    this.context = context;
    if (!isNew || !this.options.video || video.codec !== VIDEO_CODEC.h264) return;
    const time = this.timeOf(at);
    this.beat(time);
    this.pieces.push(configurationTags({ term: null, metadata: null, audio: null, video }, time));
    // Older frames cannot be decoded with this configuration.
    this.needsKey = true;
  }

  take({ tag, type }: LocatedTag, at: number): void {
    const body = tag.subarray(TAG_HEADER_SIZE, tag.length - TAG_TRAILER_SIZE);
    if (type === TAG_TYPE.video ? !this.takesVideo(body) : !this.takesAudio(type, body)) return;
    const time = this.timeOf(at);
    this.beat(time);
    if (type === TAG_TYPE.video) {
      if (isKeyFrame(tag, 0)) this.key = Buffer.from(tag);
      else if (this.needsKey) return;
      this.needsKey = false;
    }
    this.write(tag, type, time);
  }

  taken(): Buffer[] {
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  private takesVideo(body: Buffer): boolean {
    if (!this.options.video) return false;
    const packet = parseVideoTag(body);
    return !(packet instanceof Malformed) && packet.kind === "frame" && packet.codec === VIDEO_CODEC.h264;
  }

  /** Sound of another form than the first would end the program. */
  private takesAudio(type: number, body: Buffer): boolean {
    if (type !== TAG_TYPE.audio || !this.audioOf) return false;
    const packet = parseAudioTag(body);
    if (packet instanceof Malformed || packet.kind !== "frame" || packet.codec !== AUDIO_CODEC.aac) return false;
    const [now, first] = [this.context?.audio?.data, this.audioOf.data];
    return now !== undefined && Buffer.from(now).equals(first);
  }

  private timeOf(at: number): number {
    return Math.max(this.last.any, Math.round(at - this.options.origin));
  }

  /** Fills what is missing up to a time. */
  private beat(until: number): void {
    for (;;) {
      const video = this.key ? this.last.video + BEAT_MS : Number.POSITIVE_INFINITY;
      const audio = this.silence ? this.last.audio + BEAT_MS : Number.POSITIVE_INFINITY;
      const next = Math.min(video, audio);
      if (next + MARGIN_MS >= until) return;
      const isVideo = video === next;
      const tag = isVideo ? this.key : this.silence;
      if (!tag) return;
      if (isVideo) this.needsKey = true;
      this.write(Buffer.from(tag), isVideo ? TAG_TYPE.video : TAG_TYPE.audio, Math.max(next, this.last.any));
    }
  }

  private write(tag: Buffer, type: number, time: number): void {
    frameTag(tag, type, time);
    this.pieces.push(tag);
    this.last.any = time;
    this.last[type === TAG_TYPE.video ? "video" : "audio"] = time;
  }
}

async function firstKeyFrame({ segments }: PictureTrack): Promise<Buffer | null> {
  const first = segments.find(({ segment }) => segment.independent && segment.context.video?.codec === VIDEO_CODEC.h264);
  if (!first) return null;
  for (const { tag } of readTags(await bytesOf(first))) {
    const packet = isKeyFrame(tag, 0) && parseVideoTag(tag.subarray(TAG_HEADER_SIZE, tag.length - TAG_TRAILER_SIZE));
    if (packet && !(packet instanceof Malformed) && packet.kind === "frame") return Buffer.from(tag);
  }
  return null;
}

/** @throws Error when the file is gone or shorter than its index says */
async function bytesOf({ segment }: PlacedSegment): Promise<Buffer> {
  const until = segment.file.endOf(segment.index);
  const bytes = until && (await segment.file.read(segment.offset, until.at));
  if (!bytes) throw new Error("a recording is shorter than its index says");
  return bytes;
}
