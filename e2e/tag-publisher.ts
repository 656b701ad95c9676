/** Publishes a file by RTMP tag by tag, over and over in real time, and leaves out what a test wants to be missing. */
import type { TestContext } from "node:test";
import { type FlvTag, TAG_TYPE } from "@lectern/media";
import type { Lectern } from "./lectern.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

/**
 * @param isSent asked of each tag when its time has come
 * @param shaped what is sent in the place of a tag
 */
export async function publishTags(
  t: Pick<TestContext, "after">,
  { rtmpPort }: Pick<Lectern, "rtmpPort">,
  name: string,
  file: string,
  isSent: (tag: FlvTag) => boolean = () => true,
  shaped: (tag: FlvTag) => readonly FlvTag[] = (tag) => [tag],
): Promise<void> {
  const client = await RtmpClient.open(rtmpPort);
  await client.publish(name);
  const tags = readTags(file);
  const lastsMs = (tags.at(-1)?.timestamp ?? 0) + 40;
  const begun = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (;;) {
      const tag = tags[sent % tags.length];
      const timestamp = (tag?.timestamp ?? 0) + Math.floor(sent / tags.length) * lastsMs;
      if (!tag || timestamp > performance.now() - begun) return;
      sent++;
      if (isSent(tag)) for (const one of shaped({ ...tag, timestamp })) client.tag(one);
    }
  }, 20);
  t.after(() => {
    clearInterval(timer);
    client.break();
  });
}

/** Whether a tag of H.264 or AAC is a decoder configuration (FLV E.4.2.1, E.4.3.1). */
export function isConfiguration({ type, body }: FlvTag): boolean {
  return (type === TAG_TYPE.video || type === TAG_TYPE.audio) && body[1] === 0;
}
