/** Muxes the decoder configurations of a context as FLV tags. */
import { muxConfiguration, tagSize, writeTagInto } from "@lectern/media";
import type { LogContext } from "../../live/streams/index.ts";

/** @param time milliseconds of the file */
export function configurationTags({ video, audio }: LogContext, time: number): Buffer {
  const tags: Uint8Array[] = [];
  for (const track of [video, audio]) {
    const body = track && muxConfiguration(track);
    if (!body) continue;
    const tag = new Uint8Array(tagSize(body));
    writeTagInto(tag, body, time);
    tags.push(tag);
  }
  return Buffer.concat(tags);
}
