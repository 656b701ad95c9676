/**
 * Provides an encoder in a process of its own: publishes a clip with B-frames in real time, over and over. Reads lines from standard input: `drop
 * SHARE` leaves out so many of all frames, as an encoder does whose machine is too slow. When the line is too narrow, it leaves out what would wait
 * for long, as encoders do.
 *
 *     node diagnosis-encoder.ts FILE HOST PORT NAME
 */
import { createInterface } from "node:readline";
import { type FlvTag, MESSAGE_TYPE } from "@lectern/media";
import { RtmpClient, readTags } from "../../e2e/rtmp-client.ts";

/** About two seconds of the clip. */
const MAX_WAITING_BYTES = 250_000;
const TICK_MS = 5;
const FRAME_MS = 40;

const [, , file = "", host = "", port = "", name = ""] = process.argv;
const tags = readTags(file).filter(({ type }) => type !== MESSAGE_TYPE.data);
const headers = tags.filter(isHeader);
const media = tags.filter((tag) => !isHeader(tag));
const span = (media.at(-1)?.timestamp ?? 0) + FRAME_MS;
let share = 0;
let owed = 0;
createInterface(process.stdin).on("line", (line) => {
  const [word, value] = line.split(" ");
  if (word === "drop") share = Number(value);
});

for (;;) {
  await publish().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 300));
}

async function publish(): Promise<void> {
  const client = await RtmpClient.open(Number(port), "live", host, { agent: "encoder" });
  if ((await client.publish(name)) !== "NetStream.Publish.Start") return client.break();
  for (const tag of headers) client.tag(tag, 0);
  const begun = performance.now();
  let waitsForKey = false;
  for (let next = 0; !client.socket.destroyed; ) {
    for (;;) {
      const tag = media[next % media.length];
      if (!tag) return;
      const timestamp = tag.timestamp + Math.floor(next / media.length) * span;
      if (timestamp > performance.now() - begun) break;
      next++;
      const isVideo = tag.type === MESSAGE_TYPE.video;
      if (isVideo && client.socket.writableLength > MAX_WAITING_BYTES) waitsForKey = true;
      else if (isVideo && isKey(tag) && client.socket.writableLength < MAX_WAITING_BYTES / 2) waitsForKey = false;
      if (isVideo && (waitsForKey || leavesOut(tag))) continue;
      client.tag(tag, timestamp);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

/** Frames that no other frame needs are left out, as many as are owed. */
function leavesOut(tag: FlvTag): boolean {
  owed += share;
  if (owed < 1 || isNeeded(tag)) return false;
  owed -= 1;
  return true;
}

function isHeader({ body, timestamp }: FlvTag): boolean {
  return body[1] === 0 && timestamp === 0;
}

function isKey({ body }: FlvTag): boolean {
  return (body[0] ?? 0) >> 4 === 1;
}

/** Whether other frames refer to it: nal_ref_idc of its slices (H.264, section 7.4.1). */
function isNeeded({ body }: FlvTag): boolean {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  for (let at = 5; at + 4 < body.length; at += 4 + view.getUint32(at)) {
    const header = body[at + 4] ?? 0;
    if ((header & 31) >= 1 && (header & 31) <= 5) return header >> 5 !== 0;
  }
  return true;
}
