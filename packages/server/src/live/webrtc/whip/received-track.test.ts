/** Times of a publisher's first packets, before its first reports. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MediaClock, opusDepacketizer, type RtpPacket, vp8Depacketizer } from "@lectern/media";
import { ReceivedTrack } from "./received-track.ts";

const OFFSET_ID = 3;
/** A key frame of 320 x 180 in one packet (RFC 7741 section 4.2, RFC 6386 section 9.1). */
const PICTURE = Buffer.from("105000009d012a4001b40000", "hex");
/** Twenty milliseconds (RFC 6716 section 3.1). */
const SOUND = Buffer.from("780000", "hex");

const packet = (payload: Uint8Array, timestamp: number, sentAfter: number | null = null): RtpPacket => ({
  payloadType: 96,
  sequence: 1,
  timestamp,
  ssrc: 1,
  marker: true,
  csrcs: [],
  payload,
  extensions: sentAfter === null ? [] : [{ id: OFFSET_ID, data: Uint8Array.of(sentAfter >> 16, sentAfter >> 8, sentAfter) }],
});

/** When sound and picture that were taken at one moment are said to begin. @param sentAfter ticks of the picture's clock */
function begins(offsetId: number | null, sentAfter: number | null): { readonly audio: number; readonly video: number } {
  const clock = new MediaClock();
  const audio = new ReceivedTrack(1, opusDepacketizer(2), clock.track(48_000), null, 0);
  const video = new ReceivedTrack(1, vp8Depacketizer(), clock.track(90_000), offsetId, 0);
  audio.push(packet(SOUND, 70_000), false, 1020);
  const [sound] = audio.take(1020);
  // Its encoder took 110 ms.
  video.push(packet(PICTURE, 500, sentAfter), false, 1110);
  const [picture] = video.take(1110);
  assert.ok(sound && picture);
  return { audio: Math.round(sound.time), video: Math.round(picture.time) };
}

test("sound and picture begin together, however long an encoder takes that tells it", () => {
  assert.deepEqual(begins(OFFSET_ID, 110 * 90), { audio: 0, video: 0 });
});

test("of an encoder that does not tell, what comes later is later, and nobody moves a picture by seconds", () => {
  assert.deepEqual(begins(null, 110 * 90), { audio: 0, video: 110 });
  assert.deepEqual(begins(OFFSET_ID, null), { audio: 0, video: 110 });
  assert.deepEqual(begins(OFFSET_ID, -90), { audio: 0, video: 110 });
  assert.deepEqual(begins(OFFSET_ID, 60_000 * 90), { audio: 0, video: 110 - 1000 });
});
