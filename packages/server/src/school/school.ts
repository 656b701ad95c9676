/**
 * Assembles the school: the store, the service of each domain, and the routes of the API.
 * It hears of streams through `streamChanged` and acts on them through `StreamControl`; it never imports `live/`.
 */
import type { Actor } from "../access/actor.ts";
import type { Explain } from "../access/explanation.ts";
import type {
  AddressListPart,
  AddressListVersion,
  PolicyChange,
  PolicyNotice,
  PolicyNotices,
  PolicySnapshot,
} from "../access/policies/policy-snapshot.ts";
import type { RecordingInfo } from "../access/policies/recording-info.ts";
import type { RefusalReport } from "../access/policies/refusal-report.ts";
import type { StreamPolicy } from "../access/policies/stream-policy.ts";
import type { ApiRoute } from "../access/route.ts";
import type { RequestCredential } from "../platform/api/route.ts";
import { systemClock } from "../platform/clock.ts";
import { ID } from "../platform/id.ts";
import type { WantedJob } from "../platform/jobs/wanted-jobs.ts";
import type { Logger } from "../platform/log.ts";
import type { RoomReplayAnswer, RoomReplayRequest } from "../platform/rooms/room-replay.ts";
import type { RoomAnswer, RoomRequest } from "../platform/rooms/room-requests.ts";
import { withAdvisoryLock } from "../platform/store/advisory-lock.ts";
import { LeaderTask } from "../platform/store/leader-task.ts";
import { openStore } from "../platform/store/open-store.ts";
import type { Store } from "../platform/store/store.ts";
import { Mail, type MailOptions } from "./accounts/mail.ts";
import type { SessionLimits } from "./accounts/sessions.ts";
import { SignInService } from "./accounts/sign-in.ts";
import { ListRefresh } from "./address-lists/list-refresh.ts";
import { AlarmService, type AlarmSource, type OpenAlarm } from "./alarms/alarm-service.ts";
import { AttendanceReports } from "./classroom/presence/attendance-reports.ts";
import { RoomReplay } from "./classroom/replay/room-replay.ts";
import type { RoomLinks } from "./classroom/rooms.ts";
import { Classroom } from "./classroom.ts";
import { type DemoSchool, openDemoSchool } from "./demo-school.ts";
import { startRetention } from "./expired-rows.ts";
import { type OperatorCredentials, prepareFirstStart, recoverOperator } from "./first-start.ts";
import { GuardianNotices } from "./guardians/notices.ts";
import { ImportService } from "./imports/import-service.ts";
import type { JobControl } from "./jobs/job-control.ts";
import { JobNotices } from "./jobs/job-notices.ts";
import { visibleJobs } from "./jobs/visible-jobs.ts";
import { wantedJobs } from "./jobs/wanted-jobs.ts";
import { type ExpectedAudience, expectedAudiences } from "./lessons/expected-audience.ts";
import { Invitations } from "./lessons/invitations.ts";
import { findActiveLesson, findLessonByCode } from "./lessons/lesson-by-code.ts";
import { findLesson, visibleStreams } from "./lessons/lesson-rights.ts";
import { LiveLessons, type LiveStream } from "./lessons/live-lessons.ts";
import { PermissionReview } from "./lessons/permission-review.ts";
import { chooseRecording, type RecordAction } from "./lessons/recording-choice.ts";
import type { StreamControl } from "./lessons/stream-control.ts";
import { streamPolicy } from "./lessons/stream-policy.ts";
import { HourlyLimits } from "./limits/hourly-limits.ts";
import { JoinLimits } from "./limits/join-limits.ts";
import { type LimitSettings, personRate } from "./limits/limit-settings.ts";
import { GradeService } from "./lti/grade-service.ts";
import { type LaunchPage, launchPage } from "./lti/platforms.ts";
import { Signatures } from "./lti/signatures.ts";
import { ToolKeys } from "./lti/tool-keys.ts";
import { MIGRATIONS } from "./migrations/index.ts";
import { storeRefusals } from "./policies/refusal-log.ts";
import { addressListPart, policyChange, policySnapshot } from "./policies/snapshot.ts";
import { SchoolDeletion } from "./privacy/school-deletion.ts";
import type { ProtectionControl } from "./protection/protection-control.ts";
import { recordingInfo } from "./recordings/recording-info.ts";
import type { RecordingLibrary, RecordingUpdate } from "./recordings/recording-library.ts";
import { RecordingPrefetch } from "./recordings/recording-prefetch.ts";
import { RecordingRetention } from "./recordings/recording-retention.ts";
import { applyRecordingUpdate } from "./recordings/recording-update.ts";
import { allRoutes, type SchoolRouteContext } from "./routes.ts";
import { ProviderClient } from "./sign-on/provider-client.ts";
import { Changes } from "./store/change.ts";
import { StoredSecrets } from "./store/stored-secrets.ts";
import type { Database, Tables } from "./store/tables.ts";
import { WatchingEnds } from "./watchers/watching.ts";
import { WebhookService } from "./webhooks/webhook-service.ts";

export type { OpenAlarm } from "./alarms/alarm-service.ts";
export type { RoomLinks } from "./classroom/rooms.ts";
export { recoverOffline } from "./first-start.ts";
export type { JobControl } from "./jobs/job-control.ts";
export type { LaunchPage } from "./lti/platforms.ts";
export { encryptStoredSecrets } from "./store/stored-secrets.ts";
export type { DemoSchool, ExpectedAudience, Tables as SchoolTables };

export type SchoolOptions = {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly log: Logger;
  /** Secrets that encrypt those in the database: the first encrypts, all of them decrypt. */
  readonly encryptionSecrets: () => readonly string[];
  /** LECTERN_ADMIN_TOKEN. */
  readonly adminToken: string | null;
  /** LECTERN_ADMIN_PASSWORD, for the first operator; null: one is generated. */
  readonly adminPassword: string | null;
  readonly settings: () => {
    readonly operatorNetworks: readonly string[];
    /** Operators can do nothing before they have set up a second factor. */
    readonly operatorSecondFactor: boolean;
    readonly privateWebhooks: boolean;
    /** Directories that files of address lists may be in. */
    readonly listDirectories: readonly string[];
    readonly mail: MailOptions;
    readonly sessions: SessionLimits;
    /** Applications that streams may belong to. */
    readonly apps: readonly string[];
    /** Private networks that schools' sign-on providers may be in. */
    readonly signOnNetworks: readonly string[];
    readonly limits: LimitSettings;
  };
  readonly streams: Omit<StreamControl, "isLive"> & PolicyNotices;
  /** Secrets of signed links: the first signs, all of them verify. */
  readonly linkSecrets: () => readonly string[];
  readonly jobs: JobControl;
  readonly protection: ProtectionControl;
  /** What access rules would decide on a request. */
  readonly explain: Explain;
  readonly recordings: RecordingLibrary;
  /** Recordings move to the bin after this many days; 0: never. */
  readonly retainDays: () => number;
  readonly rooms: RoomLinks;
  /** The newest picture of a live stream as a JPEG in base64; null: there is none. */
  readonly stillOf: (app: string, name: string) => Promise<string | null>;
  /** Streams that are live when the school starts. */
  readonly live: readonly LiveStream[];
};

export type SchoolService = {
  readonly db: Database;
  readonly routes: readonly ApiRoute[];
  /** The actor behind a credential. @throws RefusalError */
  readonly actorOf: (credential: RequestCredential | null, ip: string) => Promise<Actor>;
  /** The generated password of the first operator, created by this start; else null. */
  readonly generatedPassword: string | null;
  /** A stream has started, or ended (null). */
  readonly streamChanged: (app: string, name: string, stream: LiveStream | null) => void;
  readonly streamPolicy: (app: string, name: string) => Promise<StreamPolicy | null>;
  /** A person started or stopped the recording of a live stream: its lesson remembers that. */
  readonly recordingChosen: (app: string, name: string, action: RecordAction) => Promise<void>;
  /** The files of a recording have changed. */
  readonly recordingUpdated: (update: RecordingUpdate) => Promise<void>;
  readonly recordingInfo: (id: string) => Promise<RecordingInfo | null>;
  /** Media workers have refused requests. */
  readonly refusalsSeen: (report: RefusalReport) => Promise<void>;
  readonly policySnapshot: () => Promise<PolicySnapshot>;
  readonly policyChange: (notice: PolicyNotice) => Promise<PolicyChange>;
  readonly addressListPart: (of: AddressListVersion & { readonly n: number }) => Promise<AddressListPart | null>;
  /** Replaces the open alarms of a source. */
  readonly reportAlarms: (source: AlarmSource, open: readonly OpenAlarm[]) => void;
  /** Streams that the actor may see and end, as `app/name`; null: all. */
  readonly visibleStreams: (actor: Actor) => Promise<ReadonlySet<string> | null>;
  /** Enabled sources and forwards, with their addresses: those of a lesson only while it may be published. `jobs.wantedChanged` tells of changes. */
  readonly wantedJobs: () => Promise<readonly WantedJob[]>;
  /** Which jobs the actor may see. */
  readonly visibleJobs: (actor: Actor) => ReturnType<typeof visibleJobs>;
  /** The stream of a lesson in which the actor assists. @throws RefusalError */
  readonly lessonStream: (actor: Actor, lessonId: string) => Promise<{ readonly app: string; readonly name: string }>;
  /** The stream of the lesson with a join code, or an id; the address counts wrong codes. @throws RefusalError no-such-lesson, too-many */
  readonly streamOfCode: (
    code: string,
    ip: string,
  ) => Promise<{ readonly room: string; readonly app: string; readonly name: string }>;
  /** Answers what a media worker, or another control process, asks the owner of a lesson's room. */
  readonly roomRequest: (request: RoomRequest) => Promise<RoomAnswer>;
  /** A media worker, `NODE/WORKER`, has died, with everybody who was in rooms there. */
  readonly roomWorkerGone: (worker: string, at: number) => void;
  /** Answers media workers that serve the room of then. */
  readonly roomReplay: (request: RoomReplayRequest) => Promise<RoomReplayAnswer>;
  /** Lessons that are live or start soon, with at least this many people expected; largest first. */
  readonly expectedAudiences: (minPeople: number, limit: number) => Promise<ExpectedAudience[]>;
  /** What the page of a learning platform's launch needs; null where no platform has these fields. */
  readonly launchPage: (form: string, schoolId: string | null) => Promise<LaunchPage | null>;
  /** The demonstration school, created where it does not exist. */
  readonly openDemo: () => Promise<DemoSchool>;
  /** Sets a new password for the first operator. */
  readonly recoverOperator: () => Promise<OperatorCredentials>;
  readonly close: () => Promise<void>;
};

type Services = {
  readonly store: Store<Tables>;
  readonly storedSecrets: StoredSecrets;
  readonly leader: LeaderTask<Tables>;
  readonly changes: Changes;
  readonly review: PermissionReview;
  readonly invitations: Invitations;
  readonly jobNotices: JobNotices;
  readonly webhooks: WebhookService;
  readonly signIn: SignInService;
  readonly lessons: LiveLessons;
  readonly imports: ImportService;
  readonly alarms: AlarmService;
  readonly space: RecordingRetention;
  readonly listRefresh: ListRefresh;
  readonly deletion: SchoolDeletion;
  readonly signatures: Signatures;
  readonly toolKeys: ToolKeys;
  readonly grades: GradeService;
  readonly attendanceReports: AttendanceReports;
  readonly classroom: Classroom;
  readonly watchingEnds: WatchingEnds;
  readonly guardianNotices: GuardianNotices;
};

/** @throws StoreError when the database cannot be used */
export async function startSchool(options: SchoolOptions): Promise<SchoolService> {
  const { log, dataDir } = options;
  const store = await openStore<Tables>({ url: options.databaseUrl, dataDir, migrations: MIGRATIONS, log });
  const generatedPassword = await withAdvisoryLock(store, "lectern: the first", () =>
    prepareFirstStart(store.db, options.adminPassword),
  );
  const services = createServices(store, options);
  const { leader, webhooks, space, signIn, imports } = services;
  await services.storedSecrets.start(store.db, !store.embedded);
  await leader.start();
  await space.start();
  webhooks.start();
  imports.start();
  services.listRefresh.start();
  services.deletion.start();
  services.classroom.start();
  services.grades.start();
  services.attendanceReports.start();
  await services.watchingEnds.start();
  services.guardianNotices.start();
  const stopRetention = startRetention({
    ...{ db: store.db, attempts: signIn.attempts, webhooks, space, log },
    streamRuleChanged: options.streams.ruleChanged,
    policyNotices: options.streams,
    isLeader: () => leader.isLeader,
  });
  return {
    ...schoolService(services, options),
    generatedPassword,
    close: async () => {
      stopRetention();
      await closeServices(services);
    },
  };
}

function createServices(store: Store<Tables>, options: SchoolOptions): Services {
  const { db } = store;
  const { log, settings, recordings } = options;
  // Of several control processes, one runs the leader tasks.
  const leader: LeaderTask<Tables> = new LeaderTask(store, "lectern: on duty", log, async () => {
    await lessons.start();
    alarms.resume();
    webhooks.wake();
    imports.wake();
    listRefresh.wake();
    deletion.wake();
    grades.wake();
  });
  const isLeader = () => leader.isLeader;
  const storedSecrets = new StoredSecrets(options.encryptionSecrets, log);
  const webhooks = new WebhookService({ db, log, storedSecrets, allowPrivate: () => settings().privateWebhooks, isLeader });
  const signIn = new SignInService({
    ...{ db, log, storedSecrets, linkSecret: options.streams.linkSecret, adminToken: options.adminToken },
    operatorNetworks: () => settings().operatorNetworks,
    operatorSecondFactor: () => settings().operatorSecondFactor,
    sessionLimits: () => settings().sessions,
    requestsOfPerson: () => personRate(settings().limits),
  });
  const review = new PermissionReview({
    db,
    log,
    streamChanged: options.streams.ruleChanged,
    recordingChanged: recordings.ruleChanged,
  });
  const invitations = new Invitations(store);
  const jobNotices = new JobNotices(store, options.jobs.wantedChanged);
  const changes = new Changes(
    db,
    () => webhooks.wake(),
    (entries) => {
      invitations.committed(entries);
      jobNotices.committed(entries);
      review.changed(entries);
    },
    storedSecrets,
  );
  const lessons = new LiveLessons(db, changes, log, options.live, isLeader);
  const secret = () => options.streams.linkSecret();
  const imports = new ImportService({ db, changes, log, isLeader, secret, isOneOfMany: !store.embedded });
  const alarms = new AlarmService(db, changes, log, isLeader);
  const streamRuleChanged = options.streams.ruleChanged;
  const space = new RecordingRetention({
    ...{ db, changes, alarms, log, recordings, streamRuleChanged, retainDays: options.retainDays },
    policyNotices: options.streams,
  });
  const policyNotices = options.streams;
  const listRefresh = new ListRefresh({
    ...{ db, changes, log, storedSecrets, policyNotices, isLeader },
    allowPrivate: () => settings().privateWebhooks,
    directories: () => settings().listDirectories,
  });
  const classroom = new Classroom({
    ...{ store, storedSecrets, log, isLeader, links: options.rooms, onDeliveriesQueued: () => webhooks.wake() },
    ...{ ruleChanged: streamRuleChanged, permissionsChanged: review.changed, stillOf: options.stillOf },
    ...{ endStream: options.streams.end, allowPrivate: () => settings().privateWebhooks },
  });
  const deletion = new SchoolDeletion({ db, changes, log, recordings, policyNotices, isLeader });
  const signatures = new Signatures({ log, networks: () => settings().signOnNetworks });
  const toolKeys = new ToolKeys({ db, storedSecrets, newKeyPair: () => signatures.newKeyPair() });
  const grades = new GradeService({ db, log, isLeader, signatures, toolKeys, networks: () => settings().signOnNetworks });
  const lti = { signatures, toolKeys, grades };
  const attendanceReports = new AttendanceReports({ db, changes, log, isLeader });
  return {
    store,
    storedSecrets,
    leader,
    changes,
    review,
    invitations,
    jobNotices,
    webhooks,
    signIn,
    lessons,
    imports,
    alarms,
    space,
    listRefresh,
    deletion,
    ...lti,
    attendanceReports,
    watchingEnds: new WatchingEnds({ db, streamRuleChanged }),
    guardianNotices: new GuardianNotices({
      db,
      log,
      isLeader,
      mail: new Mail(() => settings().mail, log, new HourlyLimits(db, log)),
    }),
    classroom,
  };
}

function schoolService(services: Services, options: SchoolOptions): Omit<SchoolService, "generatedPassword" | "close"> {
  const { store, changes, signIn, lessons, alarms, space } = services;
  const { db } = store;
  return {
    db,
    routes: allRoutes(routeContext(services, options)),
    actorOf: (credential, ip) => signIn.actorOf(credential, ip),
    streamChanged: (app, name, stream) => lessons.streamChanged(app, name, stream),
    streamPolicy: (app, name) => streamPolicy(db, app, name),
    recordingChosen: async (app, name, action) => {
      if (await chooseRecording(db, app, name, action)) options.streams.ruleChanged(app, name);
    },
    recordingUpdated: async (update) => {
      const changed = await applyRecordingUpdate(changes, update);
      if (!changed) return;
      options.recordings.ruleChanged(update.id);
      space.check(changed.schoolId);
    },
    recordingInfo: (id) => recordingInfo(db, id),
    refusalsSeen: (report) => storeRefusals(db, report),
    policySnapshot: () => policySnapshot(db, services.storedSecrets),
    policyChange: (notice) => policyChange(db, services.storedSecrets, notice),
    addressListPart: (of) => addressListPart(db, of),
    reportAlarms: (source, open) => alarms.report(source, open),
    visibleStreams: (actor) => visibleStreams(db, actor),
    visibleJobs: (actor) => visibleJobs(db, actor),
    wantedJobs: () => {
      services.jobNotices.listen();
      return wantedJobs(db, services.storedSecrets);
    },
    streamOfCode: async (code, ip) => {
      const find = ID.test(code) ? findActiveLesson : findLessonByCode;
      const { id: room, stream_app: app, stream_name: name } = await find(db, signIn, code, ip);
      return { room, app, name };
    },
    roomRequest: (request) => services.classroom.rooms.request(request),
    roomWorkerGone: (worker, at) => services.classroom.rooms.workerGone(worker, at),
    roomReplay: new RoomReplay(db, systemClock.utc).answer,
    lessonStream: async (actor, lessonId) => {
      const lesson = await findLesson(db, actor, lessonId, "assist");
      return { app: lesson.stream_app, name: lesson.stream_name };
    },
    expectedAudiences: (minPeople, limit) => expectedAudiences(db, minPeople, limit),
    launchPage: (form, schoolId) => launchPage(db, form, schoolId),
    openDemo: () => openDemoSchool(db, changes),
    recoverOperator: () => recoverOperator(changes, () => signIn.clearCache()),
  };
}

function routeContext(
  services: Services,
  { log, settings, streams, linkSecrets, jobs, recordings, explain, protection }: SchoolOptions,
): SchoolRouteContext {
  const hourly = new HourlyLimits(services.store.db, log);
  const { store, storedSecrets, changes, signIn, imports, deletion, webhooks, lessons, space, invitations } = services;
  return {
    db: store.db,
    changes,
    storedSecrets,
    signIn,
    imports,
    deletion,
    webhooks,
    invitations,
    hourly,
    rooms: services.classroom.rooms,
    watchingEnds: services.watchingEnds,
    joins: new JoinLimits(() => settings().limits),
    mail: new Mail(() => settings().mail, log, hourly),
    protection,
    providers: new ProviderClient({ log, storedSecrets, networks: () => settings().signOnNetworks }),
    flowSecret: streams.linkSecret,
    signatures: services.signatures,
    toolKeys: services.toolKeys,
    log,
    streams: { ...streams, isLive: (app, name) => lessons.isLive(app, name) },
    listRefresh: services.listRefresh,
    listDirectories: () => settings().listDirectories,
    jobs,
    policyNotices: streams,
    explain,
    linkSecret: streams.linkSecret,
    linkSecrets,
    apps: () => settings().apps,
    recordings,
    space,
    prefetch: new RecordingPrefetch((id) => recordings.prefetch(id, [])),
  };
}

async function closeServices(services: Services): Promise<void> {
  await services.classroom.close();
  await services.attendanceReports.close();
  services.watchingEnds.close();
  await services.guardianNotices.close();
  const { imports, listRefresh, deletion, leader, webhooks, grades, space, alarms, lessons } = services;
  for (const each of [imports, listRefresh, deletion, leader, webhooks, grades, space, alarms, lessons]) await each.close();
  const { review, invitations, jobNotices, storedSecrets, store } = services;
  for (const each of [review, invitations, jobNotices, storedSecrets, store]) await each.close();
}
