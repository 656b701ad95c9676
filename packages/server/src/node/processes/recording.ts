/** Decides which streams a media worker records: by the policy of a lesson, by the configuration, or manually. */
import { resolve } from "node:path";
import type { Callbacks } from "../../access/callbacks/callbacks.ts";
import type { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import type { Catalog } from "../../library/catalog/catalog.ts";
import type { Plan, Source } from "../../library/recorder/recorder.ts";
import { Recorders } from "../../library/recorder/recorders.ts";
import type { Stream, StreamLocator, Streams } from "../../live/streams/index.ts";
import type { OpenAlarm } from "../../school/school.ts";
import type { WorkerContext } from "./worker-context.ts";

/** Files for time-shift alone are short, since they are deleted as a whole. */
const SHIFT_FILE_SECONDS = 60;

export type RecordingOptions = Pick<WorkerContext, "config" | "supervisor" | "metrics" | "log"> & {
  readonly streams: Streams;
  readonly locator: StreamLocator;
  readonly policies: StreamPolicyCache;
  readonly catalog: Catalog;
  readonly callbacks: Callbacks;
};

export type Recording = {
  readonly recorders: Recorders;
  /** Starts or stops the recording of a live stream, against its policy. */
  readonly setManually: (stream: Stream, action: "start" | "stop") => void;
};

export function openRecording(options: RecordingOptions): Recording {
  const { config, streams, locator, policies, catalog, supervisor, callbacks, metrics, log } = options;
  /** Streams whose recording has failed. */
  const alarms = new Map<string, OpenAlarm>();
  const alarm = (subject: string, error: Error | null): void => {
    if (!error && !alarms.delete(subject)) return;
    if (error) alarms.set(subject, { code: "recording-stopped", subject, detail: String(error) });
    supervisor.tell("alarms", [...alarms.values()]);
  };
  /** Manual decisions by epoch. */
  const manual = new Map<string, "record" | "shift">();
  streams.onEnded(({ app, name, epoch }) => {
    manual.delete(epoch);
    alarm(`${app}/${name}`, null);
  });
  const usual = () => (config().timeshift.windowSeconds > 0 ? ("shift" as const) : ("none" as const));
  const planOf = ({ app, name, epoch }: Source): Plan => {
    const rule = policies.peek(app, name);
    if (rule && !rule.mayRecord) return usual();
    const chosen = manual.get(epoch);
    if (chosen) return chosen === "record" ? "record" : usual();
    const { auto } = config().recording;
    return rule?.record || auto === "pushed" || auto === "all" ? "record" : usual();
  };
  const recorders = new Recorders({
    streams,
    directories: catalog.directories,
    planOf,
    isOurs: ({ app, name }) => locator.locate(app, name)?.record ?? false,
    limits: (plan) => {
      const { maxSegmentSeconds, maxSegmentBytes } = config().recording;
      return { seconds: plan === "record" ? maxSegmentSeconds : SHIFT_FILE_SECONDS, bytes: maxSegmentBytes };
    },
    before: ({ app, name, epoch }) => catalog.earlierRecording(app, name, epoch, policies.peek(app, name)?.record === true),
    now: () => performance.now(),
    events: {
      changed: ({ recording, app, name, path, whole, seconds }) => {
        supervisor.tell("recorded", { recording, path, whole });
        if (whole) callbacks.recorded({ app, name, cwd: process.cwd(), file: resolve(path), seconds });
      },
      failed: ({ app, name }, error) => {
        metrics.recordingFailed();
        alarm(`${app}/${name}`, error);
        log.error({ stream: `${app}/${name}`, reason: String(error) }, "recording stopped, files not writable; live continues");
      },
      resumed: ({ app, name }) => {
        alarm(`${app}/${name}`, null);
        log.info({ stream: `${app}/${name}` }, "recording resumed");
      },
    },
  });
  return { recorders, setManually: ({ epoch }, action) => manual.set(epoch, action === "start" ? "record" : "shift") };
}
