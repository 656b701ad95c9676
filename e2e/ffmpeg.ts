/** Runs ffmpeg to make clips, to publish, to watch, and to list the frames that it received. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Scope } from "./lectern.ts";

export type Run = { readonly child: ChildProcess; readonly done: Promise<{ code: number | null; out: Buffer; said: string }> };

/** Starts ffmpeg, which is ended with the test. */
export function ffmpeg(t: Scope, args: readonly string[]): Run {
  const child = spawn("ffmpeg", ["-hide_banner", "-loglevel", "error", "-nostdin", "-y", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  let said = "";
  child.stdout.on("data", (bytes) => out.push(bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  t.after(() => child.kill("SIGKILL"));
  const done = new Promise<{ code: number | null; out: Buffer; said: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, out: Buffer.concat(out), said }));
  });
  return { child, done };
}

/** Runs ffmpeg to its end. @throws Error with its words when it fails */
export async function ffmpegDone(t: Scope, args: readonly string[]): Promise<Buffer> {
  const { code, out, said } = await ffmpeg(t, args).done;
  if (code !== 0) throw new Error(`ffmpeg ${args.join(" ")}\n${said}`);
  return out;
}

/** The codecs of a stream or a file, one `stream|codec_name=…` a line. */
export async function ffprobe(t: Scope, input: string): Promise<string> {
  const child = spawn("ffprobe", ["-v", "error", "-show_entries", "stream=codec_name", "-of", "compact", input], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  let text = "";
  child.stdout.on("data", (bytes) => (text += bytes));
  await new Promise((resolve) => child.on("close", resolve));
  // HLS lists the streams of its program too.
  return text
    .split("\n")
    .filter((line) => line.startsWith("stream"))
    .join("\n");
}

/** Publishes a file over and over in real time. */
export function publishForever(t: Scope, file: string, url: string): Run {
  return ffmpeg(t, ["-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "flv", url]);
}

/** Publishes a file so many times as fast as real time. */
export function publishFast(t: Scope, file: string, url: string, speed: number): Run {
  return ffmpeg(t, ["-readrate", String(speed), "-i", file, "-c", "copy", "-f", "flv", url]);
}

/** Publishes a file in real time. */
export function publish(t: Scope, file: string, url: string, extra: readonly string[] = []): Run {
  return ffmpeg(t, ["-re", "-i", file, "-c", "copy", ...extra, "-f", "flv", url]);
}

export type Frame = {
  /** The output stream it belongs to: 0 video, 1 audio where both are there. */
  readonly stream: number;
  /** Milliseconds. */
  readonly time: number;
  readonly hash: string;
};

/** Packets (`-c copy`) or decoded frames of an address or file, each with its hash. */
export async function frames(t: Scope, input: string, how: "packets" | "decoded", map = "0"): Promise<Frame[]> {
  const codec = how === "packets" ? ["-c", "copy"] : ["-fps_mode", "passthrough", "-enc_time_base", "0.001"];
  const out = await ffmpegDone(t, ["-i", input, "-map", map, ...codec, "-f", "framemd5", "-"]);
  return parseFrames(out.toString());
}

export function parseFrames(text: string): Frame[] {
  const bases = new Map(
    [...text.matchAll(/^#tb (\d+): (\d+)\/(\d+)/gm)].map(([, stream, a, b]) => [Number(stream), (1000 * Number(a)) / Number(b)]),
  );
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [stream = "", dts = "", , , , hash = ""] = line.split(",").map((field) => field.trim());
      return { stream: Number(stream), time: Number(dts) * (bases.get(Number(stream)) ?? 1), hash };
    });
}
