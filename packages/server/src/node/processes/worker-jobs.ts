/**
 * Provides the jobs of a media worker: the ladders, pulled channels, forwards and captions that the supervisor assigns to it. And how doors find their streams:
 * a rung, or a channel on demand, is made for the first viewer who asks for it.
 */
import { isSchoolStream, memberOf, plainName } from "../../access/policies/stream-policy.ts";
import type { RunningJob } from "../../contracts/jobs/running-job.ts";
import { startCaptions } from "../../live/captions/captions.ts";
import { startForward } from "../../live/forward/forward.ts";
import { liveText } from "../../live/live-texts.ts";
import { startPull } from "../../live/pull/pull.ts";
import type { CameraLink } from "../../live/pull/source.ts";
import { addressOf } from "../../live/pull/source-address.ts";
import type { Stream } from "../../live/streams/index.ts";
import { openEncoderChoice } from "../../live/transcode/hardware.ts";
import { type LadderSettings, Ladders, VIEWER_WAIT } from "../../live/transcode/ladders.ts";
import { machineLadder, thisMachine } from "../../live/transcode/machine-ladder.ts";
import { ServedStreams } from "../../live/transcode/served-streams.ts";
import { systemClock, waitUntil } from "../../platform/clock.ts";
import type { LadderName } from "../../platform/config/schema.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { AssignedJobs, StreamJobWorkerMessages, WorkerJob } from "../cluster/stream-job-messages.ts";
import { shedScopeOf } from "./shed-scope.ts";
import type { WorkerAccess } from "./worker-access.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerStreams } from "./worker-streams.ts";

const FFMPEG = "ffmpeg";
const REPORT_MS = 1000;
/** A recorder may take so long to open the camera behind it. */
const CAMERA_WITHIN_MS = 30_000;
/** How often streams are looked at whose sound has become one that its viewers cannot play. */
const CODECS_MS = 200;
/** Somebody has watched a channel within this. */
const WATCHED_MS = 2000;
/** Ladders of lessons come before those of other streams. */
const PRIORITY = { lesson: 0, other: 1 } as const;

/** The names of all pulled channels, as `app/name`, for those who treat them in another way than what is pushed. */
export type PulledChannels = { names: ReadonlySet<string> };

export type WorkerJobs = {
  readonly ladders: Ladders;
  readonly served: ServedStreams;
  /** A live stream, a rung, or a channel on demand. Refuses with `no-such-stream`, `full` and `not-yet`. */
  readonly find: (app: string, name: string) => Promise<Stream | Refusal>;
  readonly handlers: StreamJobWorkerMessages;
  readonly close: () => void;
};

/** @param channels kept up to date */
export function openJobs(
  context: WorkerContext,
  parts: WorkerStreams,
  { streamPolicies }: Pick<WorkerAccess, "streamPolicies">,
  channels: PulledChannels,
): WorkerJobs {
  const { supervisor, metrics } = context;
  const { streams } = parts;
  const ladders = openLadders(context, parts, streamPolicies);
  const served = new ServedStreams({ ...parts, ladders, clock: systemClock });
  const sweeping = setInterval(() => served.sweep(), CODECS_MS).unref();
  const pulls = new AssignedSet((source: AssignedJobs["pulls"][number]) =>
    startPull({
      source,
      streams,
      clock: systemClock,
      log: context.log,
      command: FFMPEG,
      settings: () => context.config().sources,
      cameras: () => cameraLink(context),
    }),
  );
  const forwards = openForwards(context, (app, name) => served.now(app, name));
  const captions = openCaptions(context, streams);
  let onDemand: ReadonlySet<string> = new Set();
  let latest: AssignedJobs | null = null;
  const isWatched = ({ app, name }: { readonly app: string; readonly name: string }) =>
    (streams.local(app, name)?.unwatchedMs ?? Number.POSITIVE_INFINITY) < WATCHED_MS;
  metrics.followLadders(() => ladders.list());
  const reporting = reportJobs(context, () => {
    const jobs = [...ladders.list(), ...pulls.running(), ...forwards.running(), ...captions.running()].map(
      (job): WorkerJob => job.report(),
    );
    const watched = jobs.filter((job) => job.kind === "pull" && isWatched(job));
    return { jobs, watched: watched.map(({ app, name }) => `${app}/${name}`) };
  });

  /** Waits until a channel on demand is there. Null, or why it is not. */
  const fetchChannel = async (app: string, name: string): Promise<Refusal | null> => {
    const isOver = () => streams.find(app, name) !== null || !onDemand.has(`${app}/${name}`);
    if (isOver()) return null;
    supervisor.tell("demandPull", { app, name });
    if (await waitUntil(systemClock, isOver, VIEWER_WAIT)) return null;
    return new Refusal("not-yet", liveText("source-not-there"));
  };

  return {
    ladders,
    served,
    find: async (app, name) => (await fetchChannel(app, plainName(name))) ?? (await ladders.find(app, name)),
    handlers: {
      assignJobs: (jobs) => {
        latest = jobs;
        onDemand = new Set(jobs.onDemand);
        channels.names = new Set(jobs.channels);
        // The policy of a lesson says which rungs it has.
        void Promise.all(jobs.ladders.map(({ app, name }) => isSchoolStream(name) && streamPolicies.find(app, name))).then(() => {
          if (latest === jobs) ladders.assign(jobs.ladders);
        });
        const wanted = new Set(jobs.wanted);
        // A channel on demand that nobody watches has not moved: it is left.
        pulls.assign(jobs.pulls, ({ id, start, app, name }) => wanted.has(id) && (start === "always" || isWatched({ app, name })));
        forwards.assign(jobs.forwards, ({ id }) => wanted.has(id));
        captions.assign(jobs.captions, ({ id }) => wanted.has(id));
      },
    },
    close: () => {
      reporting();
      clearInterval(sweeping);
      ladders.close();
      pulls.close();
      forwards.close();
      captions.close();
    },
  };
}

function openForwards({ config, log }: WorkerContext, sourceOf: (app: string, name: string) => Stream | null) {
  return new AssignedSet((forward: AssignedJobs["forwards"][number]) =>
    startForward({
      forward,
      clock: systemClock,
      log,
      command: FFMPEG,
      resolve: (url) => addressOf(url, config().sources.allowedNetworks),
      sourceOf,
    }),
  );
}

function openCaptions({ config, log, askRoom }: WorkerContext, streams: WorkerStreams["streams"]) {
  return new AssignedSet((captions: AssignedJobs["captions"][number]) =>
    startCaptions({
      captions,
      settings: config().captions,
      clock: systemClock,
      log,
      command: FFMPEG,
      sourceOf: (app, name) => streams.find(app, name),
      send: (heard) => askRoom({ kind: "captions", room: captions.id, captions: heard }),
    }),
  );
}

function openLadders(
  { config, supervisor, log, degradation }: WorkerContext,
  { streams, locator }: WorkerStreams,
  policies: WorkerAccess["streamPolicies"],
): Ladders {
  let automatic: LadderName = "none";
  void thisMachine().then((machine) => {
    automatic = machineLadder(machine);
  });
  const settings = (app: string, name: string): LadderSettings => {
    const { rungs, start, idleSeconds, encoder } = config().ladder;
    const policy = policies.peek(app, name);
    return {
      ladder: policy?.ladder ?? (rungs === "auto" ? automatic : rungs),
      // Most members are seen in their full size, or by nobody.
      start: memberOf(name) === null ? (policy?.ladderStart ?? start) : "demand",
      idleMs: idleSeconds * 1000,
      command: FFMPEG,
      encoder,
    };
  };
  return new Ladders({
    streams,
    locator,
    clock: systemClock,
    settings,
    isTopRungShed: ({ app, name }) => degradation.sheds("top-rung", shedScopeOf(policies, app, name)),
    request: async (of) => {
      // A form of sound or picture is what a player needs to have any: only rungs can be done without.
      const isShed = of.rendition === null && degradation.sheds("ladder-starts", shedScopeOf(policies, of.app, of.name));
      if (isShed) return "refused";
      const policy = policies.peek(of.app, of.name);
      const priority = policy ? PRIORITY.lesson : PRIORITY.other;
      return await supervisor.call("requestLadder", { ...of, priority, school: policy?.schoolId ?? "" });
    },
    released: (of) => supervisor.tell("releaseLadder", of),
    isNeeded: () => false,
    encoderOf: openEncoderChoice(FFMPEG, (trials) => log.info({ trials }, "encoders of graphics cards tried")),
    events: {
      failed: ({ app, name }, reason, againInMs) =>
        log.warn({ stream: `${app}/${name}`, reason, againInMs }, "encoder of a ladder ended, restarting"),
      dropped: ({ app, name }, rung, reason) => log.error({ stream: `${app}/${name}`, rung, reason }, "rung of a ladder dropped"),
    },
  });
}

function cameraLink({ config, supervisor }: WorkerContext): CameraLink {
  const { mediaPorts: ports, address } = config().gb28181;
  return { ask: (request) => supervisor.call("camera", request, CAMERA_WITHIN_MS), ports, address };
}

/** Reports the jobs each second while there are any, and once more when there are none. */
function reportJobs({ supervisor }: WorkerContext, look: () => { jobs: WorkerJob[]; watched: string[] }): () => void {
  let had = false;
  const timer = setInterval(() => {
    const report = look();
    if (report.jobs.length > 0 || had) supervisor.tell("jobReports", report);
    had = report.jobs.length > 0;
  }, REPORT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Jobs that run here because they are assigned. One whose description changes begins again. */
class AssignedSet<Of extends { readonly id: string }> {
  private readonly start: (of: Of) => RunningJob;
  private readonly byId = new Map<string, { readonly of: Of; readonly job: RunningJob }>();

  constructor(start: (of: Of) => RunningJob) {
    this.start = start;
  }

  /** @param goesOn whether a job that is not assigned here any more goes on elsewhere */
  assign(all: readonly Of[], goesOn: (of: Of) => boolean): void {
    const assigned = new Map(all.map((of) => [of.id, JSON.stringify(of)]));
    for (const [id, { of, job }] of this.byId) {
      if (assigned.get(id) === JSON.stringify(of)) continue;
      this.byId.delete(id);
      if (assigned.has(id) || goesOn(of)) job.handOver();
      else job.close("unwanted");
    }
    for (const of of all) if (!this.byId.has(of.id)) this.byId.set(of.id, { of, job: this.start(of) });
  }

  running(): readonly RunningJob[] {
    return [...this.byId.values()].map(({ job }) => job);
  }

  close(): void {
    for (const { job } of this.byId.values()) job.handOver();
    this.byId.clear();
  }
}
