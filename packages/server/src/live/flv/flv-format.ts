/** Provides the wire format of live FLV: a file header, then a tag for each entry. HTTP-FLV and WebSocket-FLV share the bytes. */
import {
  EcmaArray,
  encodeAmf0,
  muxConfiguration,
  muxFrame,
  TAG_TYPE,
  tagSize,
  writeFlvHeader,
  writeTag,
  writeTagInto,
} from "@lectern/media";
import { type Configuration, collect, type LogContext, type MediaEntry, type Reserve, type WireFormat } from "../streams/index.ts";

export type FlvTracks = { readonly video: boolean; readonly audio: boolean };

/** Metadata of the other track is left out. */
const OF_VIDEO = /^(width|height|framerate|video.*)$/i;
const OF_AUDIO = /^(stereo|audio.*)$/i;

export function flvFormat(tracks: FlvTracks): WireFormat {
  const write = (entry: Configuration | MediaEntry, time: number, reserve: Reserve): void => {
    if (entry.track === "metadata") {
      const kept = Object.entries(entry.properties).filter(
        ([key]) => (tracks.video || !OF_VIDEO.test(key)) && (tracks.audio || !OF_AUDIO.test(key)),
      );
      const tag = writeTag(TAG_TYPE.script, time, [encodeAmf0("onMetaData", new EcmaArray(Object.fromEntries(kept)))]);
      reserve(tag.length).set(tag);
      return;
    }
    if ((entry.track === "video" && !tracks.video) || (entry.track === "audio" && !tracks.audio)) return;
    const body = entry.kind === "media" ? muxFrame(entry) : muxConfiguration(entry);
    if (body) writeTagInto(reserve(tagSize(body)), body, time);
  };

  const configurations = ({ metadata, video, audio }: LogContext, time: number): Uint8Array =>
    collect((reserve) => {
      for (const entry of [metadata, video, audio]) if (entry) write(entry, time, reserve);
    });

  return {
    id: `flv ${tracks.video ? "v" : ""}${tracks.audio ? "a" : ""}`,
    video: tracks.video,
    audio: tracks.audio,
    initBytes: (context) => {
      const header = writeFlvHeader(tracks.audio && context.audio !== null, tracks.video && context.video !== null);
      // Configurations of a joiner stand before all time.
      return Buffer.concat([header, configurations(context, 0)]);
    },
    configurations,
    write: (entry, reserve) => write(entry, entry.kind === "media" ? entry.decodeTime : entry.time, reserve),
  };
}
