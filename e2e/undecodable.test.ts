/**
 * Streams of which the server knows that nobody can decode their picture, or their sound: every page says so within two seconds, whatever protocol it plays by, and
 * plays the other track. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type FlvTag, splitNals } from "@lectern/media";
import type { Page } from "playwright-core";
import { openSmallPage, playerState } from "./chromium.ts";
import { clip } from "./clips.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { rare, rareUnless } from "./long-tests.ts";
import { isHeader, isPicture, withBody } from "./publisher-shapes.ts";
import { publishTags } from "./tag-publisher.ts";

/** The engine of each protocol, and how a page is asked for it. */
const WAYS = { flv: "protocol=flv", hls: "protocol=hls", whep: "latency=realtime" } as const;
const PICTURE = "The teacher's encoder sends a picture that cannot be decoded.";
const SOUND = "The teacher's encoder sends sound that cannot be decoded.";
/** Of an FLV body with H.264, before its NAL units (FLV E.4.3.1), and with AAC (E.4.2.1). */
const HEAD = { picture: 5, sound: 2 } as const;

/** Lengths of NAL units that fit nothing. */
const misfitting = (tag: FlvTag): FlvTag => {
  if (!isPicture(tag) || isHeader(tag)) return tag;
  const { body } = tag;
  return withBody(tag, body.subarray(0, HEAD.picture), Buffer.alloc(4, 0xff), body.subarray(HEAD.picture + 4));
};

/** Slices, each with other bytes from some byte on: a slice's header begins behind the one byte of its NAL unit (H.264 sections 7.3.1 and 7.3.3). */
const slicesWith =
  (at: number, byte: number, types: readonly number[]) =>
  (tag: FlvTag): FlvTag => {
    if (!isPicture(tag) || isHeader(tag)) return tag;
    const body = Buffer.from(tag.body);
    for (const nal of splitNals(body.subarray(HEAD.picture), 4) ?? []) if (types.includes((nal[0] ?? 0) & 0x1f)) nal[at] = byte;
    return withBody(tag, body);
  };

/** What else the server finds out of a picture, by the uplink's `problem`; null in place of a tag: it is not sent. */
const OTHERS: Readonly<Record<string, (tag: FlvTag) => FlvTag | null>> = {
  // pic_parameter_set_id 1 of slices that are all I.
  "parameter-sets-missing": slicesWith(2, 0x40, [5]),
  // first_mb_in_slice is not 0.
  "first-slice-missing": slicesWith(1, 0x48, [1, 5]),
  // Sorenson H.263 (FLV E.4.3.1).
  "codec-unsupported": (tag) =>
    isPicture(tag)
      ? isHeader(tag)
        ? null
        : withBody(tag, Buffer.of(((tag.body[0] ?? 0) & 0xf0) | 2), tag.body.subarray(HEAD.picture))
      : tag,
  "configuration-missing": (tag) => (isPicture(tag) && isHeader(tag) ? null : tag),
};

/** FLV E.4.2.1: Nellymoser, of which nobody makes anything else. */
const nellymoser = (tag: FlvTag): FlvTag | null =>
  isPicture(tag) ? tag : isHeader(tag) ? null : withBody(tag, Buffer.of(0x6e), tag.body.subarray(HEAD.sound));

/** AAC that no decoder takes. */
const rubbish = (tag: FlvTag): FlvTag => {
  if (isPicture(tag) || isHeader(tag)) return tag;
  const { body } = tag;
  return withBody(tag, body.subarray(0, HEAD.sound), Buffer.alloc(body.length - HEAD.sound, 0xff));
};

async function published(t: TestContext, name: string, shaped: (tag: FlvTag) => FlvTag | null) {
  const lectern = await sharedLectern();
  const encoder = { isBroken: true };
  await publishTags(
    t,
    lectern,
    name,
    clip("tiny", 8),
    () => true,
    (tag) => [encoder.isBroken ? shaped(tag) : tag].filter((one) => one !== null),
  );
  const { uplink } = await lectern.stream(name, (stream) => stream.uplink.problem !== null);
  return { lectern, encoder, problem: uplink.problem };
}

async function openPlayer(t: TestContext, lectern: Lectern, name: string, way: string): Promise<Page> {
  const page = await openSmallPage(t, { expected: /MediaError|CHUNK_DEMUXER|PIPELINE|DECODE|404|503/ });
  await page.goto(`${lectern.http}/embed/${name}?${way}&muted=1`);
  return page;
}

const wordsOf = async (page: Page) => (await playerState(page)).words;

for (const [engine, way] of Object.entries(WAYS)) {
  rareUnless(
    engine === "whep",
    `a picture whose NAL units have lengths that fit nothing is told by ${engine}, until it is whole`,
    async (t) => {
      const name = `misfits-${engine}`;
      const { lectern, encoder } = await published(t, name, misfitting);
      const page = await openPlayer(t, lectern, name, way);
      await until(async () => (await wordsOf(page)) === PICTURE, "the words");
      if (engine !== "hls") {
        const { time } = await until(async () => {
          const now = await playerState(page);
          return now.state === "live" && now;
        }, "the sound alone");
        await until(async () => (await playerState(page)).time > time + 3, "the sound to go on");
        assert.equal(await wordsOf(page), PICTURE);
      }
      encoder.isBroken = false;
      await until(async () => {
        const { words, width, state } = await playerState(page);
        return words === "" && width > 0 && state === "live";
      }, "the picture, without words");
    },
  );

  rare(`rubbish in the sound is told by ${engine}, and the picture plays`, async (t) => {
    const name = `rubbish-${engine}`;
    const { lectern, encoder } = await published(t, name, rubbish);
    encoder.isBroken = false;
    await lectern.stream(name, ({ uplink }) => uplink.problem === null);
    const page = await openPlayer(t, lectern, name, way);
    await until(async () => (await playerState(page)).state === "live", "the picture");
    assert.equal(await wordsOf(page), "");
    encoder.isBroken = true;
    await until(async () => (await wordsOf(page)) === SOUND, "the words");
    const { time, state } = await playerState(page);
    assert.equal(state, "live");
    await until(async () => (await playerState(page)).time > time + 3, "the picture to go on");
    encoder.isBroken = false;
    await until(async () => (await wordsOf(page)) === "", "no words any more");
  });
}

for (const [engine, way] of Object.entries(WAYS))
  rareUnless(engine === "flv", `a stream of which nothing can be watched is told by ${engine}, until something can`, async (t) => {
    const name = `nothing-${engine}`;
    const { lectern, encoder } = await published(t, name, (tag) => (isPicture(tag) && !isHeader(tag) ? tag : null));
    const page = await openPlayer(t, lectern, name, way);
    await until(async () => (await wordsOf(page)) === PICTURE, "the words");
    encoder.isBroken = false;
    await until(async () => {
      const { words, width, state } = await playerState(page);
      return words === "" && width > 0 && state === "live";
    }, "the picture, without words");
  });

for (const [engine, way] of Object.entries(WAYS))
  rare(`sound in a codec that no browser plays is told by ${engine}, and the picture plays`, async (t) => {
    const name = `nellymoser-${engine}`;
    const { lectern, problem } = await published(t, name, nellymoser);
    assert.equal(problem, "codec-unsupported");
    const page = await openPlayer(t, lectern, name, way);
    const { time } = await until(async () => {
      const now = await playerState(page);
      return now.state === "live" && now.words === SOUND && now;
    }, "the words over the picture");
    await until(async () => (await playerState(page)).time > time + 3, "the picture to go on");
  });

for (const [problem, shaped] of Object.entries(OTHERS))
  for (const [engine, way] of Object.entries(WAYS))
    rare(`a picture with the problem ${problem} is told by ${engine}`, async (t) => {
      const name = `${problem}-${engine}`;
      const { lectern, ...of } = await published(t, name, shaped);
      assert.equal(of.problem, problem);
      const page = await openPlayer(t, lectern, name, way);
      await until(async () => (await wordsOf(page)) === PICTURE, "the words");
      if (engine !== "hls") await until(async () => (await playerState(page)).state === "live", "the sound");
    });
