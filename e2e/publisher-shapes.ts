/** Provides the messages of publishers that shape theirs otherwise than FLV has them: what a test publishes in the place of each tag of a clip. */
import assert from "node:assert/strict";
import { type FlvTag, parseAvcConfiguration, splitNals, TAG_TYPE } from "@lectern/media";

const START_CODE = Buffer.of(0, 0, 0, 1);
export const isPicture = ({ type }: FlvTag) => type === TAG_TYPE.video;
export const isHeader = ({ body }: FlvTag) => body[1] === 0;
const lengthOf = (bytes: Uint8Array) => Buffer.of(0, 0, bytes.length >> 8, bytes.length & 0xff);
export const withBody = (tag: FlvTag, ...parts: readonly Uint8Array[]): FlvTag => ({ ...tag, body: Buffer.concat(parts) });

/** Each picture's NAL units in messages of their own. */
export const perUnit = (tag: FlvTag): readonly FlvTag[] => {
  if (!isPicture(tag) || isHeader(tag)) return [tag];
  const nals = splitNals(tag.body.subarray(5), 4) ?? assert.fail("the clip has lengths that do not fit");
  return nals.map((nal) => withBody(tag, tag.body.subarray(0, 5), lengthOf(nal), nal));
};

/** A byte stream in frames and in the configuration. */
export const byteStream = (tag: FlvTag): readonly FlvTag[] => {
  if (!isPicture(tag)) return [tag];
  const payload = tag.body.subarray(5);
  if (!isHeader(tag)) {
    const nals = splitNals(payload, 4) ?? assert.fail("the clip has lengths that do not fit");
    return [withBody(tag, tag.body.subarray(0, 5), ...nals.flatMap((nal) => [START_CODE, nal]))];
  }
  const configuration = parseAvcConfiguration(payload);
  assert.ok("sps" in configuration);
  const sets = [...configuration.sps, ...configuration.pps];
  return [withBody(tag, tag.body.subarray(0, 5), ...sets.flatMap((nal) => [START_CODE, nal]))];
};

/** AAC with the headers of ADTS (44.1 kHz, one channel), and no configuration. */
export const adts = (tag: FlvTag): readonly FlvTag[] => {
  if (tag.type !== TAG_TYPE.audio) return [tag];
  if (isHeader(tag)) return [];
  const length = tag.body.length - 2 + 7;
  const header = Buffer.of(0xff, 0xf1, 0x50, 0x40 | (length >> 11), (length >> 3) & 0xff, ((length & 7) << 5) | 0x1f, 0xfc);
  return [withBody(tag, tag.body.subarray(0, 2), header, tag.body.subarray(2))];
};

/** FLV E.4.3.1: 1 is a key frame, 2 is none. */
const saidToBe =
  (type: 1 | 2) =>
  (tag: FlvTag): readonly FlvTag[] =>
    isPicture(tag) && !isHeader(tag)
      ? [withBody(tag, Buffer.of((type << 4) | ((tag.body[0] ?? 0) & 15)), tag.body.subarray(1))]
      : [tag];

/** Every picture is said to be a key frame. */
export const allKeys = saidToBe(1);

/** No picture is said to be a key frame. */
export const noKeys = saidToBe(2);
