import assert from "node:assert/strict";
import { test } from "node:test";
import { withStereo } from "./stereo.ts";

test("stereo is asked for, once, and only of Opus", () => {
  const offer =
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=fmtp:63 111/111\r\n";
  const expected = offer.replace("useinbandfec=1", "useinbandfec=1;stereo=1");
  assert.equal(withStereo(offer), expected);
  assert.equal(withStereo(expected), expected);
  assert.equal(withStereo("m=video 9\r\na=fmtp:96 x\r\n"), "m=video 9\r\na=fmtp:96 x\r\n");
});
