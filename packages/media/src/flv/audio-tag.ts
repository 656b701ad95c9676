/**
 * Implements the body of an audio tag, which is also the payload of an RTMP audio message. Classic: Adobe Video File Format 10.1, annex E.4.2.
 * Enhanced: Veovera Enhanced RTMP v2, "Enhanced Audio".
 */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { AUDIO_CODEC, classicAudioCodec, type FourCc, fourCcBytes } from "../codecs/four-cc.ts";
import { enterDefaultTrack, skipModEx } from "./video-tag.ts";

const CLASSIC_AAC = 10;
const ENHANCED = 9;
const AAC_PACKET = { header: 0, raw: 1 } as const;
const PACKET = {
  sequenceStart: 0,
  codedFrames: 1,
  sequenceEnd: 2,
  multichannelConfiguration: 4,
  multitrack: 5,
  modEx: 7,
} as const;
/** AAC always has the flags of 44 kHz, 16 bit, stereo; its configuration has the real values (E.4.2.1). */
const AAC_FLAGS = 0x0f;

/** An audio message. `data` is a view of it. */
export type AudioPacket =
  | { readonly kind: "configuration"; readonly codec: FourCc; readonly data: Uint8Array }
  /** `flags`: the low four bits of a classic tag (rate, size, channels), which codecs without a configuration need. */
  | { readonly kind: "frame"; readonly codec: FourCc; readonly data: Uint8Array; readonly flags: number }
  | { readonly kind: "other"; readonly codec: FourCc | null };

/** Parses the body of an audio tag, classic or enhanced. `Malformed` when it is cut short. */
export function parseAudioTag(body: Uint8Array): AudioPacket | Malformed {
  const first = body[0];
  if (first === undefined) return new Malformed("an audio message is empty");
  const format = first >> 4;
  if (format === ENHANCED) return parseEnhanced(body, first & 15);
  const codec = classicAudioCodec(format);
  const flags = first & 15;
  if (format !== CLASSIC_AAC) return { kind: "frame", codec, data: body.subarray(1), flags };
  const packet = body[1];
  if (packet === undefined) return new Malformed("an audio message is cut short");
  const data = body.subarray(2);
  return packet === AAC_PACKET.header ? { kind: "configuration", codec, data } : { kind: "frame", codec, data, flags };
}

function parseEnhanced(body: Uint8Array, packetType: number): AudioPacket | Malformed {
  const reader = new ByteReader(body, 1);
  let packet = skipModEx(reader, packetType, PACKET.modEx);
  let codec: FourCc;
  let end = body.length;
  if (packet === PACKET.multitrack) {
    const track = enterDefaultTrack(reader);
    if (!track) return reader.checked("a multitrack audio message") ?? { kind: "other", codec: null };
    ({ packet, codec, end } = track);
  } else {
    codec = reader.fourCc();
  }
  const cut = reader.checked("an audio message");
  if (cut) return cut;
  const data = body.subarray(reader.at, end);
  if (packet === PACKET.sequenceStart) return { kind: "configuration", codec, data };
  if (packet === PACKET.codedFrames) return { kind: "frame", codec, data, flags: AAC_FLAGS };
  return { kind: "other", codec };
}

/** The bytes that stand before a frame's data in its tag, in the one dialect that Lectern writes. */
export function audioFrameHeader(codec: FourCc, flags: number): number[] {
  if (codec === AUDIO_CODEC.aac) return [(CLASSIC_AAC << 4) | AAC_FLAGS, AAC_PACKET.raw];
  const classic = classicId(codec);
  if (classic !== null) return [(classic << 4) | flags];
  return [(ENHANCED << 4) | PACKET.codedFrames, ...fourCcBytes(codec)];
}

/** The bytes that stand before a decoder configuration in its tag. */
export function audioConfigurationHeader(codec: FourCc): number[] {
  if (codec === AUDIO_CODEC.aac) return [(CLASSIC_AAC << 4) | AAC_FLAGS, AAC_PACKET.header];
  return [(ENHANCED << 4) | PACKET.sequenceStart, ...fourCcBytes(codec)];
}

function classicId(codec: FourCc): number | null {
  for (let id = 0; id < 16; id++) if (id !== ENHANCED && classicAudioCodec(id) === codec) return id;
  return null;
}
