import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { isRtcp, type RtcpPacket, type RtpPacket, readRtcp, readRtpPacket, writeRtcp } from "@lectern/media";
import { ManualClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { SourceFrame, SourceMessage, Stream } from "../../streams/index.ts";
import { aacConfiguration, avcConfiguration } from "../../streams/synthetic-source.ts";
import { testStream } from "../../streams/test-stream.ts";
import { readOffer } from "../sdp/offer.ts";
import { PacketPacer } from "./packet-pacer.ts";
import { RtpOutputs } from "./rtp-outputs.ts";
import type { Rung } from "./rung-choice.ts";
import { WhepSession } from "./session.ts";
import { findWatched, watchedNames } from "./sources.ts";
import { chooseWatched } from "./watched-media.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const OFFER = [
  "v=0",
  "o=- 1 1 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0 1",
  "a=ice-ufrag:abcd",
  "a=ice-pwd:abcdefghijklmnopqrstuv",
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`,
  "a=setup:actpass",
  "m=video 9 UDP/TLS/RTP/SAVPF 102",
  "a=mid:0",
  "a=recvonly",
  "a=rtcp-mux",
  "a=rtpmap:102 H264/90000",
  "a=fmtp:102 packetization-mode=1;profile-level-id=42e01f",
  "a=rtcp-fb:102 goog-remb",
  "a=rtcp-fb:102 nack",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=mid:1",
  "a=recvonly",
  "a=rtcp-mux",
  "a=rtpmap:111 opus/48000/2",
  "",
].join("\r\n");

const opusConfiguration: SourceMessage = {
  kind: "configuration",
  track: "audio",
  codec: "Opus",
  data: Uint8Array.from([...Buffer.from("OpusHead"), 1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]),
};

/** A picture of one slice whose bytes tell its time. */
function picture(timestamp: number, key: boolean, bytes: number): SourceFrame {
  const nal = Buffer.alloc(bytes, 1);
  nal[0] = key ? 0x65 : 0x41;
  // The picture's first slice.
  nal[1] = 0x88;
  nal.writeUInt32BE(timestamp, 2);
  const payload = Buffer.concat([Buffer.from([bytes >> 24, bytes >> 16, bytes >> 8, bytes]), nal]);
  const shape = { kind: "frame", track: "video", codec: "avc1", compositionOffset: 0, disposable: false, soundFlags: 0 } as const;
  return { ...shape, timestamp, key, payload };
}

/** 20 ms of Opus: TOC of CELT, 20 ms, one frame. */
function sound(timestamp: number): SourceFrame {
  const shape = { kind: "frame", track: "audio", codec: "Opus", compositionOffset: 0, key: true, disposable: false } as const;
  return { ...shape, timestamp, soundFlags: 0, payload: Uint8Array.of(0xf8, 1, 2, 3) };
}

/** Picture of 25 frames a second with a key frame each 2 s, and sound. */
function* lesson(from: number, to: number, bytes = 3000): Generator<SourceFrame> {
  for (let time = from; time < to; time += 20) {
    yield sound(time);
    if (time % 40 === 0) yield picture(time, time % 2000 === 0, bytes);
  }
}

async function open(
  t: TestContext,
  rungsOf: (stream: Stream) => readonly Rung[] = () => [],
  find?: (name: string) => Stream | Refusal | Promise<Stream | Refusal>,
  as: (frame: SourceFrame) => SourceFrame = (frame) => frame,
  soundConfiguration: SourceMessage = opusConfiguration,
) {
  const clock = new ManualClock();
  const pacer = new PacketPacer(clock);
  t.after(() => pacer.close());
  const source = testStream(clock);
  source.push([avcConfiguration(), soundConfiguration, ...[...lesson(0, 3000)].map(as)]);
  const { stream } = source;
  const offer = readOffer(OFFER);
  assert.ok("media" in offer);
  const media = chooseWatched(offer, { video: true, audio: true }, "msid");
  assert.ok(typeof media !== "string" && media.video && media.audio);
  const rtp: RtpPacket[] = [];
  const rtcp: RtcpPacket[] = [];
  const ended: string[] = [];
  let joins = 0;
  const finding = async (_app: string, name: string) => (await find?.(name)) ?? new Refusal("no-such-stream");
  const session = new WhepSession(
    stream,
    await findWatched(stream, finding),
    media,
    {
      send: (bytes) => {
        const copy = Uint8Array.from(bytes);
        if (isRtcp(copy)) {
          const packets = readRtcp(copy);
          assert.ok(Array.isArray(packets));
          rtcp.push(...packets);
        } else {
          const packet = readRtpPacket(copy);
          assert.ok("payload" in packet);
          rtp.push(packet);
        }
        return true;
      },
      close: () => {},
    },
    { clock, pacer, outputs: new RtpOutputs(clock), rungsOf, find: finding, wantsVideo: true, random: () => 0x1234_5678 },
    { joined: () => joins++, sent: () => {}, skipped: () => {}, ended: (reason) => ended.push(reason) },
  );
  const ssrcs = { video: media.video.sender.ssrc, audio: media.audio.sender.ssrc };
  const of = (track: "video" | "audio") => rtp.filter(({ ssrc }) => ssrc === ssrcs[track]);
  /** Time goes on with what the publisher sends meanwhile. */
  const run = async (from: number, to: number, bytes?: number, more: (time: number) => void = () => {}): Promise<void> => {
    for (let time = from; time < to; time += 20) {
      source.push([...lesson(time, time + 20, bytes)].map(as));
      more(time);
      for (let step = 0; step < 4; step++) {
        clock.advance(5);
        await turn();
        await turn();
      }
    }
  };
  return { clock, source, stream, session, rtp, rtcp, ended, of, ssrcs, run, joins: () => joins };
}

test("a viewer gets the newest GOP at once, then sound and picture, and reports that put them together", async (t) => {
  const { session, of, rtcp, run, ssrcs, stream, joins } = await open(t);
  assert.equal(stream.countViewers().get("whep"), 1);
  session.connected();
  await turn();
  assert.ok(of("video").length > 0, "the key frame is sent at once");
  assert.equal(joins(), 1);
  await run(3000, 6000);
  for (const track of ["video", "audio"] as const)
    for (const [i, packet] of of(track).entries())
      if (i > 0) assert.equal(packet.sequence, ((of(track)[i - 1]?.sequence ?? 0) + 1) & 0xffff, `${track} ${i}`);
  assert.equal(of("audio").length, 150);
  const reports = rtcp.filter((packet) => packet.kind === "sender-report");
  const last = (ssrc: number) => reports.filter((report) => report.ssrc === ssrc).at(-1);
  const [video, audio] = [last(ssrcs.video), last(ssrcs.audio)];
  assert.ok(video && audio && video.ntpMs === audio.ntpMs);
  // Both say the same of a moment: the first sound and the first picture after the beginning were of the same time.
  const at = (track: "video" | "audio", rate: number, report: { ntpMs: number; timestamp: number }, packet?: RtpPacket) =>
    report.ntpMs + (((packet?.timestamp ?? 0) - report.timestamp) | 0) / (rate / 1000) - (track === "video" ? 0 : 0);
  const frameAt = at("video", 90_000, video, of("video").at(-1));
  const soundAt = at("audio", 48_000, audio, of("audio").at(-1));
  assert.ok(Math.abs(frameAt - 20 - (soundAt - 40)) < 21 && Math.abs(frameAt - soundAt) <= 21, `${frameAt} and ${soundAt}`);
});

test("garbage of any kind from the viewer changes nothing", async (t) => {
  const { session, of, run } = await open(t);
  session.connected();
  await turn();
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return seed % below;
  };
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from({ length: random(120) }, () => random(256));
    if (bytes.length > 4 && i % 2 === 0) {
      bytes[0] = 0x80 | random(32);
      bytes[1] = 200 + random(8);
      bytes[3] = random(30);
    }
    session.received(bytes);
  }
  const before = of("video").length;
  await run(3000, 4000);
  assert.ok(of("video").length > before);
});

test("a viewer that asks for a key frame gets the newest group again, at most once in a second", async (t) => {
  const { session, of, run, ssrcs } = await open(t);
  session.connected();
  await run(3000, 5000);
  const pli = writeRtcp([{ kind: "pli", sender: 1, media: ssrcs.video }]);
  const times = () => of("video").filter(({ payload }) => ((payload[0] ?? 0) & 31) === 24).length;
  const before = times();
  for (let i = 0; i < 50; i++) session.received(pli);
  await run(5000, 5400);
  assert.equal(times(), before + 1);
  const video = of("video");
  for (const [i, packet] of video.entries())
    if (i > 0) assert.ok(((packet.timestamp - (video[i - 1]?.timestamp ?? 0)) | 0) >= 0, "time does not go back");
});

test("a connection that carries little is moved to a rung and back, with sequence numbers and times that go on", async (t) => {
  const clock = new ManualClock();
  const rung = testStream(clock, "epoch 1", "math@360p");
  rung.push([avcConfiguration()]);
  const { session, of, run, rtcp } = await open(
    t,
    () => [{ name: "math@360p", kbps: 200 }],
    (name) => (name === "math@360p" ? rung.stream : new Refusal("no-such-stream")),
  );
  session.connected();
  await run(3000, 7000);
  const remb = (bitsPerSecond: number) => session.received(writeRtcp([{ kind: "remb", sender: 1, bitsPerSecond, ssrcs: [] }]));
  // The rung is half a second behind its source.
  const feed = (time: number): void => {
    if (time % 40 === 0 && time >= 500) rung.push([picture(time - 520, (time - 520) % 2000 === 0, 500)]);
  };
  const isSmall = (): boolean => (of("video").at(-1)?.payload.length ?? 0) < 600;
  let time = 7000;
  for (; time < 20_000 && !isSmall(); time += 200) {
    remb(300_000);
    await run(time, time + 200, undefined, feed);
  }
  assert.ok(isSmall(), "it is moved down");
  for (; time < 60_000 && isSmall(); time += 200) {
    remb(5_000_000);
    await run(time, time + 200, undefined, feed);
  }
  assert.ok(!isSmall(), "it is moved up again");
  const video = of("video");
  for (const [i, packet] of video.entries()) {
    const before = video[i - 1];
    if (!before) continue;
    assert.equal(packet.sequence, (before.sequence + 1) & 0xffff);
    const step = (packet.timestamp - before.timestamp) | 0;
    assert.ok(step >= 0 && step < 90_000, `a step of ${step / 90} ms`);
  }
  assert.ok(rtcp.length > 0);
});

test("the picture does not wait for sound that is being made, which comes when it is there, and again when its encoder was given up", async (t) => {
  const clock = new ManualClock();
  const asked: ((found: Stream | Refusal) => void)[] = [];
  const finding = (name: string) =>
    new Promise<Stream | Refusal>((resolve) => {
      assert.equal(name, "math@opus");
      asked.push(resolve);
    });
  const made = () => {
    const rendition = testStream(clock, "epoch 1", "math@opus");
    rendition.push([opusConfiguration]);
    return rendition;
  };
  const asAac = (frame: SourceFrame) => (frame.track === "audio" ? { ...frame, codec: "mp4a" } : frame);
  const { session, of, run, ended } = await open(t, () => [], finding, asAac, aacConfiguration);
  session.connected();
  await turn();
  assert.ok(of("video").length > 0, "a picture at once");
  await run(3000, 4000);
  assert.deepEqual(
    [of("audio").length, asked.length],
    [0, 2],
    "asked for when it joined, and not again while that is not answered",
  );
  let rendition = made();
  for (const answer of asked.splice(0)) answer(rendition.stream);
  await run(4000, 6000, undefined, (time) => rendition.push([sound(time)]));
  assert.ok(of("audio").length > 90, `${of("audio").length} packets of sound`);
  const before = of("audio").length;
  rendition.stream.end("encoder-failed");
  await run(6000, 12_000);
  assert.deepEqual([ended, asked.length], [[], 1], "asked for again");
  // No room for it now: it is asked for again later.
  asked.shift()?.(new Refusal("full"));
  await run(12_000, 18_000);
  rendition = made();
  asked.shift()?.(rendition.stream);
  const pictures = of("video").length;
  await run(18_000, 20_000, undefined, (time) => rendition.push([sound(time)]));
  assert.ok(of("audio").length > before + 90, "sound again");
  assert.ok(of("video").length > pictures);
  for (const [i, packet] of of("audio").entries())
    if (i > 0) assert.equal(packet.sequence, ((of("audio")[i - 1]?.sequence ?? 0) + 1) & 0xffff, `sound ${i}`);
  assert.deepEqual(ended, []);
});

test("a stream that ends, or changes to what browsers do not take, ends the session with the reason", async (t) => {
  const first = await open(t);
  first.session.connected();
  first.stream.end("publisher-gone");
  assert.deepEqual(first.ended, ["publisher-gone"]);
  assert.ok(first.rtcp.some(({ kind }) => kind === "bye") || first.of("video").length === 0);
  first.session.close("again");
  assert.equal(first.ended.length, 1);

  const second = await open(t);
  second.session.connected();
  await turn();
  const reordered = (time: number): SourceFrame => ({
    ...picture(time, time % 2000 === 0, 500),
    compositionOffset: (time / 40) % 2 ? 80 : 0,
  });
  for (let time = 3000; time < 6000; time += 40) {
    second.source.push([sound(time), reordered(time), sound(time + 20)]);
    second.clock.advance(40);
    await turn();
  }
  assert.deepEqual(second.ended, ["media-changed"]);
  assert.equal(watchedNames(second.stream).video, "math@rtc");
  assert.equal(second.stream.countViewers().get("whep") ?? 0, 0);
});
