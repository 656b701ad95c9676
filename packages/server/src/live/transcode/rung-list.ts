/** Lists a stream and its rungs, for players that choose among them by themselves. */
import type { Variant } from "@lectern/media";
import { rungOf } from "../stream-name.ts";
import type { Stream } from "../streams/index.ts";
import { ladderSource } from "./ladder-source.ts";

/** A second of a stream has so many times its average bits: key frames are large. */
const PEAK = 1.25;

/**
 * The stream itself with the name null, then its rungs.
 * @param variants the rungs, by their names `NAME@RUNG`
 */
export function listRungs(
  stream: Pick<Stream, "log">,
  variants: readonly (Omit<Variant, "uri"> & { readonly name: string })[],
): readonly (Omit<Variant, "uri"> & { readonly name: string | null })[] {
  const { video, videoKbps, audioKbps } = ladderSource(stream);
  const { context } = stream.log;
  const averageBandwidth = (videoKbps + audioKbps) * 1000;
  const itself = {
    name: null,
    bandwidth: averageBandwidth * PEAK,
    averageBandwidth,
    codecs: [context.video?.format, context.audio?.format].flatMap((format) => (format ? [format.codecString] : [])),
    resolution: video && { width: video.width, height: video.height },
    frameRate: video?.frameRate ?? null,
  };
  return [itself, ...variants.map(({ name, ...variant }) => ({ ...variant, name: rungOf(name) }))];
}
