/**
 * Assembles the school: the store, the service of each domain, and the routes of the API.
 * It hears of streams through `streamChanged` and acts on them through `StreamControl`; it never imports `live/`.
 */
import { sql } from "kysely";
import { answeringComponent } from "../contracts/monitoring/answering-component.ts";
import { withAdvisoryLock } from "../platform/store/advisory-lock.ts";
import { openStore } from "../platform/store/open-store.ts";
import type { ConnectOptions, Store } from "../platform/store/store.ts";
import { type SchoolAnswers, schoolAnswers } from "./answers.ts";
import { approvalActs } from "./approval-acts.ts";
import { GuestNames } from "./classroom/moderation/guest-names.ts";
import { type DemoSchool, openDemoSchool } from "./demo-school.ts";
import { addImportedLesson, findImportedLesson } from "./exchange/imported-lessons/imported-lesson.ts";
import { launchPage } from "./exchange/lti/platforms.ts";
import { announceCapacity } from "./exchange/webhooks/announce-capacity.ts";
import { prepareFirstStart, recoverOperator } from "./first-start.ts";
import { publicKeys } from "./foundation/audit/checkpoint-key.ts";
import { auditChains, verifyAudit } from "./foundation/audit/verification.ts";
import { openDataEncryption } from "./foundation/encryption/data-encryption.ts";
import { MIGRATIONS } from "./foundation/migrations/index.ts";
import type { Tables } from "./foundation/store/tables.ts";
import { sendTest } from "./insight/alarms/channels/alarm-notices.ts";
import { writeDefaultRules } from "./insight/alarms/default-rules.ts";
import { type ExpectedAudience, expectedAudiences } from "./lessons/expected-audience.ts";
import { expectedPeople } from "./lessons/expected-people.ts";
import { findLesson, visibleStreams } from "./lessons/lesson-rights.ts";
import { MATERIALS, workerGone } from "./lessons/materials/material-task.ts";
import { chooseRecording } from "./lessons/recording-choice.ts";
import { RecordingPrefetch } from "./lessons/recordings/recording-prefetch.ts";
import { makeBreakGlassAccount } from "./people/accounts/break-glass.ts";
import { Mail } from "./people/accounts/mail.ts";
import { HourlyLimits } from "./people/limits/hourly-limits.ts";
import { JoinLimits } from "./people/limits/join-limits.ts";
import { ProviderClient } from "./people/sign-on/provider-client.ts";
import { allRoutes, type SchoolRouteContext } from "./routes.ts";
import type { SchoolMethods, SchoolOptions } from "./school-options.ts";
import { closeServices, createServices, type Services } from "./services.ts";
import { streamPolicyOf } from "./stream-policy-of.ts";
import { cameraAccounts } from "./streams/cameras/accounts.ts";
import { visibleJobs } from "./streams/jobs/visible-jobs.ts";
import { wantedJobs } from "./streams/jobs/wanted-jobs.ts";
import { policyChange } from "./streams/policies/snapshot.ts";

export type { SchoolAnswers } from "./answers.ts";
export type { RoomLinks } from "./classroom/rooms.ts";
export type { LaunchPage } from "./exchange/lti/platforms.ts";
export { deliveryBodies } from "./exchange/webhooks/event-shapes.ts";
export { recoverOffline } from "./first-start.ts";
export type { EncryptionStatus } from "./foundation/encryption/data-encryption.ts";
export { assertDataKeys, neededSecrets, secretOfDataKey } from "./foundation/encryption/data-keys.ts";
export { encryptStoredSecrets } from "./foundation/store/stored-secrets.ts";
export type { OpenAlarm } from "./insight/alarms/alarm-service.ts";
export type { LiveStream } from "./lessons/live-lessons.ts";
export type { MaterialStore } from "./lessons/materials/material-store.ts";
export type { RecordingLibrary } from "./lessons/recordings/recording-library.ts";
export { BREAK_GLASS_MINUTES, type BreakGlassAccount, type BreakGlassRequest } from "./people/accounts/break-glass.ts";
export type { SchoolOptions } from "./school-options.ts";
export type SchoolService = SchoolMethods & { readonly answers: SchoolAnswers };
export type { JobControl } from "./streams/jobs/job-control.ts";
export type { DemoSchool, ExpectedAudience, Tables as SchoolTables };

/** Opens the database of a school with its tables. @throws StoreError when it cannot be used */
export function openSchoolStore(options: ConnectOptions): Promise<Store<Tables>> {
  return openStore<Tables>({ ...options, migrations: MIGRATIONS });
}

export async function startSchool(options: SchoolOptions): Promise<SchoolService> {
  const { atRest } = options.encryption;
  const encryption = await openDataEncryption(options.store, { atRest, secrets: options.encryptionSecrets, log: options.log });
  const { store } = encryption;
  const generatedPassword = await withAdvisoryLock(store, "lectern: the first", () =>
    prepareFirstStart(store.db, options.adminPassword),
  );
  const services = createServices(store, options);
  const { leader, work, space } = services;
  const values = encryption.work();
  if (values) work.add(values);
  services.storedSecrets.start(store.db);
  await leader.start();
  await space.start();
  work.start();
  await services.watchingEnds.start();
  await writeDefaultRules(store.db);
  services.historyTask.start();
  services.ruleWatch.start();
  services.probes.start();
  services.lessonMetrics.start();
  services.candidateStreamEnds.start();
  services.operatorWatch.start();
  services.readings.start();
  return {
    ...schoolService(services, options),
    generatedPassword,
    encryption: (rotate) => (rotate ? encryption.rotate() : encryption.status()),
    close: async () => {
      encryption.close();
      await closeServices(services);
    },
  };
}

function schoolService(
  services: Services,
  options: SchoolOptions,
): Omit<SchoolService, "generatedPassword" | "encryption" | "close"> {
  const { store, changes, signIn, lessons, alarms } = services;
  const { db } = store;
  return {
    db,
    answers: schoolAnswers(services, options),
    isLeader: () => services.leader.isLeader,
    routes: allRoutes(routeContext(services, options)).map((route) => services.readings.audited(services.entries.guarded(route))),
    actorOf: (credential, ip) => signIn.actorOf(credential, ip),
    streamChanged: (app, name, stream) => lessons.streamChanged(app, name, stream),
    streamPolicy: (app, name) => streamPolicyOf(db, app, name),
    recordingChosen: async (app, name, action) => {
      if (await chooseRecording(db, app, name, action)) options.streams.ruleChanged(app, name);
    },
    policyChange: (notice) => policyChange(db, services.storedSecrets, notice),
    reportAlarms: (source, open) => alarms.report(source, open),
    cameras: (password) => cameraAccounts(db, services.storedSecrets, password),
    visibleStreams: (actor) => visibleStreams(db, actor),
    visibleJobs: (actor) => visibleJobs(db, actor),
    wantedJobs: () => {
      services.jobNotices.listen();
      return wantedJobs(db, services.storedSecrets, options.settings().maxCaptions);
    },
    roomRequest: services.classroom.rooms.request,
    roomWorkerGone: (worker, at) => {
      services.classroom.rooms.workerGone(worker, at);
      // Where the database does not answer, the lease ends by itself.
      workerGone(db, worker).then(
        () => services.work.wake(MATERIALS),
        () => {},
      );
    },
    wakeWork: () => services.work.wakeAll(),
    writeReadings: () => services.readings.write(false),
    lookAtOperators: () => services.operatorWatch.look(Date.now()),
    lostReadings: () => services.readings.lost,
    scorings: () => services.scoringCounts,
    auditExport: services.auditExport,
    takeSample: (sample) => {
      services.historyTask.take(sample, Date.now());
      services.candidateUplinks.take(sample, Date.now());
    },
    components: (node) => services.series.components(node),
    databaseSample: (withinMs) => answeringComponent("database", () => sql`select 1`.execute(db), withinMs),
    openAlarms: () => alarms.countOpen(),
    lessonStream: async (actor, lessonId) => {
      const lesson = await findLesson(db, actor, lessonId, "assist");
      return { app: lesson.stream_app, name: lesson.stream_name };
    },
    expectedAudiences: (minPeople, limit) => expectedAudiences(db, minPeople, limit),
    expectedPeople: (leadMs) => expectedPeople(db, leadMs),
    announceCapacity: (groups) => announceCapacity(changes, groups),
    launchPage: (form, schoolId) => launchPage(db, form, schoolId),
    openDemo: () => openDemoSchool(db, changes, services.storedSecrets),
    auditChains: () => auditChains(db),
    verifyAudit: (schoolId, after) => verifyAudit(db, publicKeys(options.encryptionSecrets()), schoolId, after),
    recoverOperator: () => recoverOperator(changes, () => signIn.clearCache()),
    breakGlass: (request) => makeBreakGlassAccount({ changes, log: options.log }, request),
    findImportedLesson: (of) => findImportedLesson(db, of),
    addImportedLesson: (lesson) => addImportedLesson({ db, changes, node: options.materials.self }, lesson),
  };
}

function routeContext(services: Services, options: SchoolOptions): SchoolRouteContext {
  const { log, settings, streams, linkSecrets, jobs, recordings, materials, writeBoardPdf, explain, protection } = options;
  const { degradation, node } = options;
  const hourly = new HourlyLimits(services.store.db, log);
  const { store, storedSecrets, changes, signIn, lessons, space, invitations, examFiles, paperFiles } = services;
  const prefetch = new RecordingPrefetch((id) => recordings.prefetch(id, []));
  return {
    db: store.db,
    changes,
    storedSecrets,
    examFiles,
    paperFiles,
    auditKeys: () => publicKeys(options.encryptionSecrets()),
    signIn,
    testAlarmChannel: (channel) => sendTest(services.alarmSending, channel, Date.now()),
    series: services.series,
    invitations,
    hourly,
    rooms: services.classroom.rooms,
    watchingEnds: services.watchingEnds,
    maxCaptions: () => settings().maxCaptions,
    guestNames: new GuestNames(store.db),
    joins: new JoinLimits(() => settings().limits),
    mail: new Mail(() => settings().mail, log, hourly),
    protection,
    degradation,
    node,
    providers: new ProviderClient({ log, storedSecrets, networks: () => settings().signOnNetworks }),
    flowSecret: streams.linkSecret,
    signatures: services.signatures,
    toolKeys: services.toolKeys,
    log,
    streams: { ...streams, isLive: (app, name) => lessons.isLive(app, name) },
    listDirectories: () => settings().listDirectories,
    jobs,
    policyNotices: streams,
    explain,
    linkSecret: streams.linkSecret,
    linkSecrets,
    apps: () => settings().apps,
    loadTests: () => settings().load,
    candidateStreams: {
      liveSince: (app, name) => lessons.liveSince(app, name),
      uplinkOf: (app, name, now) => services.candidateUplinks.of(app, name, now),
    },
    noteLook: (look) => services.readings.note(look),
    recordings,
    materials,
    writeBoardPdf,
    materialsChanged: () => services.work.wake(MATERIALS),
    space,
    prefetch,
    approvals: {
      acts: approvalActs({ recordings, prefetch }, () => signIn.clearCache()),
      providerOf: (token) => signIn.sessions.providerOf(token),
    },
  };
}
