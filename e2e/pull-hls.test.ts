/**
 * Channels that are pulled from HLS, in the forms that ffmpeg writes: MPEG-TS and MP4, sound of its own, encrypted, with discontinuities.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { clip } from "./clips.ts";
import { assertCopied, framesOfFlv, lateSound, longestStep } from "./copied-frames.ts";
import { ffmpeg, ffmpegDone } from "./ffmpeg.ts";
import { until } from "./lectern.ts";
import { pullChannel } from "./pulled-channel.ts";

const HEVC_CLIP = join(import.meta.dirname, "clips/hevc.flv");
const HEVC_SOURCE = join(import.meta.dirname, "clips/hevc.source.mp4");
const LIVE = ["-hls_time", "1", "-hls_list_size", "8", "-hls_flags", "delete_segments+temp_file"];

type Folder = { readonly path: string; readonly url: (name: string) => string; readonly asked: readonly string[] };

/** A folder that is served by HTTP. */
async function serve(t: TestContext): Promise<Folder> {
  const path = mkdtempSync(join(tmpdir(), "lectern-hls-"));
  const asked: string[] = [];
  const server = createServer(({ url = "", headers }, response) => {
    asked.push(`${headers.authorization ? "with credentials " : ""}${url}`);
    const file = join(path, new URL(url, "http://x").pathname);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.end(readFileSync(file));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(path, { recursive: true, force: true });
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { path, url: (name) => `http://127.0.0.1:${port}/${name}`, asked };
}

/** Writes HLS from a file that is played over and over in real time. */
async function writeForever(
  t: TestContext,
  { path }: Folder,
  file: string,
  args: readonly string[],
  list = "live.m3u8",
): Promise<void> {
  ffmpeg(t, ["-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "hls", ...LIVE, ...args, join(path, list)]);
  await until(
    () =>
      existsSync(join(path, list.replace("%v", "0"))) &&
      readFileSync(join(path, list.replace("%v", "0")), "utf8").includes("#EXTINF"),
    "HLS",
  );
}

describe("channels that are pulled by HTTP", { concurrency: 2 }, () => {
  test("files of FLV and MPEG-TS: no faster than real time, but for the seconds that an origin may have kept", async (t) => {
    const folder = await serve(t);
    for (const [name, format] of [
      ["lesson", "flv"],
      ["lesson.ts", "mpegts"],
    ] as const)
      await ffmpegDone(t, ["-i", clip("tiny", 60), "-c", "copy", "-f", format, join(folder.path, name)]);
    for (const name of ["lesson", "lesson.ts?token=secret"]) {
      const channel = pullChannel(t, { addresses: [folder.url(name)] });
      const begun = performance.now();
      const video = await channel.arrived("video", 450);
      assert.ok(performance.now() - begun > 2500, "18 s come in 3 s");
      assertCopied(video, framesOfFlv(clip("tiny", 60), "video"), "pictures");
      assertCopied(channel.frames("audio"), framesOfFlv(clip("tiny", 60), "audio"), "sound");
      assert.ok(!channel.said().includes("token=secret"));
      channel.job.close("test");
    }
    writeFileSync(join(folder.path, "page.flv"), "<html></html>");
    for (const name of ["page.flv", "page.m3u8"]) {
      const channel = pullChannel(t, { addresses: [folder.url(name)] });
      const { problem } = await channel.reported((report) => report.problem !== null);
      assert.equal(problem?.code, name === "page.flv" ? "not-media" : "no-such-stream");
    }
  });

  test("segments of MP4 with HEVC, and encrypted ones of MPEG-TS with H.264: every frame as it is", async (t) => {
    const mp4 = await serve(t);
    await writeForever(t, mp4, HEVC_SOURCE, ["-hls_segment_type", "fmp4", "-tag:v", "hvc1"]);
    const hevc = pullChannel(t, { addresses: [mp4.url("live.m3u8")] });
    assertCopied(await hevc.arrived("video", 200), framesOfFlv(HEVC_CLIP, "video"), "pictures");
    assertCopied(hevc.frames("audio"), framesOfFlv(HEVC_CLIP, "audio"), "sound");

    const encrypted = await serve(t);
    writeFileSync(join(encrypted.path, "key"), Buffer.from("0123456789abcdef"));
    writeFileSync(join(encrypted.path, "info"), `key\n${join(encrypted.path, "key")}\n`);
    await writeForever(t, encrypted, clip("b-frames", 9), ["-hls_key_info_file", join(encrypted.path, "info")]);
    const h264 = pullChannel(t, { addresses: [encrypted.url("live.m3u8").replace("//", "//teacher:s3cret@")] });
    assertCopied(await h264.arrived("video", 150), framesOfFlv(clip("b-frames", 9), "video"), "pictures");
    assertCopied(h264.frames("audio"), framesOfFlv(clip("b-frames", 9), "audio"), "sound");
    assert.ok(encrypted.asked.length > 5 && encrypted.asked.every((line) => line.startsWith("with credentials")));
    assert.ok(!h264.said().includes("s3cret"));
    assert.deepEqual([hevc.epochs.length, h264.epochs.length], [1, 1]);
  });

  for (const kind of ["mpegts", "fmp4"])
    test(`a playlist of playlists, with sound of its own, ${kind}: picture and sound stay together`, async (t) => {
      const folder = await serve(t);
      const maps = ["-map", "0:v", "-map", "0:a", "-hls_segment_type", kind, "-master_pl_name", "main.m3u8"];
      const groups = ["-var_stream_map", "v:0,agroup:sound a:0,agroup:sound,default:yes"];
      await writeForever(t, folder, clip("b-frames", 9), [...maps, ...groups], "live%v.m3u8");
      await until(() => existsSync(join(folder.path, "main.m3u8")), "the playlist of playlists");
      const channel = pullChannel(t, { addresses: [folder.url("main.m3u8")] });
      const video = await channel.arrived("video", 150);
      assertCopied(video, framesOfFlv(clip("b-frames", 9), "video"), "pictures");
      assertCopied(channel.frames("audio"), framesOfFlv(clip("b-frames", 9), "audio"), "sound");
      const late = lateSound(channel.frames, clip("b-frames", 9));
      assert.ok(late.length > 0 && late.every((by) => Math.abs(by) < 45), `sound is late by ${late.join(", ")} ms`);
      assert.ok(longestStep(video) < 300);
    });

  test("a recording is played in real time, through a discontinuity with another size, and has ended then", async (t) => {
    const folder = await serve(t);
    const segments = ["-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_list_size", "0"];
    await ffmpegDone(t, ["-i", clip("b-frames", 4), ...segments, join(folder.path, "a.m3u8")]);
    await ffmpegDone(t, ["-i", clip("larger", 2), ...segments, join(folder.path, "b.m3u8")]);
    const [a, b] = ["a", "b"].map((name) => readFileSync(join(folder.path, `${name}.m3u8`), "utf8"));
    const body = b
      ?.split("\n")
      .filter((line) => line !== "" && !/^#EXT(M3U|-X)/.test(line))
      .join("\n");
    writeFileSync(
      join(folder.path, "both.m3u8"),
      `${a?.replace("#EXT-X-ENDLIST", "#EXT-X-DISCONTINUITY")}${body}\n#EXT-X-ENDLIST\n`,
    );
    const begun = performance.now();
    const channel = pullChannel(t, { addresses: [folder.url("both.m3u8")] });
    const { problem } = await channel.reported((report) => report.problem !== null);
    assert.equal(problem?.code, "ended");
    const seconds = (performance.now() - begun) / 1000;
    assert.ok(seconds > 5.5 && seconds < 12, `${seconds} s`);
    const files = [clip("b-frames", 4), clip("larger", 2)];
    const video = files.flatMap((file) => framesOfFlv(file, "video"));
    assertCopied(channel.frames("video").slice(0, video.length), video, "pictures");
    const audio = files.flatMap((file) => framesOfFlv(file, "audio"));
    assertCopied(channel.frames("audio").slice(0, audio.length), audio, "sound");
    assert.ok(channel.frames("video").length >= video.length, `${channel.frames("video").length} of ${video.length} pictures`);
    assert.equal(channel.entries.filter((entry) => entry.kind === "configuration" && entry.track === "video").length, 2);
  });
});
