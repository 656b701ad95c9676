/**
 * Publishes by the commands that people use, all without encoding anything again: FFmpeg copies files of every container to RTMP, GStreamer muxes FLV. A viewer gets
 * both tracks from the first second on, and every picture decodes. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { before, test } from "node:test";
import { ffmpeg, ffmpegDone } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
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
    const child = spawn("/usr/bin/python3", [program, `${end} ${pipeline}`], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
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
