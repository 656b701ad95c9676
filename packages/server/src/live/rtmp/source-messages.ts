/** Demuxes a publisher's RTMP messages into the messages of an ingest. */
import {
  AUDIO_CODEC,
  decodeAmf0,
  isAmfObject,
  Malformed,
  MESSAGE_TYPE,
  PlacedMessage,
  type RtmpMessage,
  readAacFrame,
  readAvcFrame,
  VIDEO_CODEC,
} from "@lectern/media";
import { readAudioTag, readVideoTag } from "../source-tags.ts";
import type { SourceFrame, SourceMessage } from "../streams/index.ts";

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
  demux(message: RtmpMessage): SourceMessage | null | Malformed {
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

/** Null for a message that carries nothing of the stream. Payloads are views of the message. */
export function toSourceMessage(message: RtmpMessage): SourceMessage | null | Malformed {
  switch (message.type) {
    case MESSAGE_TYPE.video:
      return readVideoTag(message.timestamp, message.payload);
    case MESSAGE_TYPE.audio:
      return readAudioTag(message.timestamp, message.payload);
    case MESSAGE_TYPE.data:
      return fromData(message, message.payload);
    case MESSAGE_TYPE.dataAmf3:
      // The rest is AMF0 behind a format byte.
      return fromData(message, message.payload.subarray(1));
    default:
      return null;
  }
}

function fromData(message: RtmpMessage, bytes: Uint8Array): SourceMessage | null | Malformed {
  const values = decodeAmf0(bytes);
  if (values instanceof Malformed) return values;
  const wrapped = values[0] === "@setDataFrame";
  const [name, content] = wrapped ? values.slice(1) : values;
  if (name === "onMetaData" && isAmfObject(content)) return { kind: "metadata", properties: content };
  // Other commands to the server, such as @clearDataFrame of Flash Media Encoder, are not passed on.
  if (wrapped || typeof name !== "string" || name.startsWith("@")) return null;
  return { kind: "data", timestamp: message.timestamp, data: bytes };
}
