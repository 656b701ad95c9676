/** Starts the control process: the school, its API and the pages, on a Unix socket to which the media workers proxy requests. */

import { randomBytes } from "node:crypto";
import { explainer } from "../../access/explanation.ts";
import type { RecordingInfoUpdate, StreamPolicyUpdate } from "../../access/policies/policy-messages.ts";
import type { PolicyChange, PolicyNotice } from "../../access/policies/policy-snapshot.ts";
import { PolicyUpdateQueue, sentWith } from "../../access/policies/policy-updates.ts";
import { boardPdf } from "../../library/boards/board-pdf.ts";
import type { Located } from "../../live/relay/registry/writer-messages.ts";
import { ClockCorrection } from "../../network/clock-offset.ts";
import type { Member } from "../../network/membership.ts";
import { MAX_POPULAR_STREAMS } from "../../network/stream-popularity.ts";
import { registerAlarmMetric } from "../../operations/alarm-metric.ts";
import { FailedAttempts } from "../../operations/failed-attempts.ts";
import { processMetrics } from "../../operations/metrics.ts";
import { registerSpanMetric } from "../../operations/span-metric.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { correctClock, systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { loadAddressPlaces } from "../../platform/places/address-places.ts";
import { UNKNOWN_PLACE } from "../../platform/places/client-place.ts";
import { writeBackup } from "../../platform/store/backup.ts";
import { databaseIdentity } from "../../platform/store/database-identity.ts";
import { openTracer } from "../../platform/tracing/open-tracer.ts";
import type { LiveStream } from "../../school/lessons/live-lessons.ts";
import {
  type JobControl,
  type OpenAlarm,
  openSchoolStore,
  type RoomLinks,
  type SchoolService,
  startSchool,
} from "../../school/school.ts";
import { type Backups, startBackups } from "../backups/start-backups.ts";
import { type Dispatch, openDispatch } from "../cluster/dispatch.ts";
import { nodeId } from "../cluster/node-identity.ts";
import { WantedJobs } from "../cluster/wanted-jobs.ts";
import { openAdminSocket } from "../ipc/admin-socket.ts";
import { answerQuestions, type ControlAnswers } from "../ipc/control-questions.ts";
import { addressListFiles } from "../ipc/node-policies.ts";
import { withNode } from "../ipc/recording-handlers.ts";
import { controlSocket } from "../process-names.ts";
import { VERSION } from "../version.ts";
import { AddressLookups } from "./address-lookups.ts";
import { type Cameras, startCameras } from "./cameras.ts";
import { type ControlApi, rtmpAddress, serveApi } from "./control-api.ts";
import { whenDatabaseAnswers } from "./database-wait.ts";
import { openMaterialStore } from "./materials.ts";
import {
  COMPONENT_WITHIN_MS,
  type ControlProcess,
  type ControlProcessOptions,
  type NodeServices,
  openNodeServices,
} from "./node-services.ts";
import { startProbes } from "./probes.ts";
import { accessSettings } from "./worker-access.ts";
import { explainedBackEnds } from "./worker-back-ends.ts";

const CLIP_WITHIN_MS = 60_000;
const END_ATTEMPTS = 4;
/** The interval of checks of the timetable for lessons that begin soon. */
const AUDIENCE_POLL_MS = 5000;
const REPEATED_POLL_MS = 5000;

export async function startControl(options: ControlProcessOptions): Promise<ControlProcess> {
  const { log, supervisor, ask } = options;
  let config = options.config;
  const current = () => config;
  // The socket locks the data directory, so it opens before the database.
  const adminSocket = await openAdminSocket(config.dataDir, {
    backup: ({ file }) => writeBackup(school.db, file),
    recover: () => school.recoverOperator(),
    nodes: () => supervisor.call("nodes", undefined),
  });
  const wanted = new WantedJobs(
    () => school.wantedJobs(),
    (list) => supervisor.tell("wantedJobs", list),
  );
  const jobs: JobControl = { wantedChanged: () => wanted.changed(), reports: () => supervisor.call("jobs", undefined) };
  const rooms = await roomLinks(options);
  const school: SchoolService = await openSchool(options, current, { jobs, rooms: rooms.links }, () => school);
  // With several control nodes on one database, each reports its own alarms.
  const self = nodeId(config);
  const isAlone = config.cluster.nats.length === 0;
  const sourceOf = (what: "media" | "storage") => (isAlone ? what : (`node ${self}: ${what}` as const));
  // A node that is alone sends nobody elsewhere.
  const places = isAlone ? null : await loadAddressPlaces(config, log);
  const dispatch = openDispatch(config, self, places ? places.placeOf : () => UNKNOWN_PLACE);
  dispatch.update(await supervisor.call("nodes", undefined));
  const services = await openNodeServices({
    config: current,
    log,
    located: options.located,
    onRecording: (recording) => ask("recordingSeen", withNode(self, recording)),
    onAlarms: (open) => school.reportAlarms(sourceOf("storage"), open),
  });
  school.reportAlarms(sourceOf("media"), options.alarms);
  await tellStart(options, school, self);
  const attempts = new FailedAttempts();
  const { registry, tracer, backups, cameras } = await openMonitoring(options, current, school);
  const api = await serveApi({
    options,
    config: current,
    school,
    services,
    dispatch,
    jobs,
    isAlone,
    recordStream: recordStream(options, () => school),
    attemptsOf: attempts.of,
    ...{ registry, tracer },
  });
  const stopProbes = startProbes({ config, log, supervisor, ask, registry });
  const clock = new ClockCorrection();
  const stopAudiences = startAudienceReports(options, current, school);
  const stopAttempts = reportRepeatedAttempts(attempts, (open) => school.reportAlarms(`node ${self}: publishers`, open));
  void services.maintenance.start();
  wanted.start();
  return {
    handlers: {
      ...schoolHandlers(services, school, backups, attempts, cameras),
      ...answerQuestions(answersOf(school, attempts, dispatch)),
      alarms: (open) => school.reportAlarms(sourceOf("media"), open),
      members: (members) => {
        rooms.members = members;
        correctClock(clock.next(members[0]?.clockErrorMs ?? 0));
        dispatch.update(members);
      },
      reload: (next) => {
        config = next;
        api.reload(next);
        dispatch.reload(next);
        void places?.reload(next);
      },
    },
    close: async () => {
      wanted.close();
      places?.close();
      await close([stopProbes, stopAudiences, stopAttempts], cameras, backups, api, services, school, adminSocket);
      await tracer.close();
    },
  };
}

/** The metrics and the traces of this process, and its backups and the server for cameras, which have metrics. */
async function openMonitoring({ config, log }: ControlProcessOptions, current: () => Config, school: SchoolService) {
  const registry = processMetrics();
  const { tracer, counts } = openTracer(config, { node: nodeId(config), process: "control", version: VERSION }, log);
  if (counts) registerSpanMetric(registry, counts);
  registerAlarmMetric(registry, school.openAlarms);
  const accounts = school.cameras(() => current().gb28181.password);
  const cameras = await startCameras({ config, log, registry, accounts });
  return { registry, tracer, cameras, backups: startBackups(current, school, log, registry) };
}

/** How this process reaches the followers of its rooms, and the owners of others. */
async function roomLinks({ config, supervisor }: ControlProcessOptions) {
  const self = nodeId(config);
  const known: { members: readonly Member[] } = { members: await supervisor.call("nodes", undefined) };
  const links: RoomLinks = {
    self: `${self}/${randomBytes(9).toString("base64url")}`,
    isNodeUp: (node) => known.members.some(({ id, state }) => id === node && state !== "gone"),
    askAt: (node, request) => supervisor.call("roomAt", { node, request }),
    onUpdate: (update) => supervisor.tell("roomUpdate", update),
  };
  return Object.assign(known, { links });
}

/** The school's answers, and those of the monitoring and the dispatch beside it. */
function answersOf({ answers }: SchoolService, attempts: FailedAttempts, dispatch: Dispatch): ControlAnswers {
  return {
    ...answers,
    refusalsSeen: (report) => {
      attempts.note(report.requests);
      return answers.refusalsSeen(report);
    },
    betterRtmp: async (of) => dispatch.betterRtmp(of),
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
  const result: Omit<ControlProcess["handlers"], "alarms" | "askControl" | "members" | "reload"> = {
    ...handlers,
    camera,
    located: (update) => {
      handlers.located(update);
      if (update.location) attempts.published(update.app, update.name, systemClock.utc());
      school.streamChanged(update.app, update.name, update.location && liveOf(update));
    },
    room: (request) => school.roomRequest(request),
    roomWorkerGone: ({ worker, at }) => school.roomWorkerGone(worker, at),
    nodeSample: (sample) => school.takeSample(sample),
    sample: async () => {
      const [own, database] = await Promise.all([services.sample(), school.databaseSample(COMPONENT_WITHIN_MS)]);
      return { ...own, components: [...own.components, database, ...backups.components()] };
    },
    alarmsOf: ({ node, open }) => school.reportAlarms(node === "" ? "nodes" : `node ${node}`, open),
  };
  return result;
}

/** Starts the school, with the calls by which it reaches streams and recordings. */
/** The database of the school, once it can be reached. */
function openStore({ config, directory, log, supervisor }: ControlProcessOptions) {
  const { database, dataDir } = config;
  return whenDatabaseAnswers(() => openSchoolStore({ url: database.url, dataDir, log }), {
    ...{ socket: controlSocket(directory), log },
    onWaiting: () => supervisor.tell("databaseAwaited", undefined),
  });
}

/** Tells the supervisor of the school's first start, and which database it has. */
async function tellStart({ config, supervisor, demo }: ControlProcessOptions, school: SchoolService, self: string): Promise<void> {
  if (school.generatedPassword !== null) supervisor.tell("firstPassword", school.generatedPassword);
  // Each node has an embedded database of its own.
  supervisor.tell("databaseOpened", config.database.url === "" ? `embedded ${self}` : await databaseIdentity(school.db));
  if (demo) supervisor.tell("demoSchool", await school.openDemo());
}

async function openSchool(
  options: ControlProcessOptions,
  config: () => ControlProcessOptions["config"],
  own: { readonly jobs: JobControl; readonly rooms: RoomLinks },
  school: () => SchoolService,
): Promise<SchoolService> {
  const { log, supervisor } = options;
  const policyUpdates = new PolicyUpdateQueue<Pick<StreamPolicyUpdate, "app" | "name">, StreamPolicyUpdate>(
    ({ app, name }) => `${app}/${name}`,
    async ({ app, name }) => ({ app, name, rule: await school().streamPolicy(app, name) }),
    (update) => supervisor.tell("rule", update),
  );
  const recordingUpdates = new PolicyUpdateQueue<string, RecordingInfoUpdate>(
    (id) => id,
    async (id) => ({ id, rule: await school().answers.recordingRule({ id }) }),
    (update) => supervisor.tell("recording", update),
  );
  const policyChanges = new PolicyUpdateQueue<PolicyNotice, PolicyChange>(
    (notice) => JSON.stringify(notice),
    (notice) => school().policyChange(notice),
    (change) => supervisor.tell("policyChange", change),
  );
  const { dataDir } = options.config;
  const lookups = new AddressLookups({ config, log, onChanged: () => {} });
  const explain = explainer({
    settings: () => accessSettings(config()),
    addresses: lookups,
    backEnds: explainedBackEnds(config, log),
    snapshot: async () => {
      const snapshot = await school().answers.policySnapshot(null);
      await lookups.take(await addressListFiles(dataDir, snapshot.addressLists));
      return snapshot;
    },
    streamPolicy: (app, name) => school().streamPolicy(app, name),
    recordingInfo: (id) => school().answers.recordingRule({ id }),
  });
  return await startSchool({
    explain,
    store: await openStore(options),
    log,
    encryptionSecrets: () => config().secrets.encryption,
    linkSecrets: () => config().secrets.links,
    writeBoardPdf: boardPdf,
    adminToken: options.adminToken,
    adminPassword: options.adminPassword,
    settings: () => ({
      operatorNetworks: config().operators.allow,
      operatorSecondFactor: config().operators.secondFactor,
      privateWebhooks: config().webhooks.private,
      listDirectories: config().addressLists.files,
      mail: { ...config().mail, publicUrl: config().http.publicUrl },
      sessions: config().sessions,
      apps: config().apps,
      signOnNetworks: config().signOn.networks,
      limits: config().limits,
    }),
    streams: {
      end: (app, name) => endStream(options, { app, name }),
      ruleChanged: (app, name) => policyUpdates.add({ app, name }),
      policyChanged: (notice) => policyChanges.add(notice),
      told: (tell) => sentWith([policyUpdates, recordingUpdates, policyChanges], tell),
      linkSecret: () => config().secrets.links[0] ?? "",
      rtmpOf: (origin) => rtmpAddress(origin, options.rtmpPort),
    },
    stillOf: (app, name) => supervisor.call("still", { app, name }),
    live: options.located.map(liveOf),
    ...own,
    protection: {
      mode: () => config().protection.mode,
      state: () => supervisor.call("protectionState", undefined),
      release: (release) => supervisor.tell("releaseAddress", release),
    },
    materials: await openMaterialStore(options, config, own.rooms.isNodeUp),
    recordings: recordingLibrary(options, school, (id) => recordingUpdates.add(id)),
    retainDays: () => config().recording.retainDays,
  });
}

type RecordingLibrary = Parameters<typeof startSchool>[0]["recordings"];

/** Ends a stream, also where a machine without time to spare has no answer at first: nobody who ends a lesson comes back to see. */
async function endStream(
  { supervisor, log }: Pick<ControlProcessOptions, "supervisor" | "log">,
  of: { readonly app: string; readonly name: string },
): Promise<boolean> {
  for (let left = END_ATTEMPTS - 1; ; left--) {
    try {
      return await supervisor.call("endStream", of);
    } catch (error) {
      if (left > 0) continue;
      log.error({ err: error, ...of }, "stream not ended");
      return false;
    }
  }
}

/** What the school asks of recorded files, on whichever node they are. */
function recordingLibrary(
  options: ControlProcessOptions,
  school: () => SchoolService,
  ruleChanged: (id: string) => void,
): RecordingLibrary {
  const { supervisor } = options;
  return {
    record: recordStream(options, school),
    prefetch: (id, nodes) => supervisor.call("prefetch", { id, nodes }, CLIP_WITHIN_MS),
    ruleChanged,
    clip: (files, from, to) => supervisor.call("clip", { files, from, to }, CLIP_WITHIN_MS),
    orderDownload: (files, of) => supervisor.call("orderDownloadAt", { files, of }),
    findDownload: (files, of) => supervisor.call("findDownloadAt", { files, of }),
    cancelDownload: (files, of) => supervisor.call("cancelDownloadAt", { files, of }),
    remove: (files) => supervisor.call("removeFiles", { files }, CLIP_WITHIN_MS),
  };
}

/** Starts or stops a recording manually. @throws RefusalError quota-reached */
function recordStream({ supervisor }: ControlProcessOptions, school: () => SchoolService) {
  return async (app: string, name: string, action: "start" | "stop"): Promise<boolean> => {
    const policy = await school().streamPolicy(app, name);
    if (action === "start" && policy?.mayRecord === false) throw new RefusalError("quota-reached");
    // The recorders of a small lesson's members go by its policy.
    const isRecorded = await supervisor.call("record", { app, name, action });
    if (!isRecorded && policy?.members !== "all") return false;
    await school().recordingChosen(app, name, action);
    return true;
  };
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

function liveOf({ app, name, location }: Located): LiveStream {
  return { app, name, epoch: location?.epoch ?? "", startedAt: location?.startedAt ?? 0 };
}
