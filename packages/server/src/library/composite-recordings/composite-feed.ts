/**
 * Provides one person's recordings as an FLV for ffmpeg, with timestamps in milliseconds of the picture: gaps stay as long as they were.
 *
 * A program that puts many inputs together waits for each of them, and would keep all of the others meanwhile. So each input has a frame of each
 * track every second or two: a frame of silence, and while no picture comes, a plain one with the person's name. That one is seen where the person
 * is there and the camera is off.
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
import type { CompositeTrack, PlacedSegment } from "./composite-tracks.ts";
import type { NameTile } from "./name-tile.ts";

export type FeedOptions = {
  readonly track: CompositeTrack;
  /** Which tracks of it are wanted. */
  readonly video: boolean;
  readonly audio: boolean;
  /** What is seen while no picture comes; null: nothing is put in. */
  readonly tile: NameTile | null;
  /** Time of the picture at which the timestamps are 0, milliseconds. */
  readonly origin: number;
};

/** Silence is put in for sound that is missing for so long, and so often. */
const BEAT_MS = 1000;
/** A camera of which nothing comes for so long is off. Slow ones send a picture each second. */
const CAMERA_OFF_MS = 2500;
/** Its last picture is seen for so long. */
const LAST_PICTURE_MS = 100;
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
  const feed = new Feed(options);
  yield feed.head();
  for (const placed of track.segments) {
    const bytes = await bytesOf(placed);
    feed.begin(placed.segment.context);
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
  private pieces: Buffer[] = [];
  private context: LogContext | null = null;
  /** Time of the newest frame of each track. */
  private readonly last = { video: FIRST_BEAT_MS - BEAT_MS, audio: FIRST_BEAT_MS - BEAT_MS };
  /** The picture is the person's own; else, nothing can be decoded before the next key frame. */
  private isSeen = false;
  /** The configuration that the decoder has: the person's, or the tile's. */
  private decoder: LogContext["video"] | NameTile = null;

  constructor(options: FeedOptions) {
    this.options = options;
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
    this.decoder = first;
    const context = { term: null, metadata: null, video: first, audio: this.audioOf };
    return Buffer.concat([writeFlvHeader(audio, video), configurationTags(context, 0)]);
  }

  /** A segment begins. */
  begin(context: LogContext): void {
    // Older frames cannot be decoded with another configuration.
    if (context.video !== this.context?.video) this.isSeen &&= this.decoder === context.video;
    this.context = context;
  }

  take({ tag, type }: LocatedTag, at: number): void {
    const body = tag.subarray(TAG_HEADER_SIZE, tag.length - TAG_TRAILER_SIZE);
    const isVideo = type === TAG_TYPE.video;
    if (isVideo ? !this.takesVideo(body) : !this.takesAudio(type, body)) return;
    const time = Math.max(this.last[isVideo ? "video" : "audio"], Math.round(at - this.options.origin));
    this.beat(time);
    if (isVideo) {
      if (!this.isSeen && !isKeyFrame(tag, 0)) return;
      this.configure(time);
      this.isSeen = true;
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

  /** The decoder gets the person's own configuration. */
  private configure(time: number): void {
    const video = this.context?.video ?? null;
    if (this.decoder === video) return;
    this.decoder = video;
    this.pieces.push(configurationTags({ term: null, metadata: null, audio: null, video }, time));
  }

  /** Fills what is missing up to a time. */
  private beat(until: number): void {
    for (let at = this.last.audio + BEAT_MS; this.silence && at + MARGIN_MS < until; at = this.last.audio + BEAT_MS)
      this.write(Buffer.from(this.silence), TAG_TYPE.audio, at);
    const { tile, video } = this.options;
    if (!tile || !video) return;
    for (;;) {
      const missing = this.last.video + (this.isSeen ? CAMERA_OFF_MS : BEAT_MS);
      if (missing + MARGIN_MS >= until) return;
      const at = this.isSeen ? this.last.video + LAST_PICTURE_MS : missing;
      this.isSeen = false;
      if (this.decoder !== tile) this.write(Buffer.from(tile.configuration), TAG_TYPE.video, at);
      this.decoder = tile;
      this.write(Buffer.from(tile.frame), TAG_TYPE.video, at);
    }
  }

  private write(tag: Buffer, type: number, time: number): void {
    frameTag(tag, type, time);
    this.pieces.push(tag);
    this.last[type === TAG_TYPE.video ? "video" : "audio"] = time;
  }
}

/** @throws Error when the file is gone or shorter than its index says */
async function bytesOf({ segment }: PlacedSegment): Promise<Buffer> {
  const until = segment.file.endOf(segment.index);
  const bytes = until && (await segment.file.read(segment.offset, until.at));
  if (!bytes) throw new Error("a recording is shorter than its index says");
  return bytes;
}
