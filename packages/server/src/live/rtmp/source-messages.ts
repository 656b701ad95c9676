/** A publisher's RTMP messages as what the ingest takes. */
import {
  decodeAmf0,
  isAmfObject,
  Malformed,
  MESSAGE_TYPE,
  parseAudioTag,
  parseVideoTag,
  type RtmpMessage,
  TAG_HEADER_SIZE,
  TAG_TRAILER_SIZE,
} from "@lectern/media";
import type { SourceMessage } from "../streams/index.ts";

/**
 * @param roomy true when the payload has room for a tag's header before it and its trailer behind it, in memory of its own
 * @returns null for what carries nothing of the stream
 */
export function toSourceMessage(message: RtmpMessage, roomy: boolean): SourceMessage | null | Malformed {
  switch (message.type) {
    case MESSAGE_TYPE.video:
      return fromVideo(message, roomy);
    case MESSAGE_TYPE.audio:
      return fromAudio(message, roomy);
    case MESSAGE_TYPE.data:
      return fromData(message, message.payload);
    case MESSAGE_TYPE.dataAmf3:
      // A format byte stands before what is AMF0 all the same.
      return fromData(message, message.payload.subarray(1));
    default:
      return null;
  }
}

function fromVideo(message: RtmpMessage, roomy: boolean): SourceMessage | null | Malformed {
  // Empty messages are sent by some encoders to keep a track alive.
  if (message.payload.length === 0) return null;
  const packet = parseVideoTag(message.payload);
  if (packet instanceof Malformed) return packet;
  if (packet.kind === "other") return null;
  if (packet.kind === "configuration") return { ...packet, track: "video" };
  return {
    kind: "frame",
    track: "video",
    codec: packet.codec,
    timestamp: message.timestamp,
    compositionOffset: packet.compositionOffset,
    key: packet.key,
    disposable: packet.disposable,
    data: packet.data,
    flags: 0,
    envelope: roomy ? envelope(message.payload) : null,
  };
}

function fromAudio(message: RtmpMessage, roomy: boolean): SourceMessage | null | Malformed {
  if (message.payload.length === 0) return null;
  const packet = parseAudioTag(message.payload);
  if (packet instanceof Malformed) return packet;
  if (packet.kind === "other") return null;
  if (packet.kind === "configuration") return { ...packet, track: "audio" };
  return {
    kind: "frame",
    track: "audio",
    codec: packet.codec,
    timestamp: message.timestamp,
    compositionOffset: 0,
    key: true,
    disposable: false,
    data: packet.data,
    flags: packet.flags,
    envelope: roomy ? envelope(message.payload) : null,
  };
}

/** The whole tag that the chunk reader has left room for. */
function envelope(payload: Uint8Array): Uint8Array {
  const from = payload.byteOffset - TAG_HEADER_SIZE;
  return Buffer.from(payload.buffer, from, TAG_HEADER_SIZE + payload.length + TAG_TRAILER_SIZE);
}

function fromData(message: RtmpMessage, bytes: Uint8Array): SourceMessage | null | Malformed {
  const values = decodeAmf0(bytes);
  if (values instanceof Malformed) return values;
  const wrapped = values[0] === "@setDataFrame";
  const [name, content] = wrapped ? values.slice(1) : values;
  if (name === "onMetaData" && isAmfObject(content)) return { kind: "metadata", properties: content };
  // Flash Media Encoder's way of taking metadata back, and silence.
  if (wrapped || typeof name !== "string" || name.startsWith("@")) return null;
  return { kind: "data", timestamp: message.timestamp, data: bytes };
}
