/**
 * Publishes by the commands that people use, all without encoding anything again: FFmpeg copies files of every container to RTMP, GStreamer muxes FLV. A viewer gets
 * both tracks from the first second on, and every picture decodes. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { ffmpeg, ffmpegDone } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { GSTREAMER_COPIES, rtmpSink, runPipeline } from "./gstreamer-copies.ts";
import { until } from "./lectern.ts";
import { COPIED, makeFiles } from "./publisher-files.ts";

const SECONDS = 6;
let folder = "";

before(async () => {
  folder = await makeFiles(SECONDS);
});

for (const [what, { input, tracks, options = [] }] of Object.entries(COPIED)) {
  test(`FFmpeg copies ${what}`, async (t) => {
    const lectern = await sharedLectern();
    const name = `copied-${what.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
    const inputs = input.flatMap((file) => ["-re", "-i", join(folder, file)]);
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

for (const [what, pipeline] of Object.entries(GSTREAMER_COPIES)) {
  test(`GStreamer copies ${what}`, async (t) => {
    const lectern = await sharedLectern();
    const name = `muxed-${what.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
    const { child, said } = runPipeline(t, `${rtmpSink(`${lectern.rtmp}/live/${name}`)} ${pipeline}`, folder);
    const report = await lectern.stream(name, ({ video, audio }) => video?.codec === "h264" && audio?.codec === "aac");
    assert.equal(report.uplink.problem, null);
    const input = ["-err_detect", "explode", "-xerror", "-i", `${lectern.http}/live/${name}.flv`];
    await ffmpegDone(t, [...input, "-t", "3", "-f", "null", "-"]);
    await until(() => child.exitCode !== null, "the end of the pipeline");
    assert.equal(child.exitCode, 0, said());
  });
}
