/** Reads FLV's tags as the messages of an ingest: those of a publisher by RTMP, and those of an encoder. Payloads are views of the tags. */
import { Malformed, parseAudioTag, parseVideoTag } from "@lectern/media";
import type { SourceMessage } from "./streams/index.ts";

/** Null for a tag that carries nothing of the stream. @param timestamp milliseconds, 32 bits */
export function readVideoTag(timestamp: number, body: Uint8Array): SourceMessage | null | Malformed {
  // Empty messages are sent by some encoders to keep a track alive.
  if (body.length === 0) return null;
  const packet = parseVideoTag(body);
  if (packet instanceof Malformed) return packet;
  if (packet.kind === "other") return null;
  if (packet.kind === "configuration") return announced({ ...packet, track: "video" });
  const { codec, compositionOffset, key, disposable, data } = packet;
  return { kind: "frame", track: "video", codec, timestamp, compositionOffset, key, disposable, soundFlags: 0, payload: data };
}

/** Null for a tag that carries nothing of the stream. @param timestamp milliseconds, 32 bits */
export function readAudioTag(timestamp: number, body: Uint8Array): SourceMessage | null | Malformed {
  if (body.length === 0) return null;
  const packet = parseAudioTag(body);
  if (packet instanceof Malformed) return packet;
  if (packet.kind === "other") return null;
  if (packet.kind === "configuration") return announced({ ...packet, track: "audio" });
  const { codec, flags, data } = packet;
  const fixed = { compositionOffset: 0, key: true, disposable: false };
  return { kind: "frame", track: "audio", codec, timestamp, ...fixed, soundFlags: flags, payload: data };
}

/**
 * An empty configuration is none: FFmpeg sends one for sound from MPEG-TS or ADTS, and the right one when the first frame has told it.
 * Other encoders do so for pictures.
 */
function announced(configuration: SourceMessage & { kind: "configuration" }): SourceMessage | null {
  return configuration.data.length === 0 ? null : configuration;
}
