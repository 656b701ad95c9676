/**
 * Provides one run of ffmpeg that fetches a source, and copies its frames to MPEG-TS on standard output. What it may open is given by its caller, as
 * narrowly as possible; sound that cannot be copied is encoded as AAC.
 */

import type { Writable } from "node:stream";
import { Malformed } from "@lectern/media";
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { type GroupExit, startProcessGroup, stderrTail } from "../../platform/jobs/process-group.ts";
import type { Source, SourceContext, SourceEvents } from "./source.ts";
import { TsMessages } from "./ts-messages.ts";

export type FfmpegInput = {
  /** Arguments of the inputs, of what may be opened, and further ones of the output. */
  readonly args: readonly string[];
  /** The specifier of the sound; `0:a:0?` unless another input has it. */
  readonly sound?: string;
  /** How long a track that is silent keeps the other one waiting, milliseconds; a second unless told. */
  readonly waitForTrackMs?: number;
  /** Number of inputs on pipes besides standard input. */
  readonly pipes?: number;
  /** Sound becomes AAC, because it cannot be copied. */
  readonly encodeSound: boolean;
};

export type FfmpegSource = Source & {
  /** Standard input and the further pipes; inputs that come from the network by itself need none. */
  readonly inputs: readonly Writable[];
  /** Reads on, after `pause`. */
  readonly resume: () => void;
  /** Reads nothing more for now: ffmpeg waits. */
  readonly pause: () => void;
};

export type FfmpegEvents = SourceEvents & {
  /** Its sound cannot be copied: to be started again, with `encodeSound`. Instead of `onEnd`. */
  readonly onUnsupportedSound: () => void;
};

/** In broadcasts, pictures come up to a second before their sound. */
const WAIT_FOR_TRACK_MS = 1000;
const SOUND = ["-c:a", "aac", "-b:a", "128k"];
const LAST_LINES = 3;
const MAX_DETAIL = 400;

export function startFfmpeg({ command }: Pick<SourceContext, "command">, input: FfmpegInput, events: FfmpegEvents): FfmpegSource {
  const { args, pipes = 0, encodeSound } = input;
  const group = startProcessGroup(command, [...COMMON, ...args, ...outputArguments(input)], pipes);
  const stderr = stderrTail(group);
  let over = false;
  let delivered = false;
  const close = (): void => {
    over = true;
    group.kill();
  };
  const end = (problem: JobProblem): void => {
    if (over) return;
    close();
    events.onEnd(problem);
  };
  const messages = new TsMessages({
    onMessage: (message) => {
      delivered ||= message.kind === "frame";
      if (!over) events.onMessage(message);
    },
    onUnknownStream: (isVideo) => {
      if (isVideo || encodeSound) return end({ code: "unsupported", detail: unsupportedDetail(stderr()) });
      if (over) return;
      close();
      events.onUnsupportedSound();
    },
  });
  group.stdout.on("data", (bytes: Buffer) => {
    if (over) return;
    events.onHeard();
    const broken = messages.push(bytes);
    if (broken instanceof Malformed) end({ code: "not-media", detail: broken.rule });
  });
  // What is in the pipe when ffmpeg ends is still read: `exited` resolves after it.
  void group.exited.then((exit) => {
    if (over) return;
    messages.end();
    end(endOf(exit, stderr().trim(), delivered));
  });
  for (const pipe of group.outputs) pipe.on("error", () => {});
  return {
    close,
    pid: () => group.pid,
    inputs: [group.stdin, ...group.outputs.filter((pipe) => isWritable(pipe))],
    pause: () => void group.stdout.pause(),
    resume: () => void group.stdout.resume(),
  };
}

const COMMON = ["-hide_banner", "-loglevel", "warning", "-nostats"];

function outputArguments({ sound = "0:a:0?", waitForTrackMs = WAIT_FOR_TRACK_MS, encodeSound }: FfmpegInput): string[] {
  return [
    ...["-map", "0:v:0?", "-map", sound, "-c:v", "copy", ...(encodeSound ? SOUND : ["-c:a", "copy"])],
    ...["-max_interleave_delta", String(waitForTrackMs * 1000), "-muxdelay", "0", "-muxpreload", "0", "-flush_packets", "1"],
    // Each frame in a packet of its own, with its length: it need not wait for the next one.
    ...["-f", "mpegts", "-pes_payload_size", "0", "-omit_video_pes_length", "0", "pipe:1"],
  ];
}

/** What the words of ffmpeg 5 to 7 and of libsrt mean; the first that fits. */
const MEANINGS: readonly (readonly [RegExp, JobProblem["code"]])[] = [
  [/40[13] [A-Z]|Unauthorized|Forbidden|authorization failed|BADSECRET|Incorrect passphrase/i, "bad-credential"],
  [/404 [A-Z]|Not Found|No such file or directory/i, "no-such-stream"],
  [/not on whitelist|not in whitelist|whitelist/i, "not-allowed"],
  [
    /refused|timed out|No route to host|unreachable|Connection reset|Input\/output error|Address already in use|Cannot assign/i,
    "unreachable",
  ],
  [/Invalid data found|could not find codec parameters|does not contain any stream|matches no streams/i, "not-media"],
];

function endOf({ code, failure }: GroupExit, said: string, delivered: boolean): JobProblem {
  if (failure !== null) return { code: "program-failed", detail: failure };
  const detail = lastWords(said);
  if (delivered && code === 0) return { code: "ended", detail: detail || "The origin ended the stream." };
  const [, meaning] = MEANINGS.find(([words]) => words.test(said)) ?? [];
  if (meaning) return { code: meaning, detail };
  if (code === 0) return { code: "ended", detail: detail || "It ended before its first frame." };
  return {
    code: "program-failed",
    detail: detail || (code === null ? "The program was killed." : `The program ended with ${code}.`),
  };
}

/** Warnings that have nothing to do with the end. */
const NOISE = /^Too many bits|^Non-monoton|muxed as a private data stream/;

/** The last lines, without the addresses of ffmpeg's objects. */
function lastWords(said: string): string {
  const lines = said.split(/[\r\n]+/).map((line) => line.replace(/^(?:\[[^\]]* @ 0x[0-9a-f]+\] |[\d:.]+\/SRT:\S+ )/, "").trim());
  return [...new Set(lines.filter((line) => line !== "" && !NOISE.test(line)))].slice(-LAST_LINES).join("; ").slice(-MAX_DETAIL);
}

function unsupportedDetail(said: string): string {
  const [codec] = /codec \w+/.exec(said) ?? [];
  return `Only H.264 and HEVC can be copied${codec ? `, not ${codec}` : ""}.`;
}

function isWritable(pipe: unknown): pipe is Writable {
  return typeof pipe === "object" && pipe !== null && "write" in pipe;
}
