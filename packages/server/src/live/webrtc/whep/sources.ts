/**
 * Determines which streams a WebRTC viewer of a stream is sent: the stream itself where browsers take its codecs over RTP (H.264 without B-frames,
 * Opus), else one that is made from it. RTP has no time of decoding beside the time of presenting (RFC 6184 section 5.1), so browsers show pictures
 * as they come.
 */
import { AUDIO_CODEC, VIDEO_CODEC } from "@lectern/media";
import { Refusal } from "../../../platform/refusal.ts";
import type { Log, Stream } from "../../streams/index.ts";

/** Made from other streams, on demand, one for all viewers. */
const DERIVED = { video: "rtc", audio: "opus" } as const;
/** Pictures that are looked at: more than any encoder keeps back. */
const LOOKED_AT = 60;

export type WatchedNames = { readonly video: string | null; readonly audio: string | null };

/** Names of the streams that are sent; null for a track that the stream has not. */
export function watchedNames({ name, log }: Pick<Stream, "name" | "log">): WatchedNames {
  const { video, audio } = log.context;
  const [plain] = name.split("@");
  return {
    video: video && (video.codec === VIDEO_CODEC.h264 && !hasReordering(log) ? name : `${plain}@${DERIVED.video}`),
    audio: audio && (audio.codec === AUDIO_CODEC.opus ? name : `${plain}@${DERIVED.audio}`),
  };
}

export type WatchedStreams = {
  readonly video: Stream | null;
  /** Null too while it is being made: the picture does not wait for it. */
  readonly audio: Stream | null;
};

/** refusal: why the picture, or the sound of a stream without one, cannot be had; null where it can, or nobody knows why. */
export type FoundStreams = WatchedStreams & { readonly refusal: Refusal | null };

/**
 * The streams themselves. A track that cannot be had now is null: a picture without sound is better than none. Sound that has to be made for a
 * picture begins to be made, and is not waited for.
 * @param find finds a stream, or has it made
 */
export async function findWatched(
  stream: Stream,
  find: (app: string, name: string) => Promise<Stream | Refusal>,
): Promise<FoundStreams> {
  const { app, name } = stream;
  const names = watchedNames(stream);
  const get = async (wanted: string | null): Promise<Stream | Refusal | null> => {
    if (wanted === null) return null;
    return wanted === name ? stream : await find(app, wanted).catch(() => null);
  };
  const sound = get(names.audio);
  const picture = await get(names.video);
  const video = streamOf(picture);
  const heard = video === null || names.audio === name ? await sound : null;
  const awaited = names.video === null ? heard : picture;
  return { video, audio: streamOf(heard), refusal: awaited instanceof Refusal ? awaited : null };
}

function streamOf(found: Stream | Refusal | null): Stream | null {
  return found instanceof Refusal ? null : found;
}

/** Whether pictures are decoded in another order than they are presented in: then the time between the two differs. */
export function hasReordering({ segments }: Pick<Log, "segments">): boolean {
  const offsets = new Set<number>();
  let left = LOOKED_AT;
  for (const { entries } of [...segments].reverse()) {
    for (let index = entries.length - 1; index >= 0 && left > 0; index--) {
      const entry = entries.at(index);
      if (entry?.kind !== "media" || entry.track !== "video") continue;
      offsets.add(Math.round(entry.compositionOffset));
      left--;
    }
    if (left === 0) break;
  }
  // A rung's times are rounded to milliseconds.
  return offsets.size > 1 && Math.max(...offsets) - Math.min(...offsets) > 2;
}
