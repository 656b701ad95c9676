/** Deletes rows that are no longer needed, once an hour: expired sessions, old answers, and lessons whose time in the bin is over. */
import type { PolicyNotices } from "../access/policies/policy-snapshot.ts";
import { sweepPersonalData } from "./exchange/privacy/retention.ts";
import { sweepDeliveries } from "./exchange/webhooks/webhook-deliveries.ts";
import { type AuditRetention, sweepAudit } from "./foundation/audit/retention.ts";
import { deletePolicies } from "./foundation/store/delete-policies.ts";
import type { Database } from "./foundation/store/tables.ts";
import { regularWork } from "./foundation/work/regular-work.ts";
import type { WorkItem, WorkKind } from "./foundation/work/work-kind.ts";
import { sweepNotices } from "./insight/alarms/channels/alarm-notices.ts";
import { sweepHistory } from "./insight/metrics-history/history-store.ts";
import { sweepPlaybackSessions } from "./insight/playback-sessions/view-retention.ts";
import { sweepProbeRuns } from "./insight/probes/probe-service.ts";
import { WATCHING_MS } from "./lessons/ended-permissions.ts";
import { expireRecordingChoices } from "./lessons/recording-choice.ts";
import type { RecordingRetention } from "./lessons/recordings/recording-retention.ts";
import type { Attempts } from "./people/accounts/attempts.ts";
import { sweepStaffNotices } from "./people/accounts/staff-notice-mails.ts";
import { sweepListUploads } from "./streams/address-lists/list-uploads.ts";
import { sweepDegradations } from "./streams/degradation/switches.ts";
import { sweepRefusals } from "./streams/policies/refusal-log.ts";
import { sweepChallenges } from "./streams/proof-of-work/solved-challenges.ts";
import { sweepExemptions } from "./streams/protection/exemptions.ts";

const EVERY_MS = 3600 * 1000;
const KEEP_IDEMPOTENCY_MS = 24 * 3600 * 1000;
/** Longer than any examination is open. */
const KEEP_DELETED_ATTEMPTS_MS = 400 * 24 * 3600 * 1000;
/** How long deleted lessons and recordings can be restored; documented in `docs/api.md`. */
const KEEP_DELETED_MS = 30 * 24 * 3600 * 1000;

/** How long alarms that have ended stay in the list. */
const KEEP_ALARMS_MS = 400 * 24 * 3600 * 1000;

export type RetentionOptions = {
  readonly db: Database;
  readonly attempts: Attempts;
  readonly space: RecordingRetention;
  /** Media workers fetch a stream's policy again. */
  readonly streamRuleChanged: (app: string, name: string) => void;
  readonly policyNotices: PolicyNotices;
  readonly audit: Omit<AuditRetention, "db">;
};

export function expiredRows(options: RetentionOptions): WorkKind<WorkItem> {
  return regularWork({
    name: "expired-rows",
    everyMs: EVERY_MS,
    firstAfterMs: EVERY_MS,
    failure: "expired rows not deleted, trying again",
    run: (now) => sweep(options, now),
  });
}

/** @param now milliseconds since 1970 */
export async function sweep(
  { db, attempts, space, streamRuleChanged, policyNotices, audit }: RetentionOptions,
  now: number,
): Promise<void> {
  const deletedBefore = new Date(now - KEEP_DELETED_MS);
  await db.deleteFrom("sessions").where("expires_at", "<", new Date(now)).execute();
  await db.deleteFrom("password_resets").where("expires_at", "<", new Date(now)).execute();
  await db.deleteFrom("screens").where("expires_at", "<", new Date(now)).execute();
  await db.deleteFrom("lti_nonces").where("expires_at", "<", new Date(now)).execute();
  await sweepChallenges(db, now);
  await db
    .deleteFrom("idempotency")
    .where("created_at", "<", new Date(now - KEEP_IDEMPOTENCY_MS))
    .execute();
  await db
    .deleteFrom("exam_deleted_attempts")
    .where("deleted_at", "<", new Date(now - KEEP_DELETED_ATTEMPTS_MS))
    .execute();
  await deleteLessons(db, policyNotices, deletedBefore);
  await db
    .deleteFrom("recording_viewers")
    .where("opened_at", "<", new Date(now - WATCHING_MS))
    .execute();
  for (const { stream_app, stream_name } of await expireRecordingChoices(db, now)) streamRuleChanged(stream_app, stream_name);
  await sweepPersonalData(db, now);
  await sweepAudit({ db, ...audit }, now);
  await sweepListUploads(db, now);
  await sweepRefusals(db, now);
  await sweepProbeRuns(db, now);
  await sweepHistory(db, now);
  await sweepPlaybackSessions(db, now);
  await sweepExemptions(db, policyNotices, now);
  await sweepDegradations(db, policyNotices, now);
  await space.sweep(deletedBefore);
  await attempts.sweep();
  await sweepDeliveries(db, now);
  await sweepNotices(db, now);
  await sweepStaffNotices(db, now);
  await db
    .deleteFrom("alarms")
    .where("cleared_at", "<", new Date(now - KEEP_ALARMS_MS))
    .execute();
}

/** Deletes lessons whose time in the bin is over. */
async function deleteLessons(db: Database, policyNotices: PolicyNotices, deletedBefore: Date): Promise<void> {
  const tell = await db.transaction().execute(async (trx) => {
    const expired = await trx.selectFrom("lessons").select("id").where("deleted_at", "<", deletedBefore).forUpdate().execute();
    const lessonIds = expired.map(({ id }) => id);
    if (lessonIds.length === 0) return () => {};
    const forget = await deletePolicies(trx, policyNotices, { lessonIds });
    await trx.deleteFrom("lessons").where("id", "in", lessonIds).execute();
    return forget;
  });
  tell();
}
