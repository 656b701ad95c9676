/** What of an RTSP server's answers is passed on to ffmpeg. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RtspAnswers } from "./rtsp-relay.ts";

const HOST = "203.0.113.7";
const media = (bytes: number) => Buffer.concat([Buffer.from([0x24, 0, bytes >> 8, bytes & 0xff]), Buffer.alloc(bytes, 0x0d)]);
const SDP = "v=0\r\nm=video 0 RTP/AVP 96\r\n";
const CONVERSATION = Buffer.concat([
  Buffer.from('RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Digest realm="cam", nonce="1"\r\n\r\n'),
  Buffer.from(`RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`),
  Buffer.from("RTSP/1.0 200 OK\r\nCSeq: 3\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n"),
  media(3),
  media(70),
  Buffer.from("RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n"),
  media(0),
  media(1500),
]);

function pass(input: Buffer, sizes: readonly number[] = [input.length]) {
  const answers = new RtspAnswers(HOST);
  const out: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < input.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    // A chunk of its own, as from a socket.
    const passed = answers.push(Buffer.from(input.subarray(at, at + size)));
    if ("code" in passed) return passed.code;
    out.push(passed.bytes);
    at += size;
  }
  return Buffer.concat(out);
}

test("a conversation passes as it is, in any pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (sizes) => {
      assert.deepEqual(pass(CONVERSATION, sizes), CONVERSATION);
    }),
  );
});

test("a description whose sound is mended has its new length, in any pieces", () => {
  const sdp = "v=0\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/48000/2\r\na=fmtp:104 mode=AAC-hbr;config=1190\r\n";
  const mended = sdp.replace("fmtp:104", "fmtp:97");
  const answer = (body: string) =>
    `RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  for (const sizes of [[1], [7], [1000]])
    assert.equal(String(pass(Buffer.concat([Buffer.from(answer(sdp)), media(9)]), sizes)), answer(mended) + String(media(9)));
});

test("redirects are not passed on, wherever they stand", () => {
  for (const status of [300, 301, 302, 303, 305, 307])
    for (const head of [
      `RTSP/1.0 ${status} Moved\r\nLocation: rtsp://10.0.0.1/\r\n\r\n`,
      `RTSP/1.0 ${status} M\nLocation: rtsp://10.0.0.1/\n\n`,
    ])
      for (const sizes of [[1], [1000]])
        assert.equal(pass(Buffer.concat([CONVERSATION, Buffer.from(head)]), sizes), "not-allowed", head);
});

test("media over UDP comes from the checked address, whatever the server says", () => {
  const answer = "RTSP/1.0 200 OK\r\ntransport: RTP/AVP;unicast;source=10.0.0.1;Destination=10.0.0.2;server_port=5000-5001\r\n\r\n";
  assert.equal(
    pass(Buffer.from(answer)).toString(),
    `RTSP/1.0 200 OK\r\ntransport: RTP/AVP;unicast;server_port=5000-5001;source=${HOST}\r\n\r\n`,
  );
});

test("heads that ffmpeg could read in another way are refused", () => {
  for (const head of [
    "RTSP/1.0 200 OK\r\nContent-Length: 4\r\nContent-Length: 0\r\n\r\n",
    "RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n",
    "RTSP/1.0 200 OK\r\nContent-Length: 4x\r\n\r\n",
    "RTSP/1.0 200 OK\r\nContent-Length: 9999999\r\n\r\n",
    "RTSP/1.0 200 OK\r\n$abc\r\n\r\n",
    "RTSP/1.0 200 OK\r\nX: a\0b\r\n\r\n",
    "RTSP/1.0 200 OK\r\nX: a\rLocation: b\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n",
    "RTSP/1.0  302 Moved\r\n\r\n",
    "\r\n",
    `RTSP/1.0 200 OK\r\nX: ${"a".repeat(20_000)}`,
  ])
    assert.equal(pass(Buffer.from(head)), "not-media", head.slice(0, 60));
});

test("any bytes are survived, and give no status of a redirect", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: CONVERSATION.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      (changes) => {
        const input = Buffer.from(CONVERSATION);
        for (const [at, value] of changes) input[at] = value;
        const passed = pass(input, [50]);
        assert.ok(typeof passed === "string" || !/^RTSP\/1\.0 3/m.test(passed.toString("latin1").split("\r\n\r\n")[0] ?? ""));
      },
    ),
  );
});
