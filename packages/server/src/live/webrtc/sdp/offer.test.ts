import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Malformed } from "@lectern/media";
import fc from "fast-check";
import { writeAnswer } from "./answer.ts";
import { choosePublished, receivedMedium } from "./choose-codecs.ts";
import { readFragment } from "./fragment.ts";
import { readOffer } from "./offer.ts";
import type { LocalTransport } from "./transport.ts";

/** Captured from Chromium 156 with a camera and a microphone. */
const CHROMIUM = readFileSync(join(import.meta.dirname, "fixtures/chromium-offer.sdp"), "utf8");
/** Captured from libdatachannel 0.24, which OBS Studio uses. */
const LIBDATACHANNEL = readFileSync(join(import.meta.dirname, "fixtures/libdatachannel-offer.sdp"), "utf8");
/** Captured from Firefox 153 without its plugin for H.264. */
const FIREFOX = readFileSync(join(import.meta.dirname, "fixtures/firefox-offer.sdp"), "utf8");
const LOCAL: LocalTransport = {
  iceUfrag: "abcd",
  icePwd: "p".repeat(22),
  fingerprint: `sha-256 ${Array(32).fill("AB").join(":")}`,
  setup: "active",
  candidates: ["1 1 UDP 2114977791 192.0.2.2 8189 typ host"],
};

function offerOf(text: string) {
  const offer = readOffer(text);
  assert.ok(!(offer instanceof Malformed), String((offer as Malformed).rule));
  return offer;
}

test("the offer of Chromium is read: one transport, and two tracks with their codecs", () => {
  const { transport, media } = offerOf(CHROMIUM);
  assert.deepEqual([transport.setup, transport.fingerprint.slice(0, 14)], ["actpass", "sha-256 EF:FC:"]);
  assert.deepEqual(
    media.map(({ kind, mid, direction, ssrcs }) => [kind, mid, direction, ssrcs]),
    [
      ["audio", "0", "sendonly", [3522812712]],
      ["video", "1", "sendonly", [311927620]],
    ],
  );
  assert.equal(media[1]?.retransmissions.get(311927620), 1141700914);
  const h264 = media[1]?.codecs.find(({ payloadType }) => payloadType === 102);
  assert.deepEqual([h264?.name, h264?.retransmission, h264?.parameters.get("packetization-mode")], ["h264", 103, "1"]);
});

test("H.264 of packetization mode 1 and Opus are chosen, whatever the browser prefers", () => {
  for (const [text, video, audio] of [
    [CHROMIUM, 102, 111],
    [LIBDATACHANNEL, 96, 111],
    // VP8, which is what it has.
    [FIREFOX, 120, 109],
  ] as const) {
    const chosen = choosePublished(offerOf(text));
    assert.ok(typeof chosen !== "string");
    assert.deepEqual([chosen.video?.codec.payloadType, chosen.audio?.codec.payloadType], [video, audio]);
  }
});

test("a track without a codec that is known is no publisher's, and so is an offer that sends nothing", () => {
  assert.equal(choosePublished(offerOf(CHROMIUM.replaceAll("opus/48000/2", "isac/16000"))), "no-codec");
  assert.equal(choosePublished(offerOf(CHROMIUM.replaceAll("a=sendonly", "a=recvonly"))), "no-media");
});

test("Opus that is offered without its two channels is taken, and answered as it was offered", () => {
  const offer = offerOf(CHROMIUM.replaceAll("opus/48000/2", "opus/48000"));
  const chosen = choosePublished(offer);
  assert.ok(typeof chosen !== "string" && chosen.audio);
  const answer = writeAnswer(offer, LOCAL, new Map([[chosen.audio.offered.mid, receivedMedium(chosen.audio)]]), {
    id: "7",
    version: 1,
  });
  assert.ok(answer.split("\r\n").includes("a=rtpmap:111 opus/48000"));
  const both = offerOf(
    CHROMIUM.replace("opus/48000/2", "opus/48000").replace("a=rtpmap:63 red/48000/2", "a=rtpmap:63 opus/48000/2"),
  );
  const preferred = choosePublished(both);
  assert.ok(typeof preferred !== "string");
  assert.equal(preferred.audio?.codec.payloadType, 63, "the one that is as the standard has it comes first");
});

test("an offer that sends a second picture or a second sound is refused, and one that only receives another is not", () => {
  const second = (kind: "audio" | "video") => {
    const begin = CHROMIUM.indexOf(`m=${kind}`);
    const end = CHROMIUM.indexOf("m=", begin + 2);
    const medium = CHROMIUM.slice(begin, end < 0 ? undefined : end);
    return medium.replace(/a=mid:\d/, "a=mid:2").replaceAll(/a=ssrc.*\r\n/g, "");
  };
  const bundled = CHROMIUM.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0 1 2");
  for (const kind of ["audio", "video"] as const) {
    assert.equal(choosePublished(offerOf(bundled + second(kind))), "too-many-media");
    const received = second(kind).replace("a=sendonly", "a=recvonly");
    assert.equal(typeof choosePublished(offerOf(bundled + received)), "object");
  }
});

test("the answer takes both tracks of an offer with the level of the server, and refuses others", () => {
  const offer = offerOf(`${CHROMIUM}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\n`);
  const chosen = choosePublished(offer);
  assert.ok(typeof chosen !== "string");
  const media = [chosen.audio, chosen.video].filter((one) => one !== null);
  const answer = writeAnswer(offer, LOCAL, new Map(media.map((one) => [one.offered.mid, receivedMedium(one)])), {
    id: "7",
    version: 1,
  });
  const lines = answer.split("\r\n");
  assert.ok(lines.includes("a=group:BUNDLE 0 1"));
  assert.ok(lines.includes("m=audio 9 UDP/TLS/RTP/SAVPF 111"));
  assert.ok(lines.includes("m=video 9 UDP/TLS/RTP/SAVPF 102 103"));
  assert.ok(lines.includes("a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=420034"));
  assert.ok(lines.includes("m=application 0 UDP/DTLS/SCTP webrtc-datachannel"));
  assert.equal(lines.filter((line) => line.startsWith("a=candidate:")).length, 1);
  assert.ok(!(readOffer(answer) instanceof Malformed), "what is written is read");
});

test("what WebRTC needs is asked for", () => {
  const without = (what: RegExp) => readOffer(CHROMIUM.replaceAll(what, "a=x"));
  for (const what of [/a=ice-ufrag:.*/g, /a=ice-pwd:.*/g, /a=fingerprint:.*/g, /a=rtcp-mux/g, /a=group:BUNDLE.*/g])
    assert.ok(without(what) instanceof Malformed, String(what));
  assert.ok(readOffer(CHROMIUM.replaceAll("sha-256", "sha-1")) instanceof Malformed);
  assert.ok(readOffer(CHROMIUM.replaceAll("a=mid:1", "a=mid:0")) instanceof Malformed);
});

test("an offer that is cut short or spoiled anywhere is read or refused, and nothing is thrown", () => {
  for (let end = 0; end < CHROMIUM.length; end += 7) readOffer(CHROMIUM.slice(0, end));
  fc.assert(
    fc.property(fc.nat(CHROMIUM.length - 1), fc.string({ maxLength: 40 }), (at, text) => {
      readOffer(CHROMIUM.slice(0, at) + text + CHROMIUM.slice(at + text.length));
    }),
  );
  fc.assert(fc.property(fc.string({ maxLength: 500 }), (text) => void readOffer(`v=0\r\n${text}`)));
});

test("lengths and counts are bounded", () => {
  const more = (lines: string[]) => readOffer(CHROMIUM + lines.join("\r\n"));
  assert.ok(readOffer(CHROMIUM + "a=x\r\n".repeat(20_000)) instanceof Malformed);
  assert.ok(more([`a=${"x".repeat(5000)}`]) instanceof Malformed);
  assert.ok(more(Array.from({ length: 20 }, () => "m=video 9 UDP/TLS/RTP/SAVPF 96")) instanceof Malformed);
  assert.ok(more(Array.from({ length: 40 }, (_, i) => `a=ssrc:${i} cname:x`)) instanceof Malformed);
});

test("a fragment has candidates, or the credentials of a restart", () => {
  const candidate = "1 1 UDP 2130706431 192.0.2.1 50000 typ host";
  assert.deepEqual(readFragment(`a=mid:0\r\na=candidate:${candidate}\r\n`), { credentials: null, candidates: [candidate] });
  const restart = readFragment(`a=ice-ufrag:abcd\r\na=ice-pwd:${"p".repeat(22)}\r\n`);
  assert.ok(!(restart instanceof Malformed));
  assert.equal(restart.credentials?.iceUfrag, "abcd");
  assert.ok(readFragment("a=candidate:nonsense\r\n") instanceof Malformed);
  assert.ok(readFragment("nonsense") instanceof Malformed);
});
