/** Provides the wire format of RTMP: a message in chunks for each entry, the same bytes for every player. */
import {
  CHUNK_STREAM,
  chunkedSize,
  EcmaArray,
  encodeAmf0,
  MESSAGE_TYPE,
  muxConfiguration,
  muxFrame,
  type TagBody,
  writeChunksInto,
} from "@lectern/media";
import { type Configuration, collect, type LogContext, type MediaEntry, type Reserve, type WireFormat } from "../streams/index.ts";

export type RtmpTracks = {
  readonly video: boolean;
  readonly audio: boolean;
  /** The message stream that the player asked on; nearly always 1. */
  readonly streamId: number;
};

const CHUNK_STREAM_OF = {
  video: CHUNK_STREAM.video,
  audio: CHUNK_STREAM.audio,
  data: CHUNK_STREAM.data,
  metadata: CHUNK_STREAM.data,
} as const;

/** @param chunkSize that every player is told */
export function rtmpFormat(tracks: RtmpTracks, chunkSize: number): WireFormat {
  const { streamId } = tracks;

  const write = (entry: Configuration | MediaEntry, time: number, reserve: Reserve): void => {
    if ((entry.track === "video" && !tracks.video) || (entry.track === "audio" && !tracks.audio)) return;
    const body = bodyOf(entry);
    if (!body) return;
    const { type, header, payload } = body;
    const timestamp = time >>> 0;
    const out = reserve(chunkedSize(header.length + payload.length, timestamp, chunkSize));
    writeChunksInto(out, { type, streamId, timestamp, chunkStream: CHUNK_STREAM_OF[entry.track] }, header, payload, chunkSize);
  };

  const configurations = ({ metadata, video, audio }: LogContext, time: number): Uint8Array =>
    collect((reserve) => {
      for (const entry of [metadata, video, audio]) if (entry) write(entry, time, reserve);
    });

  return {
    id: `rtmp ${tracks.video ? "v" : ""}${tracks.audio ? "a" : ""} ${streamId} ${chunkSize}`,
    video: tracks.video,
    audio: tracks.audio,
    initBytes: (context) => configurations(context, 0),
    configurations,
    write: (entry, reserve) => write(entry, entry.kind === "media" ? entry.decodeTime : entry.time, reserve),
  };
}

function bodyOf(entry: Configuration | MediaEntry): TagBody | null {
  if (entry.kind === "media") return muxFrame(entry);
  if (entry.track !== "metadata") return muxConfiguration(entry);
  return { type: MESSAGE_TYPE.data, header: [], payload: encodeAmf0("onMetaData", new EcmaArray(entry.properties)) };
}
