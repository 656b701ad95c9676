/** Pulls a channel in the test's own process, with real streams, and keeps what their logs get. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { pino } from "pino";
import type { RunningJob } from "../packages/server/src/contracts/jobs/running-job.ts";
import { startPull } from "../packages/server/src/live/pull/pull.ts";
import { type LogEntry, type MediaEntry, type Stream, Streams } from "../packages/server/src/live/streams/index.ts";
import { STREAM_OPTIONS } from "../packages/server/src/live/streams/synthetic-source.ts";
import { systemClock } from "../packages/server/src/platform/clock.ts";
import { Refusal } from "../packages/server/src/platform/refusal.ts";
import { type Scope, until } from "./lectern.ts";

/** A frame as the log has it, with the hash of its payload. */
export type Pulled = Pick<MediaEntry, "track" | "codec" | "key" | "decodeTime" | "compositionOffset"> & {
  readonly hash: string;
  readonly payload: Buffer;
};

export type Channel = {
  readonly streams: Streams;
  readonly job: RunningJob;
  /** Epochs of the stream that there have been. */
  readonly epochs: readonly string[];
  /** Reasons for which the stream has ended. */
  readonly ends: readonly string[];
  readonly entries: readonly LogEntry[];
  readonly frames: (track: "video" | "audio") => readonly Pulled[];
  /** Waits until there are so many frames of a track. */
  readonly arrived: (track: "video" | "audio", count: number) => Promise<readonly Pulled[]>;
  readonly stream: () => Stream | null;
  /** Waits until the report is as wanted, and gives it. */
  readonly reported: (
    condition: (report: ReturnType<RunningJob["report"]>) => boolean,
  ) => Promise<ReturnType<RunningJob["report"]>>;
  /** Everything that was logged. */
  readonly said: () => string;
};

export type ChannelOptions = {
  readonly addresses: readonly string[];
  readonly allow?: readonly string[];
  readonly files?: string;
  readonly graceMs?: number;
  readonly streams?: Streams;
  readonly command?: string;
};

const LOOPBACK = ["127.0.0.0/8", "::1"];

export function openStreams(t: Scope, graceMs = 15_000): Streams {
  const live = new Map<string, { epoch: string; term: number }>();
  let epochs = 0;
  const observer = { sent: () => {}, skipped: () => {}, evicted: () => {}, late: () => {} };
  const locator = {
    self: "sole",
    occupied: async () => "free" as const,
    claim: async (app: string, name: string) => {
      const entry = live.get(name) ?? { epoch: `epoch-${epochs++}`, term: 0 };
      if (streams.yield(app, name, "sole", { silentMs: null, preempt: false, backup: false })?.living)
        return new Refusal("publisher-present");
      entry.term++;
      live.set(name, entry);
      return { ...entry, startedAt: 0, from: null, acknowledged: false };
    },
    locate: () => null,
    keeps: () => {},
    drops: () => {},
    ended: (_app: string, name: string) => void live.delete(name),
  };
  const upstreams = { follow: () => assert.fail("there is no other process") };
  const options = { ...STREAM_OPTIONS, graceMs, fanOut: { evictAfterMs: 15_000 } };
  const streams: Streams = new Streams(options, systemClock, observer, locator, upstreams);
  t.after(() => streams.close("test"));
  return streams;
}

/** Starts to pull, until the test ends. */
export function pullChannel(
  t: Scope,
  { addresses, allow = LOOPBACK, files = "", graceMs, streams: given, command = "ffmpeg" }: ChannelOptions,
): Channel {
  const streams = given ?? openStreams(t, graceMs);
  const epochs: string[] = [];
  const ends: string[] = [];
  const entries: LogEntry[] = [];
  const pulled: Record<"video" | "audio", Pulled[]> = { video: [], audio: [] };
  streams.onBegan((stream) => {
    if (stream.name !== "channel") return;
    epochs.push(stream.epoch);
    stream.log.listen((entry) => {
      if (entry.kind !== "media") return void entries.push(entry);
      // A frame's bytes are good only during the call.
      const payload = Buffer.from(entry.payload);
      entries.push({ ...entry, payload });
      const { track, codec, key, decodeTime, compositionOffset } = entry;
      const hash = createHash("md5").update(payload).digest("hex");
      if (track !== "data") pulled[track].push({ track, codec, key, decodeTime, compositionOffset, hash, payload });
    });
  });
  streams.onEnded((stream, reason) => {
    if (stream.name === "channel") ends.push(reason);
  });
  let said = "";
  const write = (line: string): void => {
    said += line;
  };
  const log = pino({ level: "debug", base: null }, { write });
  const job = startPull({
    source: { kind: "pull", id: "source-1", app: "live", name: "channel", school: "", addresses, start: "always" },
    streams,
    clock: systemClock,
    log,
    command,
    settings: () => ({ allowedNetworks: allow, files }),
    cameras: () => ({ ask: async () => null, ports: [30_000, 30_998], address: "" }),
  });
  t.after(() => job.close("test"));
  return {
    streams,
    job,
    epochs,
    ends,
    entries,
    frames: (track) => pulled[track],
    arrived: (track, count) =>
      until(
        () => pulled[track].length >= count && pulled[track],
        `${count} frames of ${track}; ${JSON.stringify(job.report())} ${said}`,
      ),
    stream: () => streams.local("live", "channel"),
    reported: (condition) =>
      until(() => {
        const report = job.report();
        return condition(report) && report;
      }, `a report; ${said}`),
    said: () => said,
  };
}
