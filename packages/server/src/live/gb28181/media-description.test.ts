/** The descriptions of media that are offered, and those that devices answered with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { liveSsrc, readAnswer, writeOffer } from "./media-description.ts";

const OFFER = { channelId: "34020000001310000001", host: "10.0.0.2", port: 30_000, ssrc: liveSsrc("34020000002000000001", 1) };

test("a live picture is offered as the standard writes it, by UDP and by TCP", () => {
  const lines = [
    ...["v=0", "o=34020000001310000001 0 0 IN IP4 10.0.0.2", "s=Play", "c=IN IP4 10.0.0.2", "t=0 0"],
    ...["m=video 30000 RTP/AVP 96", "a=recvonly", "a=rtpmap:96 PS/90000", "y=0200000001", ""],
  ];
  assert.equal(writeOffer({ ...OFFER, transport: "udp" }), lines.join("\r\n"));
  for (const [transport, setup] of [
    ["tcp-passive", "passive"],
    ["tcp-active", "active"],
  ] as const) {
    const text = writeOffer({ ...OFFER, transport });
    assert.match(text, /m=video 30000 TCP\/RTP\/AVP 96\r\n/);
    assert.match(text, new RegExp(`a=setup:${setup}\r\na=connection:new\r\n`));
  }
});

test("an answer tells where the picture comes from: its own address before the session's, and the source's number", () => {
  const session = "v=0\r\no=34020000001310000001 0 0 IN IP4 192.168.1.64\r\ns=Play\r\nc=IN IP4 192.168.1.64\r\nt=0 0\r\n";
  const media = "m=video 15060 RTP/AVP 96\r\na=sendonly\r\na=rtpmap:96 PS/90000\r\ny=0200000001\r\nf=v/2/5/25/1/4096a/1/8/1\r\n";
  assert.deepEqual(readAnswer(session + media), { host: "192.168.1.64", port: 15_060, ssrc: 200_000_001 });
  const own = media.replace("a=sendonly", "c=IN IP4 192.168.1.65\na=sendonly");
  assert.equal(readAnswer(session + own)?.host, "192.168.1.65");
  assert.equal(readAnswer(session + media.replace("y=0200000001", "y=9999999999"))?.ssrc, null);
  assert.equal(readAnswer(session), null);
  assert.equal(readAnswer(session + media.replace("15060", "0")), null, "it is refused");
});

test("the number of a live picture begins with 0 and has five digits of the server's domain", () => {
  assert.equal(liveSsrc("34020000002000000001", 12_345), 200_002_345);
  fc.assert(fc.property(fc.stringMatching(/^\d{20}$/), fc.nat(), (id, number) => liveSsrc(id, number) <= 999_999_999));
});

test("no text makes it throw", () => {
  fc.assert(fc.property(fc.string(), (text) => void readAnswer(text)));
});

test("an answer that names no place of its own leads to where the device has registered from", () => {
  for (const host of ["0.0.0.0", "camera.local", "999.1.2.3", "localhost", "::"])
    assert.equal(readAnswer(`v=0\r\nc=IN IP4 ${host}\r\nm=video 15060 RTP/AVP 96\r\n`)?.host, "", host);
  assert.equal(readAnswer("c=IN IP6 2001:db8::5\r\nm=video 15060 RTP/AVP 96")?.host, "2001:db8::5");
});
