/** What a ladder needs to know of its source, read from the source's log: the same in every process that has the stream. */
import type { Log, LogSegment, Stream } from "../streams/index.ts";
import type { LadderSource } from "./rungs.ts";

export function ladderSource({ log }: Pick<Stream, "log">): LadderSource {
  const { video, audio } = log.context;
  const isDecodable = video?.format && video.format.width > 0 && video.data.length > 0;
  return {
    video: isDecodable ? { ...video.format, codec: video.codec } : null,
    audio: audio?.format ? { ...audio.format, codec: audio.codec } : null,
    ...ratesOf(log),
  };
}

type Bytes = { readonly video: number; readonly audio: number };
const counted = new WeakMap<LogSegment, Bytes>();

/** Bit rates of the complete segments. */
function ratesOf({ segments }: Log): Pick<LadderSource, "videoKbps" | "audioKbps"> {
  const whole = segments.slice(0, -1);
  const milliseconds = (segments.at(-1)?.head.time ?? 0) - (whole[0]?.head.time ?? 0);
  if (milliseconds <= 0) return { videoKbps: 0, audioKbps: 0 };
  const kbps = (track: keyof Bytes) => (whole.reduce((sum, segment) => sum + bytesOf(segment)[track], 0) * 8) / milliseconds;
  return { videoKbps: kbps("video"), audioKbps: kbps("audio") };
}

function bytesOf(segment: LogSegment): Bytes {
  const known = counted.get(segment);
  if (known) return known;
  const bytes = { video: 0, audio: 0 };
  segment.entries.visit(0, segment.entries.length, (entry) => {
    if (entry.kind === "media" && entry.track !== "data") bytes[entry.track] += entry.payload.length;
  });
  counted.set(segment, bytes);
  return bytes;
}
