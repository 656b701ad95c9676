/** Demuxes a publisher's RTMP messages into the messages of an ingest. */
import {
  AUDIO_CODEC,
  encodeAmf0,
  isAmfObject,
  Malformed,
  MESSAGE_TYPE,
  PlacedMessage,
  type RtmpMessage,
  readAacFrame,
  readAmf0,
  readAvcFrame,
  VIDEO_CODEC,
} from "@lectern/media";
import { readAudioTag, readVideoTag } from "../source-tags.ts";
import type { SourceFault, SourceFrame, SourceMessage } from "../streams/index.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NOTHING = new Uint8Array(0);

/**
 * Demuxes the messages of one publisher. Its frames of H.264 and AAC, nearly all messages, are one object each time: a frame is good until
 * the next message.
 */
export class SourceDemuxer {
  private readonly video = frameOf("video", VIDEO_CODEC.h264);
  private readonly audio = frameOf("audio", AUDIO_CODEC.aac);

  /** Null for a message that carries nothing of the stream. Payloads are views of the message. */
  demux(message: RtmpMessage): SourceMessage | null {
    return (message instanceof PlacedMessage ? this.plainFrame(message) : null) ?? toSourceMessage(message);
  }

  private plainFrame({ type, timestamp, bytes, from, to }: PlacedMessage): SourceFrame | null {
    const { video, audio } = this;
    if (type === MESSAGE_TYPE.video && readAvcFrame(bytes, from, to, video)) {
      video.timestamp = timestamp;
      return video;
    }
    if (type === MESSAGE_TYPE.audio && readAacFrame(bytes, from, to, audio)) {
      audio.timestamp = timestamp;
      return audio;
    }
    return null;
  }
}

function frameOf(track: SourceFrame["track"], codec: string): Writable<SourceFrame> {
  // Audio frames need no other frame to be decoded.
  const fields = { key: track === "audio", disposable: false, compositionOffset: 0, soundFlags: 0 };
  return { kind: "frame", track, codec, timestamp: 0, ...fields, payload: NOTHING };
}

/**
 * Null for a message that carries nothing of the stream, a fault for one that cannot be read: nothing but the chunk stream itself is needed to read
 * the next message. Payloads are views of the message.
 */
export function toSourceMessage(message: RtmpMessage): SourceMessage | null {
  const { timestamp, payload } = message;
  switch (message.type) {
    case MESSAGE_TYPE.video:
      return orFault("video", readVideoTag(timestamp, payload));
    case MESSAGE_TYPE.audio:
      return orFault("audio", readAudioTag(timestamp, payload));
    case MESSAGE_TYPE.data:
      return fromData(timestamp, payload);
    case MESSAGE_TYPE.dataAmf3:
      return fromData(timestamp, behindFormatByte(payload));
    default:
      return null;
  }
}

/** The values of a message that is called one of AMF3: they are AMF0 behind a byte 0, which some publishers leave out. */
export function behindFormatByte(payload: Uint8Array): Uint8Array {
  return payload[0] === 0 ? payload.subarray(1) : payload;
}

/** The message of a script tag, or of RTMP data. @param bytes AMF0: a name and its values */
function fromData(timestamp: number, bytes: Uint8Array): SourceMessage | null {
  const { values, malformed, hasAmf3 } = readAmf0(bytes);
  const wrapped = values[0] === "@setDataFrame";
  const [name, content] = wrapped ? values.slice(1) : values;
  // What could be read of it is all that was lost of many encoders' metadata: the end marker is missing.
  if (name === "onMetaData" && isAmfObject(content)) return { kind: "metadata", properties: content };
  if (malformed) return { kind: "fault", fault: { track: "data", rule: malformed.rule } };
  // Other commands to the server, such as @clearDataFrame of Flash Media Encoder, are not passed on.
  if (wrapped || typeof name !== "string" || name.startsWith("@")) return null;
  return { kind: "data", timestamp, data: hasAmf3 ? encodeAmf0(...values) : bytes };
}

function orFault(track: SourceFault["track"], message: SourceMessage | null | Malformed): SourceMessage | null {
  return message instanceof Malformed ? { kind: "fault", fault: { track, rule: message.rule } } : message;
}
