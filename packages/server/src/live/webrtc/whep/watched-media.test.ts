import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Malformed } from "@lectern/media";
import { readOffer } from "../sdp/offer.ts";
import { chooseWatched } from "./watched-media.ts";

/** Captured from Firefox 153 without its plugin for H.264: VP8, VP9, AV1 and Opus. */
const FIREFOX = readFileSync(join(import.meta.dirname, "../sdp/fixtures/firefox-watch-offer.sdp"), "utf8");

test("a browser that wants the picture and could have the sound alone is refused, so that its player takes another way", () => {
  const offer = readOffer(FIREFOX);
  assert.ok(!(offer instanceof Malformed));
  assert.equal(chooseWatched(offer, { video: true, audio: true }, "msid"), "no-codec");
  assert.equal(chooseWatched(offer, { video: true, audio: false }, "msid"), "no-codec");
  const lessonBySound = chooseWatched(offer, { video: false, audio: true }, "msid");
  assert.ok(typeof lessonBySound !== "string" && lessonBySound.audio);
});
