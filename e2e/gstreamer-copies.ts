/** Publishes files by GStreamer 1.22, without encoding anything again. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Scope } from "./lectern.ts";

const PROGRAM = join(import.meta.dirname, "gstreamer-launch.py");

/** Pipelines that read a file of `makeFiles` into a muxer with the name `m`. */
export const GSTREAMER_COPIES: Readonly<Record<string, string>> = {
  "MPEG-TS": "filesrc location=a.ts ! tsdemux name=d d. ! queue ! h264parse ! m. d. ! queue ! aacparse ! m.",
  MP4: "filesrc location=a.mp4 ! qtdemux name=d d. ! queue ! h264parse ! m. d. ! queue ! aacparse ! m.",
  Matroska: "filesrc location=a.mkv ! matroskademux name=d d. ! queue ! h264parse ! m. d. ! queue ! aacparse ! m.",
};

/** By RTMP: `rtmp2sink` writes its own. */
export const rtmpSink = (address: string) => `flvmux name=m streamable=true ! rtmp2sink location=${address} sync=true`;
export const srtSink = (port: number, streamId: string) =>
  `mpegtsmux name=m alignment=7 ! srtsink uri=srt://127.0.0.1:${port} streamid=${streamId} sync=true`;

/** Runs a pipeline until it ends, or the test does. @param folder of the files that it names */
export function runPipeline(
  t: Pick<Scope, "after">,
  pipeline: string,
  folder: string,
): { child: ChildProcess; said: () => string } {
  const child = spawn("/usr/bin/python3", [PROGRAM, pipeline], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (bytes) => (said += bytes));
  return { child, said: () => said };
}
