/**
 * Publishes the demonstration's streams: a picture with a clock and a soft tone, encoded by ffmpeg and sent by RTMP to `live/demo` and to
 * the lesson of the demonstration's school.
 */
import { ffmpegProgress, type SupervisedProcess, superviseProcess } from "../../../platform/jobs/supervised-process.ts";
import type { Logger } from "../../../platform/log.ts";

/** It publishes in real time: without a frame for so long it hangs. */
const STALLED_AFTER_MS = 15_000;
const COLOURS = ["0x0b3d4f", "0x12667a", "0x2a9d8f", "0x14213d"];

export type Demo = SupervisedProcess;

/**
 * Publishes until it is closed.
 * @param targets `app/name?key=…`: one encoding for all of them
 */
export function startDemo(rtmpPort: number, targets: readonly string[], log: Logger): Demo {
  return superviseProcess({
    name: "demo",
    command: "ffmpeg",
    args: demoArguments(targets.map((target) => `rtmp://127.0.0.1:${rtmpPort}/${target}`)),
    log,
    // ffmpeg writes the keys of its targets, which must not be logged.
    redact: (text) => text.replace(/key=[^\s|\]]*/g, "key=…"),
    progress: { of: ffmpegProgress, stalledAfterMs: STALLED_AFTER_MS },
  });
}

function demoArguments(urls: readonly string[]): string[] {
  const colours = COLOURS.map((colour, i) => `c${i}=${colour}`).join(":");
  const text = (options: string) => `drawtext=fontcolor=white:shadowcolor=black@0.4:shadowx=2:shadowy=2:${options}`;
  const picture = [
    // A gradient is as smooth enlarged, and costs a third.
    "format=yuv420p,scale=1280:720:flags=fast_bilinear",
    text("text='Lectern':fontsize=76:x=72:y=64"),
    text("text='A live lesson, made on this machine':fontsize=32:x=76:y=160"),
    text("text='%{localtime\\:%H\\\\\\:%M\\\\\\:%S}':fontsize=132:x=(w-tw)/2:y=(h-th)/2+30"),
    text("text='frame %{n}':fontsize=28:x=76:y=h-92"),
    // A bar that crosses the picture every four seconds shows a frozen stream at a glance.
    "drawbox=x='mod(t*320\\,1280)':y=ih-12:w=160:h=12:color=white@0.9:t=fill",
  ];
  return [
    ["-hide_banner", "-loglevel", "error", "-nostdin", "-nostats", "-progress", "pipe:1"],
    ["-re", "-f", "lavfi", "-i", `gradients=size=320x180:rate=25:nb_colors=4:${colours}:speed=0.008`],
    ["-re", "-f", "lavfi", "-i", "aevalsrc='0.08*sin(2*PI*(330+110*floor(mod(t,3)))*t)*exp(-3*mod(t,1))':sample_rate=48000"],
    ["-vf", picture.join(",")],
    ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-pix_fmt", "yuv420p"],
    ["-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-b:v", "900k", "-maxrate", "900k", "-bufsize", "900k"],
    ["-c:a", "aac", "-b:a", "64k", "-ac", "2"],
    // An ended lesson refuses the publisher; the other outputs continue.
    ["-map", "0:v", "-map", "1:a", "-flags", "+global_header"],
    ["-f", "tee", urls.map((url) => `[f=flv:onfail=ignore]${url}`).join("|")],
  ].flat();
}
