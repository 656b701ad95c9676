/** HLS, frame by frame: ffmpeg reads the published frames with their timestamps, in every codec. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, type TestContext } from "node:test";
import { assertTail, CLIPS, clip, ofStream } from "./clips.ts";
import { type Frame, ffmpegDone, frames, publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import type { Lectern } from "./lectern.ts";
import { longUnless } from "./long-tests.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-hls-"));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Records a stream from its first segment to its end. The clips have a key frame each second, so that a segment is short. */
async function record(t: TestContext, lectern: Lectern, name: string): Promise<string> {
  const file = join(directory, `${name}.mkv`);
  const from = ["-live_start_index", "0", "-i", `${lectern.http}/live/${name}.m3u8?audio=opus`];
  // Its rungs too are read by ffmpeg, which else takes the sound of any of them.
  const ofItself = ["-map", "0:v:0?", "-map", "0:a:0?"];
  await ffmpegDone(t, [...from, ...ofItself, "-c", "copy", "-copyts", "-f", "matroska", file]);
  return file;
}

/** How far the sound is from the picture at their beginnings, milliseconds. */
function apart(all: readonly Frame[]): number {
  const [video] = ofStream(all, 0);
  const [audio] = ofStream(all, 1);
  return video && audio ? audio.time - video.time : 0;
}

/** Those of the usual run: of each family one. */
const SHORT_RUN_CLIPS = ["b-frames", "audio only", "hevc"];

const SHORT = { "publish.graceSeconds": "1", "hls.segmentSeconds": "1" };

describe("HLS read by ffmpeg", { concurrency: 4 }, () => {
  for (const [name, { push = [] }] of Object.entries(CLIPS)) {
    longUnless(
      SHORT_RUN_CLIPS.includes(name),
      `${name}: every frame, once, in order, sound and picture as far apart as they were`,
      async (t) => {
        const lectern = await sharedLectern(SHORT);
        const file = clip(name);
        const stream = name.replaceAll(/[^a-z0-9]/g, "-");
        const publisher = publish(t, file, `${lectern.rtmp}/live/${stream}`, push);
        await lectern.stream(stream);
        const recording = record(t, lectern, stream);
        assert.equal((await publisher.done).code, 0);
        const sent = await frames(t, file, "packets");
        const seen = await frames(t, await recording, "packets");
        for (const track of new Set(sent.map((frame) => frame.stream))) {
          assert.equal(ofStream(seen, track).length, ofStream(sent, track).length, `stream ${track}`);
          assertTail(ofStream(seen, track), ofStream(sent, track), `stream ${track}`);
        }
        assert.ok(Math.abs(apart(seen) - apart(sent)) <= 20, `sound and picture: ${apart(seen)} ms, were ${apart(sent)} ms`);
        if (name !== "audio only") {
          const [pictures, source] = await Promise.all([
            frames(t, await recording, "decoded", "0:v"),
            frames(t, file, "decoded", "0:v"),
          ]);
          assertTail(pictures, source, "decoded pictures");
        }
      },
    );
  }

  for (const name of ["hevc", "av1", "vp9", "h264opus"]) {
    longUnless(SHORT_RUN_CLIPS.includes(name), `${name}: decoded, every picture and every sound of the source`, async (t) => {
      const lectern = await sharedLectern(SHORT);
      const source = join(import.meta.dirname, `clips/${name}.source.mp4`);
      const pusher = spawn(process.execPath, [join(import.meta.dirname, "push-file.ts"), source, `${lectern.rtmp}/live/${name}`], {
        stdio: "ignore",
      });
      t.after(() => pusher.kill("SIGKILL"));
      await lectern.stream(name, (stream) => stream.video !== null && stream.audio !== null);
      const recording = await record(t, lectern, name);
      const [seen, sent] = [await frames(t, recording, "decoded", "0:v"), await frames(t, source, "decoded", "0:v")];
      assert.equal(seen.length, sent.length);
      assertTail(seen, sent, "pictures");
      const [heard, said] = [await frames(t, recording, "packets", "0:a"), await frames(t, source, "packets", "0:a")];
      assert.deepEqual(
        heard.map((frame) => frame.hash),
        said.map((frame) => frame.hash),
      );
    });
  }
});
