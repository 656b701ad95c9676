/** Creates the services of each domain of the school. */
import type { PeriodicWork } from "../platform/periodic-work.ts";
import { LeaderTask } from "../platform/store/leader-task.ts";
import type { Store } from "../platform/store/store.ts";
import { AttendanceReports } from "./classroom/presence/attendance-reports.ts";
import { Classroom } from "./classroom.ts";
import { ImportService } from "./exchange/imports/import-service.ts";
import { GradeService } from "./exchange/lti/grade-service.ts";
import { Signatures } from "./exchange/lti/signatures.ts";
import { ToolKeys } from "./exchange/lti/tool-keys.ts";
import { SchoolDeletion } from "./exchange/privacy/school-deletion.ts";
import { WebhookService } from "./exchange/webhooks/webhook-service.ts";
import { Changes } from "./foundation/store/change.ts";
import { StoredSecrets } from "./foundation/store/stored-secrets.ts";
import type { Tables } from "./foundation/store/tables.ts";
import { AlarmService } from "./insight/alarms/alarm-service.ts";
import { NoticeService } from "./insight/alarms/channels/notice-service.ts";
import { lessonMeasures } from "./insight/alarms/lesson-measures.ts";
import { RuleWatch } from "./insight/alarms/rule-watch.ts";
import { Series } from "./insight/metrics-history/series.ts";
import { SeriesTask } from "./insight/metrics-history/series-task.ts";
import { ProbeService } from "./insight/probes/probe-service.ts";
import { RollUpTask } from "./insight/quality/roll-up-task.ts";
import { ViewStore } from "./insight/views/view-store.ts";
import { Invitations } from "./lessons/invitations.ts";
import { LiveLessons } from "./lessons/live-lessons.ts";
import { materialTask } from "./lessons/materials/material-task.ts";
import { WatchingEnds } from "./lessons/observers/watching.ts";
import { PermissionReview } from "./lessons/permission-review.ts";
import { pictureTask } from "./lessons/recordings/picture-task.ts";
import { RecordingRetention } from "./lessons/recordings/recording-retention.ts";
import { Mail } from "./people/accounts/mail.ts";
import { SignInService } from "./people/accounts/sign-in.ts";
import { GuardianNotices } from "./people/guardians/notices.ts";
import { HourlyLimits } from "./people/limits/hourly-limits.ts";
import { personRate } from "./people/limits/limit-settings.ts";
import type { SchoolOptions } from "./school-options.ts";
import { ListRefresh } from "./streams/address-lists/list-refresh.ts";
import { JobNotices } from "./streams/jobs/job-notices.ts";

export type Services = {
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
  readonly series: Series;
  readonly seriesTask: SeriesTask;
  readonly ruleWatch: RuleWatch;
  readonly lessonMeasures: PeriodicWork;
  readonly alarmNotices: NoticeService;
  readonly space: RecordingRetention;
  readonly pictures: PeriodicWork;
  readonly materialTask: PeriodicWork;
  readonly listRefresh: ListRefresh;
  readonly deletion: SchoolDeletion;
  readonly signatures: Signatures;
  readonly toolKeys: ToolKeys;
  readonly grades: GradeService;
  readonly attendanceReports: AttendanceReports;
  readonly classroom: Classroom;
  readonly watchingEnds: WatchingEnds;
  readonly guardianNotices: GuardianNotices;
  readonly views: ViewStore;
  readonly rollUps: RollUpTask;
  readonly probes: ProbeService;
};

/** The services of each domain, not started yet. Long because it is a list: what each of them gets of the others. */
export function createServices(store: Store<Tables>, options: SchoolOptions): Services {
  const { db } = store;
  const { log, settings, recordings, streams: policyNotices } = options;
  // Of several control processes, one runs the leader tasks.
  const leader: LeaderTask<Tables> = new LeaderTask(store, "lectern: on duty", log, async () => {
    await lessons.start();
    alarming.alarms.resume();
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
    db,
    log,
    storedSecrets,
    linkSecret: options.streams.linkSecret,
    adminToken: options.adminToken,
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
  const onDeliveriesQueued = () => webhooks.wake();
  const changes = new Changes(
    db,
    onDeliveriesQueued,
    (entries) => {
      invitations.committed(entries);
      jobNotices.committed(entries);
      review.changed(entries);
    },
    storedSecrets,
    options.streams.told,
  );
  const lessons = new LiveLessons({ db, changes, log, live: options.live, isLeader, ruleChanged: options.streams.ruleChanged });
  const secret = () => options.streams.linkSecret();
  const imports = new ImportService({ db, changes, log, isLeader, secret, isOneOfMany: !store.embedded });
  const alarming = alarmServices(options, { store, storedSecrets, changes, isLeader });
  const space = new RecordingRetention({
    db,
    changes,
    log,
    recordings,
    policyNotices,
    retainDays: options.retainDays,
    reportSpace: (open) => alarming.alarms.report("space", open),
    streamRuleChanged: policyNotices.ruleChanged,
  });
  const listRefresh = new ListRefresh({
    db,
    changes,
    log,
    storedSecrets,
    policyNotices,
    isLeader,
    allowPrivate: () => settings().privateWebhooks,
    directories: () => settings().listDirectories,
  });
  const deletion = new SchoolDeletion({ db, changes, log, recordings, materials: options.materials, policyNotices, isLeader });
  const materials = materialTask({ db, log, isLeader, materials: options.materials });
  const signatures = new Signatures({ log, networks: () => settings().signOnNetworks });
  const toolKeys = new ToolKeys({ db, storedSecrets, newKeyPair: () => signatures.newKeyPair() });
  const grades = new GradeService({ db, log, isLeader, signatures, toolKeys, networks: () => settings().signOnNetworks });
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
    ...alarming,
    space,
    listRefresh,
    deletion,
    pictures: pictureTask({ db, log, isLeader, recordings }),
    materialTask: materials,
    signatures,
    toolKeys,
    grades,
    ...classServices(options, { store, storedSecrets, changes, review, isLeader, onDeliveriesQueued }),
  };
}

type Base = Pick<Services, "store" | "storedSecrets" | "changes" | "review"> & {
  readonly isLeader: () => boolean;
  readonly onDeliveriesQueued: () => void;
};

/** Alarms, the rules that raise them, and the channels that people are told by. */
function alarmServices(
  { log, settings, streams }: SchoolOptions,
  { store, storedSecrets, changes, isLeader }: Pick<Base, "store" | "storedSecrets" | "changes" | "isLeader">,
): Pick<Services, "alarms" | "series" | "seriesTask" | "ruleWatch" | "lessonMeasures" | "alarmNotices" | "probes"> {
  const { db } = store;
  const series = new Series();
  store.reserve?.keep();
  const alarms = new AlarmService({ db, changes, log, isLeader, measurements: series, reserve: store.reserve });
  const mail = new Mail(() => settings().mail, log, new HourlyLimits(db, log));
  return {
    alarms,
    series,
    seriesTask: new SeriesTask({ db, series, log, isLeader }),
    ruleWatch: new RuleWatch({ db, alarms, measurements: series, log, isLeader }),
    probes: new ProbeService({ db, log, linkSecret: streams.linkSecret, series }),
    lessonMeasures: lessonMeasures({ db, log, isLeader, series }),
    alarmNotices: new NoticeService({
      db,
      log,
      isLeader,
      storedSecrets,
      mail,
      allowPrivate: () => settings().privateWebhooks,
      publicUrl: () => settings().mail.publicUrl,
    }),
  };
}

/** What belongs to people in a lesson, and to those who are told of it. */
function classServices(
  { log, settings, streams, rooms: links, stillOf }: SchoolOptions,
  { store, storedSecrets, changes, review, isLeader, onDeliveriesQueued }: Base,
): Pick<Services, "classroom" | "attendanceReports" | "watchingEnds" | "guardianNotices" | "views" | "rollUps"> {
  const { db } = store;
  const mail = new Mail(() => settings().mail, log, new HourlyLimits(db, log));
  return {
    classroom: new Classroom({
      store,
      storedSecrets,
      log,
      isLeader,
      links,
      onDeliveriesQueued,
      stillOf,
      ruleChanged: streams.ruleChanged,
      linkSecret: streams.linkSecret,
      permissionsChanged: review.changed,
      endStream: streams.end,
      allowPrivate: () => settings().privateWebhooks,
    }),
    attendanceReports: new AttendanceReports({ db, changes, log, isLeader }),
    watchingEnds: new WatchingEnds({ db, streamRuleChanged: streams.ruleChanged }),
    guardianNotices: new GuardianNotices({ db, log, isLeader, mail }),
    views: new ViewStore(db),
    rollUps: new RollUpTask({ db, log, isLeader }),
  };
}

/** Closes what was started, in its order. */
export async function closeServices(services: Services): Promise<void> {
  await services.classroom.close();
  await services.attendanceReports.close();
  services.watchingEnds.close();
  await services.guardianNotices.close();
  await services.views.close();
  await services.rollUps.close();
  await services.pictures.close();
  await services.materialTask.close();
  await services.lessonMeasures.close();
  await services.ruleWatch.close();
  await services.seriesTask.close();
  await services.probes.close();
  await services.alarmNotices.close();
  const { imports, listRefresh, deletion, leader, webhooks, grades, space, alarms, lessons } = services;
  for (const each of [imports, listRefresh, deletion, leader, webhooks, grades, space, alarms, lessons]) await each.close();
  const { review, invitations, jobNotices, storedSecrets, store } = services;
  for (const each of [review, invitations, jobNotices, storedSecrets, store]) await each.close();
}
