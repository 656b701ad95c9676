/** Lists the kinds of background work (`foundation/work/`), and what each of them gets. */
import type { ThumbnailChecks } from "./classroom/moderation/thumbnail-checks.ts";
import { attendanceReports } from "./classroom/presence/attendance-reports.ts";
import { importWork } from "./exchange/imports/import-work.ts";
import { gradeReports } from "./exchange/lti/grade-reports.ts";
import type { Signatures } from "./exchange/lti/signatures.ts";
import type { ToolKeys } from "./exchange/lti/tool-keys.ts";
import { schoolDeletion } from "./exchange/privacy/school-deletion.ts";
import { webhookDeliveries } from "./exchange/webhooks/webhook-deliveries.ts";
import { expiredRows } from "./expired-rows.ts";
import { auditCheckpoints } from "./foundation/audit/checkpoints.ts";
import type { Changes } from "./foundation/store/change.ts";
import type { StoredSecrets } from "./foundation/store/stored-secrets.ts";
import type { Database } from "./foundation/store/tables.ts";
import type { BackgroundWork } from "./foundation/work/background-work.ts";
import { type AlarmNoticesOptions, alarmNotices, alarmReminders } from "./insight/alarms/channels/alarm-notices.ts";
import { rollUps } from "./insight/quality/roll-up-task.ts";
import { materialTurns } from "./lessons/materials/material-task.ts";
import { compositeRecordings } from "./lessons/recordings/composite-task.ts";
import type { RecordingRetention } from "./lessons/recordings/recording-retention.ts";
import { seriesMails } from "./lessons/series/series-mails.ts";
import { lessonSeriesWork } from "./lessons/series/series-work.ts";
import type { Mail } from "./people/accounts/mail.ts";
import type { SignInService } from "./people/accounts/sign-in.ts";
import { guardianNotices } from "./people/guardians/notices.ts";
import { invitationMails } from "./people/invitations/invitation-mails.ts";
import type { SchoolOptions } from "./school-options.ts";
import { listRefresh } from "./streams/address-lists/list-refresh.ts";

export type WorkContext = {
  readonly options: SchoolOptions;
  readonly db: Database;
  readonly changes: Changes;
  readonly storedSecrets: StoredSecrets;
  readonly mail: Mail;
  readonly alarmSending: AlarmNoticesOptions;
  readonly signatures: Signatures;
  readonly toolKeys: ToolKeys;
  readonly space: RecordingRetention;
  readonly signIn: SignInService;
  readonly thumbnailChecks: ThumbnailChecks;
};

export function addKinds(work: BackgroundWork, context: WorkContext): void {
  const { options, db, changes, storedSecrets, mail, signatures, toolKeys, space, signIn } = context;
  const { log, settings, recordings, materials, streams: policyNotices } = options;
  const base = { db, log, changes, storedSecrets, allowPrivate: () => settings().privateWebhooks };
  work.add(webhookDeliveries(base));
  work.add(alarmNotices(context.alarmSending));
  work.add(alarmReminders(db, (kind) => work.wake(kind)));
  work.add(guardianNotices({ db, mail }));
  work.add(invitationMails({ db, changes, mail }));
  work.add(lessonSeriesWork({ db, changes, streams: options.streams }));
  work.add(seriesMails({ db, mail }));
  work.add(attendanceReports({ db, changes }));
  work.add(gradeReports({ db, log, signatures, toolKeys, networks: () => settings().signOnNetworks }));
  work.add(listRefresh({ ...base, policyNotices, directories: () => settings().listDirectories }));
  work.add(importWork({ db, changes, secret: options.streams.linkSecret }));
  work.add(materialTurns({ db, log, materials }));
  work.add(compositeRecordings({ db, log, recordings }));
  work.add(context.thumbnailChecks);
  work.add(auditCheckpoints({ db, log, secrets: options.encryptionSecrets }));
  work.add(rollUps(db));
  work.add(schoolDeletion({ db, log, changes, recordings, materials, policyNotices }));
  const { ruleChanged: streamRuleChanged } = options.streams;
  const audit = { secrets: options.encryptionSecrets, platformDays: () => settings().audit.keepDays };
  work.add(expiredRows({ db, attempts: signIn.attempts, space, streamRuleChanged, policyNotices, audit }));
}
