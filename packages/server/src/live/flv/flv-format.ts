/** A stream's records as live FLV: the tags as they are stored, behind a header. HTTP-FLV and WebSocket-FLV share the bytes. */
import { EcmaArray, encodeAmf0, frameTag, TAG_TYPE, writeFlvHeader, writeTag } from "@lectern/media";
import type { Configuration, LogContext, MediaEntry, WireFormat } from "../streams/index.ts";

export type FlvTracks = { readonly video: boolean; readonly audio: boolean };

/** What belongs to the other track is left out of what a player is told. */
const OF_VIDEO = /^(width|height|framerate|video.*)$/i;
const OF_AUDIO = /^(stereo|audio.*)$/i;

export function flvFormat(tracks: FlvTracks): WireFormat {
  const encode = (record: Configuration | MediaEntry, time: number): Uint8Array | null => {
    if (record.track === "metadata") {
      const kept = Object.entries(record.properties).filter(
        ([key]) => (tracks.video || !OF_VIDEO.test(key)) && (tracks.audio || !OF_AUDIO.test(key)),
      );
      return writeTag(TAG_TYPE.script, time, [encodeAmf0("onMetaData", new EcmaArray(Object.fromEntries(kept)))]);
    }
    if ((record.track === "video" && !tracks.video) || (record.track === "audio" && !tracks.audio)) return null;
    return record.kind === "media" || record.tag === null || time === 0 ? record.tag : atTime(record.tag, time);
  };

  const configurations = (context: LogContext, time: number): Uint8Array => {
    const pieces = [context.metadata, context.video, context.audio].map((record) => record && encode(record, time));
    return Buffer.concat(pieces.filter((piece) => piece !== null));
  };

  return {
    id: `flv ${tracks.video ? "v" : ""}${tracks.audio ? "a" : ""}`,
    video: tracks.video,
    audio: tracks.audio,
    prelude: (context) => {
      const header = writeFlvHeader(tracks.audio && context.audio !== null, tracks.video && context.video !== null);
      return Buffer.concat([header, configurations(context, 0)]);
    },
    configurations,
    encode: (record) => encode(record, record.kind === "media" ? record.decodeTime : record.time),
  };
}

/** A configuration that changes in mid-stream has its place in time; what a joiner gets first stands before all time. */
function atTime(tag: Uint8Array, time: number): Uint8Array {
  const copy = tag.slice();
  frameTag(copy, copy[0] ?? 0, time);
  return copy;
}
