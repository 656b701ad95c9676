/** Creates the services of each domain of the school. */
import { systemClock } from "../platform/clock.ts";
import type { PeriodicWork } from "../platform/periodic-work.ts";
import { LeaderTask } from "../platform/store/leader-task.ts";
import type { Store } from "../platform/store/store.ts";
import { Classroom } from "./classroom.ts";
import { ExamAnswers } from "./exams/answers/exam-answers.ts";
import { ExamFiles } from "./exams/files/exam-files.ts";
import { FrozenPapers } from "./exams/grading/frozen-papers.ts";
import { PaperFiles } from "./exams/media/paper-files.ts";
import type { ScoringCounts } from "./exams/scoring/scoring-work.ts";
import { CandidateStreamEnds } from "./exams/supervision/candidate-stream-ends.ts";
import { CandidateUplinks } from "./exams/supervision/candidate-uplinks.ts";
import { EXAM_FILE_REMOVALS, EXAM_GRADING } from "./exams/work-names.ts";
import { Signatures } from "./exchange/lti/signatures.ts";
import { ToolKeys } from "./exchange/lti/tool-keys.ts";
import { OperatorEntries } from "./foundation/approvals/operator-entry.ts";
import { AuditExport } from "./foundation/audit/export/audit-export.ts";
import { ReadingLog } from "./foundation/audit/reading-log.ts";
import { Changes } from "./foundation/store/change.ts";
import { WEBHOOK_DELIVERIES } from "./foundation/store/events.ts";
import { StoredSecrets } from "./foundation/store/stored-secrets.ts";
import type { Database, Tables } from "./foundation/store/tables.ts";
import { BackgroundWork } from "./foundation/work/background-work.ts";
import { WorkNotices } from "./foundation/work/work-notices.ts";
import { AlarmService } from "./insight/alarms/alarm-service.ts";
import type { AlarmNoticesOptions } from "./insight/alarms/channels/alarm-notices.ts";
import { lessonMetrics } from "./insight/alarms/lesson-metrics.ts";
import { OperatorWatch, type OperatorWatchOptions } from "./insight/alarms/operator-watch.ts";
import { RuleWatch } from "./insight/alarms/rule-watch.ts";
import { HistoryTask } from "./insight/metrics-history/history-task.ts";
import { Series } from "./insight/metrics-history/metrics-history.ts";
import { ViewStore } from "./insight/playback-sessions/view-store.ts";
import { ProbeService } from "./insight/probes/probe-service.ts";
import { Invitations } from "./lessons/invitations.ts";
import { LiveLessons } from "./lessons/live-lessons.ts";
import { WatchingEnds } from "./lessons/observers/watching.ts";
import { PermissionReview } from "./lessons/permission-review.ts";
import { RecordingRetention } from "./lessons/recordings/recording-retention.ts";
import { Mail } from "./people/accounts/mail.ts";
import { SignInService } from "./people/accounts/sign-in.ts";
import { HourlyLimits } from "./people/limits/hourly-limits.ts";
import { personRate } from "./people/limits/limit-settings.ts";
import type { SchoolOptions } from "./school-options.ts";
import { JobNotices } from "./streams/jobs/job-notices.ts";
import { addKinds } from "./work-kinds.ts";

export type Services = {
  readonly store: Store<Tables>;
  readonly storedSecrets: StoredSecrets;
  readonly leader: LeaderTask<Tables>;
  readonly changes: Changes;
  readonly readings: ReadingLog;
  readonly entries: OperatorEntries;
  readonly auditExport: AuditExport;
  readonly review: PermissionReview;
  readonly invitations: Invitations;
  readonly jobNotices: JobNotices;
  readonly work: BackgroundWork;
  readonly workNotices: WorkNotices;
  readonly signIn: SignInService;
  readonly lessons: LiveLessons;
  readonly alarms: AlarmService;
  readonly series: Series;
  readonly historyTask: HistoryTask;
  readonly ruleWatch: RuleWatch;
  readonly lessonMetrics: PeriodicWork;
  readonly operatorWatch: OperatorWatch;
  readonly alarmSending: AlarmNoticesOptions;
  readonly space: RecordingRetention;
  readonly signatures: Signatures;
  readonly toolKeys: ToolKeys;
  readonly classroom: Classroom;
  readonly watchingEnds: WatchingEnds;
  readonly views: ViewStore;
  readonly probes: ProbeService;
  readonly examAnswers: ExamAnswers;
  readonly examFiles: ExamFiles;
  readonly scoringCounts: ScoringCounts;
  readonly paperFiles: PaperFiles;
  readonly candidateUplinks: CandidateUplinks;
  readonly candidateStreamEnds: CandidateStreamEnds;
};

/** The services of each domain, not started yet. Long because it is a list: what each of them gets of the others. */
export function createServices(store: Store<Tables>, options: SchoolOptions): Services {
  const { db } = store;
  const { log, settings, recordings, streams: policyNotices } = options;
  // Of several control processes, one runs the leader tasks.
  const leader: LeaderTask<Tables> = new LeaderTask(store, "lectern: on duty", log, async () => {
    await lessons.start();
    alarming.alarms.resume();
    workNotices.listen({ onWake: (kind) => work.heard(kind), onState: () => work.wakeAll() });
    work.wakeAll();
  });
  const isLeader = () => leader.isLeader;
  const storedSecrets = new StoredSecrets(options.encryptionSecrets, log);
  const workNotices = new WorkNotices(store);
  const work = new BackgroundWork({ log, isLeader, others: workNotices });
  const signIn = new SignInService({
    db,
    log,
    storedSecrets,
    changes: () => changes,
    onBreakGlass: () => operatorWatch.wake(),
    linkSecret: options.streams.linkSecret,
    adminToken: options.adminToken,
    operators: () => settings().operators,
    sessionLimits: () => settings().sessions,
    requestsOfPerson: () => personRate(settings().limits),
  });
  const review = new PermissionReview({
    db,
    log,
    apps: () => settings().apps,
    streamChanged: options.streams.ruleChanged,
    recordingChanged: recordings.ruleChanged,
  });
  const invitations = new Invitations(store);
  const jobNotices = new JobNotices(store, options.jobs.wantedChanged);
  const changes = new Changes(
    db,
    (kind) => work.wake(kind),
    (entries) => {
      invitations.committed(entries);
      jobNotices.committed(entries);
      review.changed(entries);
      work.committed(entries);
    },
    storedSecrets,
    options.streams.told,
  );
  const lessons = new LiveLessons({ db, changes, log, live: options.live, isLeader, ruleChanged: options.streams.ruleChanged });
  const alarming = alarmServices(options, { store, changes, isLeader });
  const operatorWatch = watchOperators({ db, log, alarms: alarming.alarms, isLeader }, signIn, review);
  const space = new RecordingRetention({
    db,
    changes,
    log,
    recordings,
    policyNotices,
    retainDays: options.retainDays,
    reportStorageUsage: (open) => alarming.alarms.report("space", open),
    streamRuleChanged: policyNotices.ruleChanged,
  });
  const signatures = new Signatures({ log, networks: () => settings().signOnNetworks });
  const toolKeys = new ToolKeys({ db, storedSecrets, newKeyPair: () => signatures.newKeyPair() });
  const onDeliveriesQueued = () => work.wake(WEBHOOK_DELIVERIES);
  const ofClasses = classServices(options, { store, storedSecrets, review, onDeliveriesQueued });
  const mail = new Mail(() => settings().mail, log, new HourlyLimits(db, log));
  const services = {
    store,
    storedSecrets,
    leader,
    changes,
    readings: new ReadingLog({ db, log, now: systemClock.utc }),
    entries: new OperatorEntries(db),
    auditExport: auditExport(options, db, isLeader),
    review,
    invitations,
    jobNotices,
    work,
    workNotices,
    signIn,
    lessons,
    ...alarming,
    operatorWatch,
    alarmSending: alarmSending(options, { db, storedSecrets, mail }),
    space,
    signatures,
    toolKeys,
    ...ofClasses,
    ...examServices(options, { db, storedSecrets, work }),
    candidateUplinks: new CandidateUplinks(),
    candidateStreamEnds: new CandidateStreamEnds({
      db,
      log,
      isLeader,
      live: () => lessons.liveStreams(),
      end: options.streams.end,
    }),
  };
  addKinds(work, { options, db, mail, thumbnailChecks: ofClasses.classroom.thumbnailChecks, ...services });
  return services;
}

function examServices(
  { log, materials }: SchoolOptions,
  { db, storedSecrets, work }: { readonly db: Database; readonly storedSecrets: StoredSecrets; readonly work: BackgroundWork },
) {
  const base = { db, storedSecrets, log, now: systemClock.utc };
  const onRemoval = () => work.wake(EXAM_FILE_REMOVALS);
  const examFiles = new ExamFiles({ ...base, materials, papers: new FrozenPapers(), onRemoval });
  const paperFiles = new PaperFiles({ ...base, materials });
  const onGradingDue = () => work.wake(EXAM_GRADING);
  const scoringCounts = { proposed: 0, refused: 0, later: 0, failed: 0 };
  return { scoringCounts, examFiles, paperFiles, examAnswers: new ExamAnswers({ ...base, files: examFiles, onGradingDue }) };
}

/** How channels are told of alarms. */
function alarmSending(
  { log, settings }: SchoolOptions,
  base: Pick<AlarmNoticesOptions, "db" | "storedSecrets" | "mail">,
): AlarmNoticesOptions {
  return {
    ...base,
    log,
    allowPrivate: () => settings().privateWebhooks,
    publicUrl: () => settings().mail.publicUrl,
  };
}

function auditExport({ version, settings }: SchoolOptions, db: Store<Tables>["db"], isLeader: () => boolean): AuditExport {
  return new AuditExport({ db, isLeader, version, settings: () => settings().audit.syslog, now: systemClock.utc });
}

/** What follows when an account or an entry of an operator ends. */
function watchOperators(
  base: Omit<OperatorWatchOptions, "operatorToken" | "onEnded" | "onEntryOver">,
  signIn: SignInService,
  review: PermissionReview,
): OperatorWatch {
  return new OperatorWatch({
    ...base,
    operatorToken: signIn.operatorToken,
    onEnded: () => signIn.clearCache(),
    onEntryOver: (targetId, schoolId) =>
      review.changed([{ action: "approval.entry-over", schoolId, targetKind: "user", targetId }]),
  });
}

type AlarmBase = Pick<Services, "store" | "changes"> & { readonly isLeader: () => boolean };
type ClassBase = Pick<Services, "store" | "storedSecrets" | "review"> & { readonly onDeliveriesQueued: () => void };

/** Alarms, and the rules that raise them. */
function alarmServices(
  { log, streams }: SchoolOptions,
  { store, changes, isLeader }: AlarmBase,
): Pick<Services, "alarms" | "series" | "historyTask" | "ruleWatch" | "lessonMetrics" | "probes"> {
  const { db } = store;
  const series = new Series();
  store.reserve?.keep();
  const alarms = new AlarmService({ db, changes, log, isLeader, measurements: series, reserve: store.reserve });
  return {
    alarms,
    series,
    historyTask: new HistoryTask({ db, series, log, isLeader }),
    ruleWatch: new RuleWatch({ db, alarms, measurements: series, log, isLeader }),
    probes: new ProbeService({ db, log, linkSecret: streams.linkSecret, series }),
    lessonMetrics: lessonMetrics({ db, log, isLeader, series }),
  };
}

/** What belongs to people in a lesson, and to those who are told of it. */
function classServices(
  { log, settings, streams, rooms: links, stillOf, degradation, onCommitted }: SchoolOptions,
  { store, storedSecrets, review, onDeliveriesQueued }: ClassBase,
): Pick<Services, "classroom" | "watchingEnds" | "views"> {
  const { db } = store;
  return {
    classroom: new Classroom({
      store,
      storedSecrets,
      log,
      links,
      degradation,
      onCommitted,
      onDeliveriesQueued,
      stillOf,
      ruleChanged: streams.ruleChanged,
      linkSecret: streams.linkSecret,
      permissionsChanged: review.changed,
      endStream: streams.end,
      allowPrivate: () => settings().privateWebhooks,
    }),
    watchingEnds: new WatchingEnds({ db, streamRuleChanged: streams.ruleChanged }),
    views: new ViewStore(db),
  };
}

/** Closes what was started, in its order. */
export async function closeServices(services: Services): Promise<void> {
  await services.work.close();
  await services.readings.close();
  await services.classroom.close();
  services.watchingEnds.close();
  await services.views.close();
  await services.operatorWatch.close();
  await services.lessonMetrics.close();
  await services.candidateStreamEnds.close();
  await services.ruleWatch.close();
  await services.historyTask.close();
  await services.probes.close();
  const { leader, space, alarms, lessons } = services;
  for (const each of [leader, space, alarms, lessons]) await each.close();
  const { review, workNotices, invitations, jobNotices, storedSecrets, store } = services;
  for (const each of [review, workNotices, invitations, jobNotices, storedSecrets, store]) await each.close();
}
