import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Malformed } from "@lectern/media";
import { chooseWatched } from "../whep/watched-media.ts";
import { type AnsweredMedia, writeAnswer } from "./answer.ts";
import { readOffer } from "./offer.ts";

/** Captured from Firefox 153, with the picture before the sound. */
const [SESSION = "", SOUND = "", PICTURE = ""] = readFileSync(
  join(import.meta.dirname, "fixtures/firefox-watch-offer.sdp"),
  "utf8",
).split(/^(?=m=)/m);
const OFFER = SESSION + PICTURE + SOUND;
const LOCAL = {
  iceUfrag: "user",
  icePwd: "a password of twenty-two",
  fingerprint: "sha-256 AB",
  setup: "passive" as const,
  candidates: ["1 1 udp 1 127.0.0.1 9000 typ host"],
};

/** The lines of each medium of the answer. */
function media(taken: ReadonlyMap<string, AnsweredMedia>): readonly (readonly string[])[] {
  const offer = readOffer(OFFER);
  assert.ok(!(offer instanceof Malformed));
  const [, ...parts] = writeAnswer(offer, LOCAL, taken, { id: "1", version: 1 }).split(/^m=/m);
  return parts.map((part) => part.trim().split("\r\n"));
}

test("a first medium that is not sent keeps the transport of the others, and is idle", () => {
  const offer = readOffer(OFFER);
  assert.ok(!(offer instanceof Malformed));
  const watched = chooseWatched(offer, { video: false, audio: true }, "msid");
  assert.ok(typeof watched !== "string" && watched.audio);
  const [picture = [], sound = []] = media(new Map([[watched.audio.mid, watched.audio.answer]]));
  assert.match(picture[0] ?? "", /^video 9 UDP\/TLS\/RTP\/SAVPF \d+$/);
  for (const line of ["a=inactive", "a=ice-ufrag:user", "a=rtcp-mux", `a=candidate:${LOCAL.candidates[0]}`])
    assert.ok(picture.includes(line), line);
  assert.ok(picture.some((line) => line.startsWith("a=rtpmap:")));
  assert.ok(sound.includes("a=sendonly") && !sound.some((line) => line.startsWith("a=candidate")));
});

test("where nothing is taken every medium is refused", () => {
  assert.deepEqual(
    media(new Map()).map(([line]) => /^(\w+) 0 /.exec(line ?? "")?.[1]),
    ["video", "audio"],
  );
});
