/** What a decoder must know, as tags of FLV. */
import { audioConfigurationHeader, TAG_TYPE, videoConfigurationHeader, writeTag } from "@lectern/media";
import type { LogContext } from "../../live/streams/index.ts";

/** @param time milliseconds of the file */
export function configurationTags({ video, audio }: LogContext, time: number): Buffer {
  const tags: Uint8Array[] = [];
  if (video && video.data.length > 0)
    tags.push(writeTag(TAG_TYPE.video, time, [videoConfigurationHeader(video.codec), video.data]));
  if (audio && audio.data.length > 0)
    tags.push(writeTag(TAG_TYPE.audio, time, [audioConfigurationHeader(audio.codec), audio.data]));
  return Buffer.concat(tags);
}
