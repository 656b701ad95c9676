/**
 * Publishes by the commands that people use, all without encoding anything again: FFmpeg copies files of every container to RTMP, GStreamer muxes FLV. A viewer gets
 * both tracks from the first second on, and every picture decodes. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { clip } from "./clips.ts";
import { ffmpeg, ffmpegDone } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { until } from "./lectern.ts";

const FOLDER = join(import.meta.dirname, "../.cache/rtmp-publishers");
const SECONDS = 6;

/** Files that are made of one clip, by their name and FFmpeg's options. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  "a.ts": ["-c", "copy"],
  "a.m3u8": ["-c", "copy", "-hls_time", "2", "-hls_list_size", "0"],
  "a.aac": ["-vn", "-c:a", "copy"],
  "a.h264": ["-an", "-c:v", "copy", "-bsf:v", "h264_mp4toannexb"],
  "a.mkv": ["-c", "copy"],
  "a.mp4": ["-c", "copy"],
  "a.mov": ["-c", "copy"],
  "a.flv": ["-c", "copy"],
  "mp3.mkv": ["-c:v", "copy", "-c:a", "libmp3lame"],
  "silent.ts": ["-an", "-c:v", "copy"],
  "slices.ts": ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-x264-params", "slices=4", "-c:a", "copy"],
};

/** What a row publishes, and what a viewer gets of it. */
type Row = { readonly input: readonly string[]; readonly tracks: string; readonly options?: readonly string[] };

const ROWS: Readonly<Record<string, Row>> = {
  "MPEG-TS": { input: ["a.ts"], tracks: "h264 aac" },
  "HLS of MPEG-TS": { input: ["a.m3u8"], tracks: "h264 aac" },
  "ADTS alone": { input: ["a.aac"], tracks: "- aac" },
  "a byte stream of H.264 alone": { input: ["a.h264"], tracks: "h264 -" },
  "a byte stream and ADTS": { input: ["a.h264", "a.aac"], tracks: "h264 aac" },
  Matroska: { input: ["a.mkv"], tracks: "h264 aac" },
  MP4: { input: ["a.mp4"], tracks: "h264 aac" },
  QuickTime: { input: ["a.mov"], tracks: "h264 aac" },
  FLV: { input: ["a.flv"], tracks: "h264 aac" },
  "MP3 in Matroska": { input: ["mp3.mkv"], tracks: "h264 mp3" },
  "MPEG-TS without sound": { input: ["silent.ts"], tracks: "h264 -" },
  "pictures of four slices": { input: ["slices.ts"], tracks: "h264 aac" },
  "without metadata": { input: ["a.ts"], tracks: "h264 aac", options: ["-flvflags", "no_metadata"] },
  "with AAC headers found late": { input: ["a.ts"], tracks: "h264 aac", options: ["-flvflags", "aac_seq_header_detect"] },
};

before(async () => {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, options] of Object.entries(FILES))
    if (!existsSync(join(FOLDER, name))) await ffmpegDone(wholeFile, ["-i", clip("tiny", SECONDS), ...options, join(FOLDER, name)]);
});

for (const [what, { input, tracks, options = [] }] of Object.entries(ROWS)) {
  test(`FFmpeg copies ${what}`, async (t) => {
    const lectern = await sharedLectern();
    const name = `copied-${what.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
    const inputs = input.flatMap((file) => ["-re", "-i", join(FOLDER, file)]);
    const publisher = ffmpeg(t, [...inputs, "-c", "copy", ...options, "-f", "flv", `${lectern.rtmp}/live/${name}`]);
    const codecs = ({ video, audio }: { video: { codec: string } | null; audio: { codec: string } | null }) =>
      `${video?.codec ?? "-"} ${audio?.codec ?? "-"}`;
    const report = await lectern.stream(name, (stream) => codecs(stream) === tracks);
    assert.equal(report.uplink.problem, null);
    const most = ["-t", "3", "-f", "null", "-"];
    await ffmpegDone(t, ["-err_detect", "explode", "-xerror", "-i", `${lectern.http}/live/${name}.flv`, ...most]);
    const { code, said } = await publisher.done;
    assert.equal(code, 0, said);
  });
}

/** Pipelines of GStreamer 1.22, whose `rtmp2sink` writes its own RTMP. */
const PIPELINES: Readonly<Record<string, string>> = {
  "MPEG-TS": "filesrc location=a.ts ! tsdemux name=d d. ! queue ! h264parse ! m. d. ! queue ! aacparse ! m.",
  MP4: "filesrc location=a.mp4 ! qtdemux name=d d. ! queue ! h264parse ! m. d. ! queue ! aacparse ! m.",
  Matroska: "filesrc location=a.mkv ! matroskademux name=d d. ! queue ! h264parse ! m. d. ! queue ! aacparse ! m.",
};

for (const [what, pipeline] of Object.entries(PIPELINES)) {
  test(`GStreamer copies ${what}`, async (t) => {
    const lectern = await sharedLectern();
    const name = `muxed-${what.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
    const end = `flvmux name=m streamable=true ! rtmp2sink location=${lectern.rtmp}/live/${name} sync=true`;
    const program = join(import.meta.dirname, "gstreamer-launch.py");
    const child = spawn("/usr/bin/python3", [program, `${end} ${pipeline}`], { cwd: FOLDER, stdio: ["ignore", "ignore", "pipe"] });
    t.after(() => child.kill("SIGKILL"));
    let said = "";
    child.stderr.on("data", (bytes) => (said += bytes));
    const report = await lectern.stream(name, ({ video, audio }) => video?.codec === "h264" && audio?.codec === "aac");
    assert.equal(report.uplink.problem, null);
    const input = ["-err_detect", "explode", "-xerror", "-i", `${lectern.http}/live/${name}.flv`];
    await ffmpegDone(t, [...input, "-t", "3", "-f", "null", "-"]);
    await until(() => child.exitCode !== null, "the end of the pipeline");
    assert.equal(child.exitCode, 0, said);
  });
}
