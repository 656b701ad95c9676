/** Defines what a ladder needs to know of its source, read from the source's log: the same in every process that has the stream. */

import { soundFormat } from "../sound-format.ts";
import { type Log, type Stream, sizesOf } from "../streams/index.ts";
import type { LadderSource } from "./rungs.ts";

export function ladderSource({ log }: Pick<Stream, "log">): LadderSource {
  const { video, audio } = log.context;
  const sound = audio && soundFormat(audio);
  const isDecodable = video?.format && video.format.width > 0 && video.data.length > 0;
  return {
    video: isDecodable ? { ...video.format, codec: video.codec } : null,
    audio: sound && { ...sound, codec: audio.codec },
    ...ratesOf(log),
  };
}

/** Bit rates of the complete segments. */
function ratesOf({ segments }: Log): Pick<LadderSource, "videoKbps" | "audioKbps"> {
  const whole = segments.slice(0, -1);
  const milliseconds = (segments.at(-1)?.head.time ?? 0) - (whole[0]?.head.time ?? 0);
  if (milliseconds <= 0) return { videoKbps: 0, audioKbps: 0 };
  const kbps = (track: "video" | "audio") =>
    (whole.reduce((sum, segment) => sum + sizesOf(segment)[track].bytes, 0) * 8) / milliseconds;
  return { videoKbps: kbps("video"), audioKbps: kbps("audio") };
}
