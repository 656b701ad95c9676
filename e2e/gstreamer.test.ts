/** GStreamer publishes by WHIP with a WebRTC of its own (libnice, OpenSSL, libsrtp). Only with --all, or by name. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { ffmpegDone, parseFrames } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";

test("GStreamer publishes H.264 and Opus by WHIP, is decoded without an error, and ends with DELETE", async (t) => {
  const lectern = await sharedLectern({ "publish.graceSeconds": "1" });
  const program = join(import.meta.dirname, "gstreamer-whip.py");
  const child = spawn("/usr/bin/python3", [program, `${lectern.http}/live/capture/whip`, "any"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  child.stderr.on("data", (bytes) => t.diagnostic(String(bytes)));
  const report = await lectern.stream("capture", ({ video, audio }) => video !== null && video.width > 0 && audio !== null);
  assert.deepEqual([report.publisher?.protocol, report.video?.codec, report.audio?.codec], ["whip", "h264", "opus"]);
  const some = ["-map", "0:v", "-frames:v", "50", "-fps_mode", "passthrough", "-f", "framemd5", "-"];
  const input = ["-err_detect", "explode", "-xerror", "-i", `${lectern.http}/live/capture.flv?onlyvideo=1`];
  const decoded = parseFrames((await ffmpegDone(t, [...input, ...some])).toString());
  assert.equal(decoded.length, 50);
  assert.ok(new Set(decoded.map(({ hash }) => hash)).size > 30, "the picture moves");
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
  await until(async () => (await fetch(`${lectern.http}/live/capture.flv`)).status === 404, "the end of the stream");
});
