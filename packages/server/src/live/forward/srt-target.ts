/**
 * Sends a stream by SRT: ffmpeg reads it as fragmented MP4, and sends it as MPEG-TS, without encoding. Another configuration needs another
 * ffmpeg, since it writes a stream's configuration only once.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobProblem, JobProblemCode } from "../../contracts/jobs/job-report.ts";
import { type GroupExit, startBackgroundGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import { ffmpegProgress } from "../../platform/jobs/supervised-process.ts";
import { type InputTracks, inputFrame, inputHeader } from "../program-input.ts";
import type { LogContext, MediaEntry } from "../streams/index.ts";
import { areSameTracks, FRAME_MS, srtTracks } from "./srt-input.ts";
import { type SrtOptions, srtOptions } from "./srt-options.ts";
import { startFeed } from "./stream-feed.ts";
import type { Address, Target, TargetOptions } from "./target.ts";

/** ffmpeg waits so long for a frame of the other track before it sends one. */
const MAX_INTERLEAVE_US = 500_000;
/** ffmpeg sends its last bytes within this, or is killed. */
const LINGER_MS = 3000;
const SAID_CHARACTERS = 200;

export function startSrtTarget(options: TargetOptions): Target {
  const { url, log, clock } = options;
  const srt = srtOptions(url);
  let sender: Sender | null = null;
  let closed = false;

  const close = (): void => {
    closed = true;
    feed.close();
    sender?.finish();
  };
  const end = (problem: JobProblem | null): void => {
    if (closed) return;
    close();
    options.onEnd(problem);
  };
  /** Not within the feed's own call. */
  const refuse = (detail: string, code: JobProblemCode = "unsupported"): false => {
    setImmediate(() => end({ code, detail }));
    return false;
  };
  const send = (frame: MediaEntry, context: LogContext, isNewContext: boolean): boolean => {
    if (typeof srt === "string") return refuse(srt);
    if (isNewContext) {
      const tracks = srtTracks(context);
      if (typeof tracks === "string") return refuse(tracks);
      if (sender && !areSameTracks(sender.tracks, tracks)) {
        // The target takes the next connection when this one is over.
        sender.finish();
        return false;
      }
      const preset = sender ? null : presetFile(srt.preset);
      if (preset instanceof Error) return refuse(`A temporary file could not be written: ${preset.message}`, "program-failed");
      sender ??= startSender(options, srt, tracks, preset, { onDrain: () => feed.resume(), onEnd: end });
    }
    return sender?.send(frame) ?? false;
  };
  const feed = startFeed({
    log,
    clock,
    send,
    onStalled: () => end({ code: "stalled", detail: "ffmpeg takes nothing any more." }),
  });
  return { close, pid: () => sender?.pid ?? null };
}

type Sender = {
  readonly tracks: InputTracks;
  readonly pid: number | null;
  /** False: wait for `onDrain`. */
  readonly send: (frame: MediaEntry) => boolean;
  /** Has ffmpeg send what it has, and end. */
  readonly finish: () => void;
};

type SenderEvents = {
  readonly onDrain: () => void;
  /** ffmpeg has ended; null: because it was told to. */
  readonly onEnd: (problem: JobProblem | null) => void;
};

/** @param preset removed when ffmpeg has read it */
function startSender(
  { address, command, clock, onRunning }: TargetOptions,
  srt: SrtOptions,
  tracks: InputTracks,
  preset: PresetFile | null,
  { onDrain, onEnd }: SenderEvents,
): Sender {
  const group = startBackgroundGroup(command, ffmpegArguments(address, preset?.path ?? null));
  const said = stderrTail(group);
  let isRunning = false;
  let isFinished = false;
  let cancelKill = () => {};
  group.stdout.on("data", (bytes: Buffer) => {
    if (isRunning || isFinished || !`${bytes}`.split("\n").some((line) => ffmpegProgress(line) !== null)) return;
    isRunning = true;
    preset?.remove();
    onRunning();
  });
  group.stdin.on("drain", onDrain);
  group.stdin.write(inputHeader(tracks));
  void group.exited.then((exit) => {
    preset?.remove();
    cancelKill();
    onEnd(isFinished ? null : exitProblem(exit, srt.redact(said()), isRunning));
  });
  return {
    tracks,
    pid: group.pid,
    send: (frame) => {
      if (isFinished) return false;
      const bytes = inputFrame(frame, tracks, FRAME_MS);
      return bytes === null || group.stdin.write(bytes);
    },
    finish: () => {
      if (isFinished) return;
      isFinished = true;
      group.stdin.end();
      cancelKill = clock.after(LINGER_MS, group.kill);
    },
  };
}

function ffmpegArguments({ host, port }: Address, preset: string | null): string[] {
  return [
    ...["-hide_banner", "-loglevel", "warning", "-nostats", "-progress", "pipe:1"],
    // The header has told everything: no frames are read ahead to guess it.
    ...["-probesize", "32", "-analyzeduration", "0", "-f", "mp4", "-i", "pipe:0"],
    // Times are the stream's, and each frame is sent at once.
    ...["-map", "0", "-c", "copy", "-copyts", "-muxdelay", "0", "-flush_packets", "1"],
    ...["-max_interleave_delta", String(MAX_INTERLEAVE_US)],
    ...(preset === null ? [] : ["-fpre", preset]),
    ...["-f", "mpegts", `srt://${host.includes(":") ? `[${host}]` : host}:${port}`],
  ];
}

type PresetFile = { readonly path: string; readonly remove: () => void };

/** A file with the connection's secrets, which every user of the machine could read in ffmpeg's arguments. Null: there are none. */
function presetFile(preset: string): PresetFile | null | Error {
  if (preset === "") return null;
  try {
    const folder = mkdtempSync(join(tmpdir(), "lectern-srt-"));
    const path = join(folder, "options");
    writeFileSync(path, preset, { mode: 0o600 });
    return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
  } catch (error) {
    return error instanceof Error ? error : new Error("unknown error");
  }
}

/** @param said the end of what ffmpeg wrote, without secrets */
function exitProblem({ failure, code }: GroupExit, said: string, wasRunning: boolean): JobProblem {
  if (failure !== null) return { code: "program-failed", detail: failure };
  const lines = said.trim().split("\n");
  const detail = (lines.at(-1) || `ffmpeg ended with exit code ${code}.`).slice(0, SAID_CHARACTERS);
  // The words of libsrt.
  const refusal = lines.find((line) => /reject|passphrase/i.test(line));
  if (refusal !== undefined)
    return {
      code: "bad-credential",
      detail: `The receiver refused: ${refusal.replace(/^.*: (?=\w)/, "").slice(0, SAID_CHARACTERS)}`,
    };
  return { code: wasRunning ? "ended" : "unreachable", detail };
}
