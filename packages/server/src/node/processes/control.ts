/** Starts the control process: the school, its API and the pages, on a Unix socket to which the media workers proxy requests. */

import { randomBytes } from "node:crypto";
import { ClockCorrection } from "../../network/clock-offset.ts";
import type { Member } from "../../network/membership.ts";
import { MAX_POPULAR_STREAMS } from "../../network/stream-popularity.ts";
import { registerAlarmMetric } from "../../operations/alarm-metric.ts";
import { registerCapacityMetric } from "../../operations/capacity-metric.ts";
import { FailedAttempts } from "../../operations/failed-attempts.ts";
import { processMetrics } from "../../operations/metrics.ts";
import { registerSpanMetric } from "../../operations/span-metric.ts";
import { correctClock, systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { UNKNOWN_PLACE } from "../../platform/geoip/address-location.ts";
import { loadGeoip } from "../../platform/geoip/geoip.ts";
import { databaseIdentity } from "../../platform/store/database-identity.ts";
import { openTracer } from "../../platform/tracing/open-tracer.ts";
import type { JobControl, OpenAlarm, RoomLinks, SchoolService } from "../../school/school.ts";
import { type Backups, startBackups } from "../backups/start-backups.ts";
import { type Dispatch, openDispatch } from "../cluster/dispatch.ts";
import { nodeId } from "../cluster/node-identity.ts";
import { WantedJobs } from "../cluster/wanted-jobs.ts";
import { openAdminSocket } from "../ipc/admin-socket.ts";
import { type ControlLinkMessages, WorkerLinks } from "../ipc/control-link.ts";
import { answerQuestions, type ControlAnswers } from "../ipc/control-questions.ts";
import { nodeAskerOf } from "../ipc/node-questions.ts";
import { workerLinkSocket } from "../process-names.ts";
import { VERSION } from "../version.ts";
import { adminMethods } from "./admin-methods.ts";
import { registerAuditMetrics } from "./audit-metrics.ts";
import { type Cameras, startCameras } from "./cameras.ts";
import { CapacityWatch } from "./capacity-watch.ts";
import { type ControlApi, serveApi } from "./control-api.ts";
import { liveOf, openSchool, recordStream } from "./control-school.ts";
import { registerEncryptionMetrics } from "./encryption-metrics.ts";
import {
  COMPONENT_WITHIN_MS,
  type ControlProcess,
  type ControlProcessOptions,
  type NodeServices,
  openNodeServices,
} from "./node-services.ts";
import { startProbes } from "./probes.ts";
import { openDegradation } from "./process-degradation.ts";
import { registerScoringMetrics } from "./scoring-metrics.ts";

/** The interval of checks of the timetable for lessons that begin soon. */
const AUDIENCE_POLL_MS = 5000;
const REPEATED_POLL_MS = 5000;

export async function startControl(options: ControlProcessOptions): Promise<ControlProcess> {
  const { log, supervisor, ask } = options;
  let config = options.config;
  const current = () => config;
  // The socket locks the data directory, so it opens before the database.
  let started: Pick<ControlApi, "routes"> | null = null;
  const running = () => started && { config, school, routes: started.routes };
  const adminSocket = await openAdminSocket(config.dataDir, adminMethods(options, running));
  const wanted = new WantedJobs(
    () => school.wantedJobs(),
    (list) => supervisor.tell("wantedJobs", list),
  );
  const jobs: JobControl = { wantedChanged: () => wanted.changed(), reports: () => supervisor.call("jobs", undefined) };
  const isAlone = config.cluster.nats.length === 0;
  const [rooms, load] = [await roomLinks(options, isAlone), openDegradation(options, supervisor)];
  const school: SchoolService = await openSchool(options, current, { ...load, jobs, rooms: rooms.links }, () => school);
  const self = nodeId(config);
  // With several control nodes on one database, each reports its own alarms.
  const sourceOf = (what: "media" | "storage") => (isAlone ? what : (`node ${self}: ${what}` as const));
  const { places, dispatch } = await openPlacedDispatch(options, isAlone, rooms.members);
  const services = await openNodeServices({
    options,
    config: current,
    onAlarms: (open) => school.reportAlarms(sourceOf("storage"), open),
  });
  school.reportAlarms(sourceOf("media"), options.alarms);
  await tellStart(options, school, self);
  const attempts = new FailedAttempts();
  const { registry, tracer, backups, cameras } = await openMonitoring(options, current, school);
  const capacity = new CapacityWatch({ config: current, log, school, members: () => rooms.members });
  registerCapacityMetric(registry, () => capacity.report.groups);
  const api = await serveApi({
    options,
    config: current,
    school,
    services,
    dispatch,
    jobs,
    capacity: () => capacity.report,
    isAlone,
    recordStream: recordStream(options, () => school),
    attemptsOf: attempts.of,
    registry,
    tracer,
  });
  started = api;
  const stops = [
    load.close,
    startProbes({ config, log, supervisor, ask, registry }),
    startAudienceReports(options, current, school),
    reportRepeatedAttempts(attempts, (open) => school.reportAlarms(`node ${self}: publishers`, open)),
  ];
  const questions = answerQuestions(answersOf(school, attempts, dispatch));
  const handlers = { ...schoolHandlers(services, school, backups, attempts, cameras), degraded: load.degraded };
  await rooms.answer({ ...questions, room: handlers.room });
  void services.maintenance.start();
  wanted.start();
  return {
    handlers: {
      ...handlers,
      ...questions,
      alarms: (open) => school.reportAlarms(sourceOf("media"), open),
      members: takeMembers(rooms, dispatch),
      reload: (next) => {
        config = next;
        api.reload(next);
        dispatch.reload(next);
        void places?.reload(next);
      },
    },
    close: async () => {
      wanted.close();
      await capacity.close();
      places?.close();
      await close([rooms.close, ...stops], cameras, backups, api, services, school, adminSocket);
      await tracer.close();
    },
  };
}

/** What becomes of the nodes that the supervisor tells of. */
function takeMembers(known: { members: readonly Member[] }, dispatch: Dispatch): ControlProcess["handlers"]["members"] {
  const clock = new ClockCorrection();
  return (members) => {
    known.members = members;
    correctClock(clock.next(members[0]?.clockErrorMs ?? 0));
    dispatch.update(members);
  };
}

/** The dispatch, by the places of addresses. A node that is alone sends nobody elsewhere. */
async function openPlacedDispatch({ config, log }: ControlProcessOptions, isAlone: boolean, members: readonly Member[]) {
  const places = isAlone ? null : await loadGeoip(config, log);
  const dispatch = openDispatch(config, nodeId(config), places ? places.locationOf : () => UNKNOWN_PLACE);
  dispatch.update(members);
  return { places, dispatch };
}

/** The metrics and the traces of this process, and its backups and the server for cameras, which have metrics. */
async function openMonitoring({ config, log }: ControlProcessOptions, current: () => Config, school: SchoolService) {
  const registry = processMetrics();
  const { tracer, counts } = openTracer(config, { node: nodeId(config), process: "control", version: VERSION }, log);
  if (counts) registerSpanMetric(registry, counts);
  registerAlarmMetric(registry, school.openAlarms);
  registerAuditMetrics(registry, school);
  registerEncryptionMetrics(registry, school);
  registerScoringMetrics(registry, school);
  const accounts = school.cameras(() => current().gb28181.password);
  const cameras = await startCameras({ config, log, registry, accounts });
  return { registry, tracer, cameras, backups: startBackups(current, school, log, registry) };
}

/** How this process reaches the followers of its rooms, and the owners of others. */
async function roomLinks({ config, supervisor, directory }: ControlProcessOptions, isAlone: boolean) {
  const self = nodeId(config);
  const askNode = nodeAskerOf(supervisor);
  const workers = new WorkerLinks();
  const known: { members: readonly Member[] } = { members: await supervisor.call("nodes", undefined) };
  const links: RoomLinks = {
    self: `${self}/${randomBytes(9).toString("base64url")}`,
    isNodeUp: (node) => known.members.some(({ id, state }) => id === node && state !== "gone"),
    askAt: (node, request) => askNode(node, "room", request),
    onUpdate: (update) => {
      workers.tell("roomUpdate", update);
      if (!isAlone) supervisor.tell("roomUpdate", update);
    },
  };
  return Object.assign(known, {
    links,
    /** From now on, the workers of this node are answered. */
    answer: (answers: ControlLinkMessages) => workers.open(workerLinkSocket(directory), answers),
    close: () => workers.close(),
  });
}

/** The school's answers, and those of the monitoring and the dispatch beside it. */
function answersOf({ answers }: SchoolService, attempts: FailedAttempts, dispatch: Dispatch): ControlAnswers {
  return {
    ...answers,
    refusalsSeen: (report) => {
      attempts.note(report.requests);
      return answers.refusalsSeen(report);
    },
    rtmpRedirectTarget: async (of) => dispatch.rtmpRedirectTarget(of),
  };
}

function schoolHandlers(
  services: NodeServices,
  school: SchoolService,
  backups: Backups,
  attempts: FailedAttempts,
  { camera }: Cameras,
) {
  const { handlers } = services;
  const result: Omit<ControlProcess["handlers"], "alarms" | "askControl" | "degraded" | "members" | "reload"> = {
    ...handlers,
    camera,
    located: (update) => {
      handlers.located(update);
      if (update.location) attempts.published(update.app, update.name, systemClock.utc());
      school.streamChanged(update.app, update.name, update.location && liveOf(update));
    },
    room: school.roomRequest,
    roomWorkerGone: ({ worker, at }) => school.roomWorkerGone(worker, at),
    nodeSample: (sample) => school.takeSample(sample),
    sample: async () => {
      const [own, database] = await Promise.all([services.sample(), school.databaseSample(COMPONENT_WITHIN_MS)]);
      const sending = [school.auditExport.component()].filter((component) => component !== null);
      return { ...own, components: [...own.components, database, ...backups.components(), ...sending] };
    },
    alarmsOf: ({ node, open }) => school.reportAlarms(node === "" ? "nodes" : `node ${node}`, open),
  };
  return result;
}

/** Tells the supervisor of the school's first start, and which database it has. */
async function tellStart({ config, supervisor, demo }: ControlProcessOptions, school: SchoolService, self: string): Promise<void> {
  if (school.generatedPassword !== null) supervisor.tell("firstPassword", school.generatedPassword);
  // Each node has an embedded database of its own.
  supervisor.tell("databaseOpened", config.database.url === "" ? `embedded ${self}` : await databaseIdentity(school.db));
  if (demo) supervisor.tell("demoSchool", await school.openDemo());
}

/** Reports the audiences of lessons that begin soon, so that nodes prefetch their streams. Returns the function that ends it. */
function startAudienceReports(
  { supervisor }: ControlProcessOptions,
  config: () => ControlProcessOptions["config"],
  school: SchoolService,
): () => void {
  const report = async (): Promise<void> => {
    const { prefetchFrom } = config().relay;
    supervisor.tell("expected", prefetchFrom === 0 ? [] : await school.expectedAudiences(prefetchFrom, MAX_POPULAR_STREAMS));
  };
  // The last report holds while the database is unreachable.
  const timer = setInterval(() => void report().catch(() => {}), AUDIENCE_POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** @returns ends it */
function reportRepeatedAttempts(attempts: FailedAttempts, report: (open: readonly OpenAlarm[]) => void): () => void {
  let reported: string | null = null;
  const timer = setInterval(() => {
    const open = attempts.repeated(systemClock.utc()).map((found) => ({ code: "publish-refused" as const, ...found }));
    const text = JSON.stringify(open.map(({ subject }) => subject));
    if (text !== reported) report(open);
    reported = text;
  }, REPEATED_POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

async function close(
  stops: readonly (() => void)[],
  cameras: Cameras,
  backups: Backups,
  api: ControlApi,
  services: NodeServices,
  school: SchoolService,
  adminSocket: { readonly close: () => unknown },
): Promise<void> {
  for (const stop of stops) stop();
  await cameras.close();
  await backups.close();
  await api.close();
  await services.close();
  await school.close();
  adminSocket.close();
}
