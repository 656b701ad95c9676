/**
 * Implements the body of a video tag, which is also the payload of an RTMP video message. Classic: Adobe Video File Format 10.1, annex E.4.3.
 * Enhanced: Veovera Enhanced RTMP v2, "Enhanced Video".
 */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { classicVideoCodec, type FourCc, fourCcBytes, VIDEO_CODEC } from "../codecs/four-cc.ts";

const CLASSIC_AVC = 7;
const FRAME_TYPE = { key: 1, inter: 2, disposable: 3, command: 5 } as const;
const AVC_PACKET = { header: 0, picture: 1, end: 2 } as const;
const PACKET = {
  sequenceStart: 0,
  codedFrames: 1,
  sequenceEnd: 2,
  codedFramesX: 3,
  metadata: 4,
  mpeg2TsSequenceStart: 5,
  multitrack: 6,
  modEx: 7,
} as const;
const MULTITRACK = { one: 0, many: 1, manyCodecs: 2 } as const;

/** A video message. `data` is a view of it. */
export type VideoPacket =
  | { readonly kind: "configuration"; readonly codec: FourCc; readonly data: Uint8Array }
  | {
      readonly kind: "frame";
      readonly codec: FourCc;
      readonly data: Uint8Array;
      readonly key: boolean;
      readonly disposable: boolean;
      /** Milliseconds from decode to presentation. */
      readonly compositionOffset: number;
    }
  /** Something that carries no picture of the default track: end of sequence, HDR metadata, another track, a seek command. */
  | { readonly kind: "other"; readonly codec: FourCc | null };

const OTHER: VideoPacket = { kind: "other", codec: null };

/** Parses the body of a video tag, classic or enhanced. `Malformed` when it is cut short. */
export function parseVideoTag(body: Uint8Array): VideoPacket | Malformed {
  const first = body[0];
  if (first === undefined) return new Malformed("a video message is empty");
  return first & 0x80 ? parseEnhanced(body, first) : parseClassic(body, first);
}

function parseClassic(body: Uint8Array, first: number): VideoPacket | Malformed {
  const frameType = first >> 4;
  const codecId = first & 15;
  const codec = classicVideoCodec(codecId);
  if (frameType === FRAME_TYPE.command) return OTHER;
  const key = frameType === FRAME_TYPE.key;
  const disposable = frameType === FRAME_TYPE.disposable;
  // Of the classic codecs only those with a decoder configuration have a packet type and a composition time.
  if (codecId !== CLASSIC_AVC && codecId < 12) {
    return { kind: "frame", codec, data: body.subarray(1), key, disposable, compositionOffset: 0 };
  }
  const reader = new ByteReader(body, 1);
  const packet = reader.u8();
  const compositionOffset = reader.s24();
  const cut = reader.checked("a video message");
  if (cut) return cut;
  const data = body.subarray(5);
  if (packet === AVC_PACKET.header) return { kind: "configuration", codec, data };
  if (packet === AVC_PACKET.picture) return { kind: "frame", codec, data, key, disposable, compositionOffset };
  return { kind: "other", codec };
}

function parseEnhanced(body: Uint8Array, first: number): VideoPacket | Malformed {
  const reader = new ByteReader(body, 1);
  const frameType = (first >> 4) & 7;
  let packet = skipModEx(reader, first & 15, PACKET.modEx);
  if (packet !== PACKET.metadata && frameType === FRAME_TYPE.command) return OTHER;
  let codec: FourCc;
  let end = body.length;
  if (packet === PACKET.multitrack) {
    const track = enterDefaultTrack(reader);
    if (!track) return reader.checked("a multitrack video message") ?? OTHER;
    ({ packet, codec, end } = track);
  } else {
    codec = reader.fourCc();
  }
  const hasOffset = packet === PACKET.codedFrames && (codec === VIDEO_CODEC.h264 || codec === VIDEO_CODEC.hevc || codec === "vvc1");
  const compositionOffset = hasOffset ? reader.s24() : 0;
  const cut = reader.checked("a video message");
  if (cut) return cut;
  const data = body.subarray(reader.at, end);
  switch (packet) {
    case PACKET.sequenceStart:
      return { kind: "configuration", codec, data };
    case PACKET.codedFrames:
    case PACKET.codedFramesX:
      return {
        kind: "frame",
        codec,
        data,
        key: frameType === FRAME_TYPE.key,
        disposable: frameType === FRAME_TYPE.disposable,
        compositionOffset,
      };
    default:
      return { kind: "other", codec };
  }
}

/** Skips ModEx, which prefixes a packet with data such as nanoseconds, and gives the packet type behind it. */
export function skipModEx(reader: ByteReader, packetType: number, modEx: number): number {
  let packet = packetType;
  while (packet === modEx && !reader.failed) {
    let size = reader.u8() + 1;
    if (size === 256) size = reader.u16() + 1;
    reader.skip(size);
    packet = reader.u8() & 15;
  }
  return packet;
}

/**
 * Moves the reader to the body of the default track (number 0) of a multitrack message.
 * Null when it has none, or when it is cut short, which the reader then knows.
 */
export function enterDefaultTrack(reader: ByteReader): { packet: number; codec: FourCc; end: number } | null {
  const types = reader.u8();
  const multitrack = types >> 4;
  const packet = types & 15;
  let codec = multitrack === MULTITRACK.manyCodecs ? "" : reader.fourCc();
  while (reader.left > 0) {
    if (multitrack === MULTITRACK.manyCodecs) codec = reader.fourCc();
    const track = reader.u8();
    const size = multitrack === MULTITRACK.one ? reader.left : reader.u24();
    const from = reader.at;
    reader.skip(size);
    if (reader.failed) return null;
    if (track === 0) {
      reader.at = from;
      return { packet, codec, end: from + size };
    }
  }
  return null;
}

/** The bytes that stand before a frame's data in its tag, in the one dialect that Lectern writes. */
export function videoFrameHeader(codec: FourCc, key: boolean, disposable: boolean, compositionOffset: number): number[] {
  const frameType = key ? FRAME_TYPE.key : disposable ? FRAME_TYPE.disposable : FRAME_TYPE.inter;
  if (codec === VIDEO_CODEC.h264) return [(frameType << 4) | CLASSIC_AVC, AVC_PACKET.picture, ...s24(compositionOffset)];
  if (codec === VIDEO_CODEC.hevc && compositionOffset !== 0) {
    return [0x80 | (frameType << 4) | PACKET.codedFrames, ...fourCcBytes(codec), ...s24(compositionOffset)];
  }
  const classic = classicIdWithoutConfiguration(codec);
  if (classic !== null) return [(frameType << 4) | classic];
  const packet = codec === VIDEO_CODEC.hevc ? PACKET.codedFramesX : PACKET.codedFrames;
  return [0x80 | (frameType << 4) | packet, ...fourCcBytes(codec)];
}

/** The bytes that stand before a decoder configuration in its tag. */
export function videoConfigurationHeader(codec: FourCc): number[] {
  if (codec === VIDEO_CODEC.h264) return [(FRAME_TYPE.key << 4) | CLASSIC_AVC, AVC_PACKET.header, 0, 0, 0];
  return [0x80 | (FRAME_TYPE.key << 4) | PACKET.sequenceStart, ...fourCcBytes(codec)];
}

function classicIdWithoutConfiguration(codec: FourCc): number | null {
  for (const id of [2, 3, 4, 5]) if (classicVideoCodec(id) === codec) return id;
  return null;
}

function s24(value: number): number[] {
  return [(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}
