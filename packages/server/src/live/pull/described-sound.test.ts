import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mendSound } from "./described-sound.ts";

const VIDEO = ["m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1"];
const FORMAT = "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1190";
const describe = (...sound: readonly string[]) => ["v=0", "s=camera", ...VIDEO, ...sound, ""].join("\r\n");
const AUDIO = ["m=audio 0 RTP/AVP 97", "a=rtpmap:97 MPEG4-GENERIC/48000/2"];

test("a description that is right passes as it is", () => {
  for (const sound of [[...AUDIO, `a=fmtp:97 ${FORMAT}`], ["m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000"], []])
    assert.deepEqual(mendSound(describe(...sound)), { text: describe(...sound), isSoundUnknown: false });
});

test("the format of AAC that names another payload type is the one of the only AAC", () => {
  assert.equal(mendSound(describe(...AUDIO, `a=fmtp:104 ${FORMAT}`)).text, describe(...AUDIO, `a=fmtp:97 ${FORMAT}`));
  const later = [...AUDIO, `a=fmtp:96 ${FORMAT}`, "a=control:track2"];
  assert.equal(
    mendSound(describe(...later)).text,
    describe(...AUDIO, `a=fmtp:97 ${FORMAT}`, "a=control:track2"),
    "of the picture, too",
  );
});

test("AAC without a format has the usual one, with rate and channels of its map", () => {
  const usual = "a=fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1190";
  assert.equal(mendSound(describe(...AUDIO, "a=control:track2")).text, describe(...AUDIO, usual, "a=control:track2"));
  assert.match(mendSound(describe("m=audio 0 RTP/AVP 97", "a=rtpmap:97 mpeg4-generic/16000")).text, /config=1408\r\n/);
});

test("sound that may mean two things, or nothing, is taken out, so that the picture comes", () => {
  for (const sound of [
    [...AUDIO, `a=fmtp:104 ${FORMAT}`, `a=fmtp:105 ${FORMAT}`],
    ["m=audio 0 RTP/AVP 97", "a=rtpmap:97 mpeg4-generic/44056/2", "a=control:track2"],
  ])
    assert.deepEqual(mendSound(describe(...sound)), { text: describe(), isSoundUnknown: true });
});

test("any text is survived, and only sound is changed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...VIDEO, ...AUDIO, `a=fmtp:9 ${FORMAT}`, "m=audio", "a=fmtp:", "\r", "a=rtpmap:97")),
      (lines) => {
        const text = lines.join("\n");
        const pictures = (of: string) => of.split(/(?=^m=)/m).filter((medium) => medium.startsWith("m=video"));
        assert.deepEqual(pictures(mendSound(text).text), pictures(text));
      },
    ),
  );
});
