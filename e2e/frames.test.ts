/**
 * Compares played frames with published frames: ffmpeg publishes clips of every codec in real time, and the output by RTMP, HTTP-FLV and
 * WebSocket-FLV must equal the source from the first key frame on.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type FlvTag, Malformed, parseAudioTag, parseVideoTag, writeFlvHeader, writeTag } from "@lectern/media";
import WebSocket from "ws";
import { makeCertificate } from "./certificate.ts";
import { assertTail, CLIPS, clip, ofStream } from "./clips.ts";
import { ffmpeg, frames, parseFrames, publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { freePort, type Lectern, startLectern, until } from "./lectern.ts";
import { long, longUnless } from "./long-tests.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-frames-"));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Those of the usual run: of each family one. */
const SHORT_RUN_CLIPS = ["b-frames", "audio only", "hevc"];

/** A stream ends soon after its publisher. */
const GRACE = { "publish.graceSeconds": "1" };

describe("clips published by ffmpeg", { concurrency: 4 }, () => {
  for (const [name, { push = [] }] of Object.entries(CLIPS)) {
    longUnless(SHORT_RUN_CLIPS.includes(name), `${name}: RTMP and HTTP-FLV viewers get every frame, once, in order`, async (t) => {
      const lectern = await sharedLectern(GRACE);
      const file = clip(name);
      const stream = name.replaceAll(/[^a-z0-9]/g, "-");
      const publisher = publish(t, file, `${lectern.rtmp}/live/${stream}`, push);
      await lectern.stream(stream);
      const copy = ["-c", "copy", "-f", "framemd5", "-"];
      const rtmp = ffmpeg(t, ["-i", `${lectern.rtmp}/live/${stream}`, ...copy]);
      const flvFile = join(directory, `${stream}.seen.flv`);
      const flv = fetch(`${lectern.http}/live/${stream}.flv`).then(async (response) =>
        writeFileSync(flvFile, Buffer.from(await response.arrayBuffer())),
      );
      assert.equal((await publisher.done).code, 0);
      await flv;
      const seenByRtmp = parseFrames((await rtmp.done).out.toString());
      const sent = await frames(t, file, "packets");
      const seenByFlv = await frames(t, flvFile, "packets");
      for (const track of new Set(sent.map((frame) => frame.stream))) {
        assertTail(ofStream(seenByFlv, track), ofStream(sent, track), `HTTP-FLV, track ${track}`);
        assertTail(ofStream(seenByRtmp, track), ofStream(sent, track), `RTMP, track ${track}`);
      }
      if (name !== "audio only") {
        assertTail(await frames(t, flvFile, "decoded", "0:v"), await frames(t, file, "decoded", "0:v"), "decoded pictures");
      }
    });
  }
});

/** What a decoder gets of each frame, by track. */
function payloads(tags: readonly FlvTag[], type: 8 | 9): { data: string; key: boolean; offset: number; time: number }[] {
  return tags.flatMap((tag) => {
    if (tag.type !== type) return [];
    const packet = type === 9 ? parseVideoTag(tag.body) : parseAudioTag(tag.body);
    if (packet instanceof Malformed || packet.kind !== "frame") return [];
    const offset = "compositionOffset" in packet ? packet.compositionOffset : 0;
    return [{ data: Buffer.from(packet.data).toString("base64"), key: "key" in packet && packet.key, offset, time: tag.timestamp }];
  });
}

function assertSamePayloads(seen: readonly FlvTag[], sent: readonly FlvTag[], type: 8 | 9): void {
  const [got, all] = [payloads(seen, type), payloads(sent, type)];
  assert.ok(got.length > 20, `only ${got.length} of ${all.length} frames`);
  const tail = all.slice(all.length - got.length);
  const shift = got[0]!.time - tail[0]!.time;
  assert.deepEqual(
    got.map((frame) => ({ ...frame, time: frame.time - shift })),
    tail,
  );
}

async function flvOf(lectern: Lectern, name: string): Promise<FlvTag[]> {
  // As the publisher sent it, Opus too.
  const response = await fetch(`${lectern.http}/live/${name}.flv?audio=opus`);
  assert.equal(response.status, 200);
  return readTags(Buffer.from(await response.arrayBuffer()));
}

describe("Enhanced RTMP, published by FFmpeg 8.1", { concurrency: 4 }, () => {
  for (const name of ["hevc", "av1", "vp9", "h264opus"]) {
    longUnless(
      SHORT_RUN_CLIPS.includes(name),
      `${name}: viewers get every packet that FFmpeg's own FLV muxer would write`,
      async (t) => {
        const lectern = await sharedLectern(GRACE);
        const source = join(import.meta.dirname, `clips/${name}.source.mp4`);
        const pusher = spawn(
          process.execPath,
          [join(import.meta.dirname, "push-file.ts"), source, `${lectern.rtmp}/live/${name}`],
          {
            stdio: "ignore",
          },
        );
        t.after(() => pusher.kill("SIGKILL"));
        const report = await lectern.stream(name, (stream) => stream.video !== null && stream.audio !== null);
        const seen = flvOf(lectern, name);
        const expected = readTags(join(import.meta.dirname, `clips/${name}.flv`));
        assertSamePayloads(await seen, expected, 9);
        assertSamePayloads(await seen, expected, 8);
        assert.deepEqual([report.video?.width, report.video?.height], [320, 180]);
      },
    );
  }
});

describe("a publisher whose clock and codec do as they like", { concurrency: 4 }, () => {
  const source = readTags(clip("b-frames"));
  const other = readTags(clip("larger", 2));
  let streams = 0;

  /** Publishes tags as fast as they can be sent, and gives what an HTTP-FLV viewer and a WebSocket viewer saw of them. */
  async function through(tags: readonly FlvTag[]) {
    // The whole clip comes at once, which would put every viewer seconds behind.
    const lectern = await sharedLectern({ ...GRACE, "viewer.maxQueueSeconds": "60" });
    const name = `odd${++streams}`;
    const client = await RtmpClient.open(lectern.rtmpPort);
    assert.equal(await client.publish(name), "NetStream.Publish.Start");
    const flv = flvOf(lectern, name);
    const ws = new WebSocket(`${lectern.http.replace("http", "ws")}/live/${name}.flv?audio=opus`);
    const pieces: Buffer[] = [];
    ws.on("message", (data: Buffer) => pieces.push(data));
    const closed = new Promise<[number, string]>((resolve) => ws.on("close", (code, reason) => resolve([code, reason.toString()])));
    await lectern.stream(name, (stream) => stream.viewers.total === 2);
    for (const tag of tags) client.tag(tag);
    client.command("deleteStream", 4, null, 1);
    const seen = await flv;
    assert.deepEqual(await closed, [1000, "publisher-gone"]);
    assert.deepEqual(readTags(Buffer.concat(pieces)), seen, "WebSocket-FLV carries what HTTP-FLV carries");
    return { seen };
  }
  const shifted = (tags: readonly FlvTag[], by: (time: number) => number) =>
    tags.map((tag) => ({ ...tag, timestamp: by(tag.timestamp) >>> 0 }));
  const steps = (tags: readonly FlvTag[]) => {
    const times = tags.filter((tag) => tag.type === 9 && tag.body[1] === 1).map((tag) => tag.timestamp);
    return times.slice(1).map((time, i) => time - times[i]!);
  };

  test("times that start near 2^32 and wrap: nothing is noticed", async () => {
    const { seen } = await through(shifted(source, (time) => time + 2 ** 32 - 1500));
    assertSamePayloads(seen, source, 9);
    assertSamePayloads(seen, source, 8);
  });

  test("times that jump an hour forward and back again: every frame, no hole, nothing backward", async () => {
    const { seen } = await through(shifted(source, (time) => time + (time >= 1000 && time < 2500 ? 3_600_000 : 0)));
    assert.equal(payloads(seen, 9).length, payloads(source, 9).length);
    assert.deepEqual(
      payloads(seen, 9).map((frame) => frame.data),
      payloads(source, 9).map((frame) => frame.data),
    );
    assert.deepEqual(
      payloads(seen, 8).map((frame) => frame.data),
      payloads(source, 8).map((frame) => frame.data),
    );
    assert.ok(
      steps(seen).every((step) => step >= 0 && step <= 120),
      `steps ${[...new Set(steps(seen))]}`,
    );
  });

  test("a codec and size change in mid-stream: decoders are told, and every frame of both can be decoded", async (t) => {
    const last = source.at(-1)!.timestamp;
    const { seen } = await through([...source, ...shifted(other, (time) => time + last + 40)]);
    assert.equal(payloads(seen, 9).length, payloads(source, 9).length + payloads(other, 9).length);
    const file = join(directory, "changed.flv");
    writeFileSync(
      file,
      Buffer.concat([writeFlvHeader(true, true), ...seen.map((tag) => writeTag(tag.type, tag.timestamp, [tag.body]))]),
    );
    const decoded = await frames(t, file, "decoded", "0:v");
    assert.equal(decoded.length, payloads(seen, 9).length);
  });

  test("audio and video whose clocks do not begin together stay as far apart as they were", async () => {
    const late = source.map((tag) => (tag.type === 8 ? { ...tag, timestamp: tag.timestamp + 70 } : tag));
    const { seen } = await through(late);
    const apart = (tags: readonly FlvTag[]) => payloads(tags, 8).at(-1)!.time - payloads(tags, 9).at(-1)!.time;
    assert.equal(apart(seen), apart(late));
  });
});

test("onlyaudio=1 and onlyvideo=1 carry one track, whole", async (t) => {
  const lectern = await sharedLectern(GRACE);
  const file = clip("b-frames");
  const publisher = publish(t, file, `${lectern.rtmp}/live/tracks`);
  await lectern.stream("tracks", (stream) => stream.audio !== null);
  const get = async (query: string) =>
    readTags(Buffer.from(await (await fetch(`${lectern.http}/live/tracks.flv?${query}`)).arrayBuffer()));
  const [sound, pictures] = await Promise.all([get("onlyaudio=1"), get("onlyvideo=1&delay=low")]);
  await publisher.done;
  const sent = readTags(readFileSync(file));
  assertSamePayloads(sound, sent, 8);
  assertSamePayloads(pictures, sent, 9);
  assert.ok(sound.every((tag) => tag.type !== 9) && pictures.every((tag) => tag.type !== 8));
});

long("RTMPS carries what RTMP carries", async (t) => {
  const { cert, key } = makeCertificate(directory, "localhost");
  const port = await freePort();
  const lectern = await startLectern(t, { "publish.graceSeconds": "1", "rtmp.tls": JSON.stringify({ cert, key, port }) });
  const file = clip("29.97 fps");
  const publisher = publish(t, file, `rtmps://127.0.0.1:${port}/live/secure`);
  await lectern.stream("secure");
  const viewer = ffmpeg(t, ["-i", `rtmps://127.0.0.1:${port}/live/secure`, "-map", "0:v", "-c", "copy", "-f", "framemd5", "-"]);
  assert.equal((await publisher.done).code, 0);
  assertTail(parseFrames((await viewer.done).out.toString()), await frames(t, file, "packets", "0:v"), "RTMPS");
  await until(async () => (await lectern.metric("lectern_streams")) === 0, "the stream's end");
});
