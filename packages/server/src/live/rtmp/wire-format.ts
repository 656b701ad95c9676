/** A stream's records as RTMP messages in chunks, the same bytes for every player. */
import { CHUNK_STREAM, EcmaArray, encodeAmf0, MESSAGE_TYPE, tagBody, writeChunks } from "@lectern/media";
import type { Configuration, LogContext, MediaEntry, WireFormat } from "../streams/index.ts";

export type RtmpTracks = {
  readonly video: boolean;
  readonly audio: boolean;
  /** The message stream that the player asked on; nearly always 1. */
  readonly streamId: number;
};

const MESSAGE = {
  video: { type: MESSAGE_TYPE.video, chunkStream: CHUNK_STREAM.video },
  audio: { type: MESSAGE_TYPE.audio, chunkStream: CHUNK_STREAM.audio },
  data: { type: MESSAGE_TYPE.data, chunkStream: CHUNK_STREAM.data },
} as const;

/** @param chunkSize what every player is told */
export function rtmpFormat(tracks: RtmpTracks, chunkSize: number): WireFormat {
  const { streamId } = tracks;

  const write = (track: keyof typeof MESSAGE, timestamp: number, payload: Uint8Array): Uint8Array => {
    const { type, chunkStream } = MESSAGE[track];
    return writeChunks({ type, streamId, timestamp: timestamp >>> 0, payload }, chunkStream, chunkSize);
  };

  const encode = (record: Configuration | MediaEntry, time: number): Uint8Array | null => {
    if (record.track === "metadata") {
      return write("data", time, encodeAmf0("onMetaData", new EcmaArray(record.properties)));
    }
    if ((record.track === "video" && !tracks.video) || (record.track === "audio" && !tracks.audio)) return null;
    if (record.tag === null) return null;
    return write(record.track, time, tagBody(record.tag));
  };

  const configurations = (context: LogContext, time: number): Uint8Array => {
    const pieces = [context.metadata, context.video, context.audio].map((record) => record && encode(record, time));
    return Buffer.concat(pieces.filter((piece) => piece !== null));
  };

  return {
    id: `rtmp ${tracks.video ? "v" : ""}${tracks.audio ? "a" : ""} ${streamId} ${chunkSize}`,
    video: tracks.video,
    audio: tracks.audio,
    prelude: (context) => configurations(context, 0),
    configurations,
    encode: (record) => encode(record, record.kind === "media" ? record.decodeTime : record.time),
  };
}
