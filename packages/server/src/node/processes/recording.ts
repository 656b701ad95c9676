/** What a media worker records: by the rule of a lesson, by the configuration, or because somebody has said so by hand. */
import { resolve } from "node:path";
import type { Callbacks } from "../../access/callbacks/callbacks.ts";
import type { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import type { Catalog } from "../../library/catalog/catalog.ts";
import type { Plan, Source } from "../../library/recorder/recorder.ts";
import { Recorders } from "../../library/recorder/recorders.ts";
import type { Stream, StreamLocator, Streams } from "../../live/streams/index.ts";
import type { Metrics } from "../../operations/metrics.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import type { OpenAlarm } from "../../school/school.ts";
import type { SupervisorMethods } from "../ipc/messages.ts";

/** What is kept for time-shift alone is thrown away in pieces of this. */
const SHIFT_FILE_SECONDS = 60;

export type RecordingOptions = {
  readonly config: () => Config;
  readonly streams: Streams;
  readonly directory: StreamLocator;
  readonly lessons: StreamPolicyCache;
  readonly catalog: Catalog;
  readonly supervisor: RpcChannel<SupervisorMethods>;
  readonly callbacks: Callbacks;
  readonly metrics: Metrics;
  readonly log: Logger;
};

export type Recording = {
  readonly recorders: Recorders;
  /** Begins or ends the recording of what is live, whatever the rules say. */
  readonly byHand: (stream: Stream, action: "start" | "stop") => void;
};

export function openRecording(options: RecordingOptions): Recording {
  const { config, streams, directory, lessons, catalog, supervisor, callbacks, metrics, log } = options;
  /** Streams that cannot be recorded at present. */
  const alarms = new Map<string, OpenAlarm>();
  const alarm = (subject: string, error: Error | null): void => {
    if (!error && !alarms.delete(subject)) return;
    if (error) alarms.set(subject, { code: "recording-stopped", subject, detail: String(error) });
    supervisor.tell("alarms", [...alarms.values()]);
  };
  /** Whether to record, as somebody has said by hand, by epoch. */
  const said = new Map<string, "record" | "shift">();
  streams.onEnded(({ app, name, epoch }) => {
    said.delete(epoch);
    alarm(`${app}/${name}`, null);
  });
  const usual = () => (config().timeshift.windowSeconds > 0 ? ("shift" as const) : ("none" as const));
  const planOf = ({ app, name, epoch }: Source): Plan => {
    const rule = lessons.peek(app, name);
    if (rule && !rule.mayRecord) return usual();
    const wanted = said.get(epoch);
    if (wanted) return wanted === "record" ? "record" : usual();
    const { auto } = config().recording;
    return rule?.record || auto === "pushed" || auto === "all" ? "record" : usual();
  };
  const recorders = new Recorders({
    streams,
    directories: catalog.directories,
    planOf,
    isOurs: ({ app, name }) => directory.locate(app, name)?.record ?? false,
    limits: (plan) => {
      const { maxSegmentSeconds, maxSegmentBytes } = config().recording;
      return { seconds: plan === "record" ? maxSegmentSeconds : SHIFT_FILE_SECONDS, bytes: maxSegmentBytes };
    },
    before: ({ app, name, epoch }) => catalog.earlierRecording(app, name, epoch, lessons.peek(app, name)?.record === true),
    now: () => performance.now(),
    events: {
      changed: ({ recording, app, name, path, whole, seconds }) => {
        supervisor.tell("recorded", { recording, path, whole });
        if (whole) callbacks.recorded({ app, name, cwd: process.cwd(), file: resolve(path), seconds });
      },
      failed: ({ app, name }, error) => {
        metrics.recordingFailed();
        alarm(`${app}/${name}`, error);
        log.error({ stream: `${app}/${name}`, reason: String(error) }, "recording stopped: nothing can be written; live goes on");
      },
      resumed: ({ app, name }) => {
        alarm(`${app}/${name}`, null);
        log.info({ stream: `${app}/${name}` }, "recording goes on");
      },
    },
  });
  return { recorders, byHand: ({ epoch }, action) => said.set(epoch, action === "start" ? "record" : "shift") };
}
