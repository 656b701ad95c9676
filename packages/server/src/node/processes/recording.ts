/** Decides which streams a media worker records: by the policy of a lesson, by the configuration, or manually. */
import { resolve } from "node:path";
import { AUDIO_CODEC } from "@lectern/media";
import type { Callbacks } from "../../access/callbacks/callbacks.ts";
import { isSchoolStream, memberOf, plainName, recordsMember } from "../../access/policies/stream-policy.ts";
import type { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import type { Catalog, EarlierRecording } from "../../library/catalog/catalog.ts";
import { RecordChoices } from "../../library/recorder/record-choices.ts";
import type { Plan, RecordedFrom, RecorderEvents, Source } from "../../library/recorder/recorder.ts";
import { Recorders } from "../../library/recorder/recorders.ts";
import type { ServedNow } from "../../live/served-rendition.ts";
import { isPlayedNowhere } from "../../live/sound-format.ts";
import { renditionOf, rungOf } from "../../live/stream-name.ts";
import type { LogSegment, Stream, StreamLocator, Streams } from "../../live/streams/index.ts";
import { countLostMedia } from "../../operations/log-metrics.ts";
import { systemClock } from "../../platform/clock.ts";
import type { OpenAlarm } from "../../school/school.ts";
import { RecordingLosses } from "./recording-losses.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { PulledChannels } from "./worker-jobs.ts";

/** Files for time-shift alone are short, since they are deleted as a whole. */
const SHIFT_FILE_SECONDS = 60;
/** How often decisions about streams that are gone are dropped. */
const SWEEP_MS = 30_000;
/** Interval of requests for policies that could not be fetched: the control process was unreachable. */
const POLICY_RETRY_MS = 5000;
/** The control process says within this which recording another node has begun. */
const GROWING_WITHIN_MS = 2000;
/** A recording does not wait longer for that: less than what the log of a stream has. */
const GROWING_AWAITED_MS = 6000;

export type RecordingOptions = Pick<WorkerContext, "start" | "config" | "supervisor" | "metrics" | "log" | "ask"> & {
  readonly streams: Streams;
  readonly locator: StreamLocator;
  readonly policies: StreamPolicyCache;
  readonly catalog: Catalog;
  readonly callbacks: Callbacks;
  readonly channels: PulledChannels;
  /** The form of now for players that take no Opus; null while it is being made. */
  readonly servedNow: ServedNow;
};

export type Recording = {
  readonly recorders: Recorders;
  /** Starts or stops the recording of a live stream, against its policy. */
  readonly setManually: (stream: Pick<Source, "app" | "name" | "epoch">, action: "start" | "stop") => void;
};

/** The form that is recorded where a stream has Opus, or sound that no browser plays. */
const RECORDED_FORM = "aac";

/** As what a stream is recorded. */
function sourceOf({ app, name, epoch, log }: Stream): Source {
  return { app, name: renditionOf(name) === RECORDED_FORM ? plainName(name) : name, epoch, log };
}

function recordedFrom(servedNow: ServedNow, { app, name }: Stream, segment: LogSegment, before: boolean): RecordedFrom {
  if (rungOf(name) !== null) return "here";
  const codec = segment.context.audio?.codec ?? "";
  const isMade = codec === AUDIO_CODEC.opus || isPlayedNowhere(codec);
  const now = servedNow(app, name);
  if (now === null) return isMade ? "wait" : "here";
  if (now.name === name) return "here";
  // What came before the form began has been recorded from the stream.
  const begins = now.log.segments[0]?.head.msn ?? Number.POSITIVE_INFINITY;
  return isMade || before || begins <= segment.head.msn ? "rendition" : "here";
}

/** Fetches the policies of streams that are recorded here: the process with the publisher, which has asked for them, is seldom this one. */
function policyFetcher(
  { streams, policies }: Pick<RecordingOptions, "streams" | "policies">,
  isOurs: (stream: Stream) => boolean,
): (stream: Stream) => Promise<void> {
  const fetch = async ({ app, name }: Stream): Promise<void> => {
    if (isSchoolStream(name) && !policies.peek(app, name)) await policies.find(app, name);
  };
  setInterval(() => {
    for (const stream of streams.list()) if (isOurs(stream)) void fetch(stream);
  }, POLICY_RETRY_MS).unref();
  return fetch;
}

/**
 * Finds out which recording a stream goes on with that another node has recorded until now. Fails while that cannot be known, for a while: the log
 * has the entries meanwhile.
 */
function otherNodesOf({ config, ask, log }: RecordingOptions) {
  const unanswered = new Map<string, number>();
  type Of = { readonly app: string; readonly name: string; readonly epoch: string };
  return async (here: EarlierRecording | null, of: Of): Promise<EarlierRecording | null> => {
    if (config().cluster.nats.length === 0) return here;
    try {
      const growing = await ask("growingRecording", of, GROWING_WITHIN_MS);
      unanswered.delete(of.epoch);
      if (!growing) return here;
      const { id: recording, files, until } = growing;
      // Files are counted on from node to node: where this node's is the newest, it knows best where to go on.
      if (here?.recording === recording && files <= here.files) return here;
      return { recording, files, next: { recordedUntil: until } };
    } catch (error) {
      const since = unanswered.get(of.epoch) ?? performance.now();
      unanswered.set(of.epoch, since);
      if (performance.now() - since < GROWING_AWAITED_MS) throw error;
      unanswered.delete(of.epoch);
      log.warn({ stream: `${of.app}/${of.name}`, reason: String(error) }, "recordings of other nodes unknown, recording begins");
      return here;
    }
  };
}

/** Tells of streams whose recording has failed, and of a worker that is behind. */
function alarmsOf(supervisor: RecordingOptions["supervisor"]) {
  const alarms = new Map<string, OpenAlarm>();
  const set = (key: string, alarm: OpenAlarm | null): void => {
    if (!alarm && !alarms.delete(key)) return;
    if (alarm) alarms.set(key, alarm);
    supervisor.tell("alarms", [...alarms.values()]);
  };
  return {
    stopped: (subject: string, error: Error | null) =>
      set(subject, error && { code: "recording-stopped", subject, detail: String(error) }),
    behind: (alarm: OpenAlarm | null) => set("", alarm),
  };
}

/** Tells of media that could not be written in time. */
function lossesOf({ start, log, metrics }: RecordingOptions, alarm: (open: OpenAlarm | null) => void): RecorderEvents["lost"] {
  const count = countLostMedia(metrics.registry);
  const losses = new RecordingLosses({ clock: systemClock, log, count, worker: `${start.node} ${start.name}`, alarm });
  return (stream, plan, seconds) => losses.lost(stream, plan, seconds);
}

export function openRecording(options: RecordingOptions): Recording {
  const { start, config, streams, locator, policies, catalog, supervisor, callbacks, channels, metrics, log, servedNow } = options;
  const alarms = alarmsOf(supervisor);
  /** Manual decisions about lessons of now, by epoch: until their policy says so too. */
  const manual = new Map<string, "start" | "stop">();
  const choices = new RecordChoices(() => performance.now(), start.recordChoices);
  setInterval(() => choices.sweep((app, name) => locator.locate(app, name) !== null), SWEEP_MS).unref();
  const isOurs = ({ app, name }: Pick<Stream, "app" | "name">) => locator.locate(app, name)?.record ?? false;
  const fetchPolicy = policyFetcher(options, isOurs);
  const withOtherNodes = otherNodesOf(options);
  streams.onEnded(({ app, name, epoch }) => {
    manual.delete(epoch);
    alarms.stopped(`${app}/${name}`, null);
  });
  const usual = () => (config().timeshift.windowSeconds > 0 ? ("shift" as const) : ("none" as const));
  const planOf = (source: Source): Plan => {
    const { app } = source;
    // The form of a stream that every player can play is recorded instead of the stream.
    const name = renditionOf(source.name) === RECORDED_FORM ? plainName(source.name) : source.name;
    const epoch = name === source.name ? source.epoch : (locator.locate(app, name)?.epoch ?? "");
    const rule = policies.peek(app, name);
    // Who is called on in a class is in the lesson's own stream, mixed; a small lesson's people are recorded each.
    if (memberOf(name) !== null) return rule && recordsMember(rule, name) ? "record" : "none";
    const chosen = manual.get(epoch) ?? choices.of(app, name);
    // The source has all that a rung shows.
    if (rungOf(name) !== null) return chosen === "start" && rule?.mayRecord !== false ? "record" : "none";
    if (rule && !rule.mayRecord) return usual();
    if (chosen) return chosen === "start" ? "record" : usual();
    const { auto } = config().recording;
    const kind = channels.names.has(`${app}/${name}`) ? "pulled" : "pushed";
    return rule?.record || auto === kind || auto === "all" ? "record" : usual();
  };
  /** Whether a recording of an earlier epoch goes on. */
  const isContinued = (app: string, name: string) => policies.peek(app, name)?.record === true || choices.of(app, name) === "start";
  const recorders = new Recorders({
    streams,
    directories: catalog.directories,
    keys: catalog.keys,
    planOf,
    sourceOf,
    recordedFrom: (stream, segment, before) => recordedFrom(servedNow, stream, segment, before),
    isOurs,
    limits: (plan) => {
      const { maxSegmentSeconds, maxSegmentBytes } = config().recording;
      return { seconds: plan === "record" ? maxSegmentSeconds : SHIFT_FILE_SECONDS, bytes: maxSegmentBytes };
    },
    before: async (stream) => {
      const { app, name, epoch } = sourceOf(stream);
      await fetchPolicy(stream);
      const here = await catalog.earlierRecording(app, name, epoch, isContinued(app, name));
      const before = planOf(stream) === "record" ? await withOtherNodes(here, { app, name, epoch }) : here;
      const parent = before || name === stream.name ? undefined : locator.locate(app, name)?.epoch;
      // What was recorded of the stream itself goes on in its form.
      const ofParent = parent === undefined ? null : await catalog.earlierRecording(app, name, parent, false);
      return before ?? (ofParent && { ...ofParent, next: 0 });
    },
    now: () => performance.now(),
    events: {
      changed: ({ recording, app, name, path, whole, seconds }) => {
        supervisor.tell("recorded", { recording, path, whole });
        if (whole) callbacks.recorded({ app, name, cwd: process.cwd(), file: resolve(path), seconds });
      },
      failed: ({ app, name }, error) => {
        metrics.recordingFailed();
        alarms.stopped(`${app}/${name}`, error);
        log.error({ stream: `${app}/${name}`, reason: String(error) }, "recording stopped, files not writable; live continues");
      },
      resumed: ({ app, name }) => {
        alarms.stopped(`${app}/${name}`, null);
        log.info({ stream: `${app}/${name}` }, "recording resumed");
      },
      lost: lossesOf(options, alarms.behind),
    },
  });
  const setManually: Recording["setManually"] = ({ app, name, epoch }, action) => {
    if (!isSchoolStream(name)) choices.set({ app, name, action });
    else if (streams.local(app, name)?.epoch === epoch) manual.set(epoch, action);
  };
  return { recorders, setManually };
}
