/** Writes what pages of alarms and of lesson quality show: a storm of alarms with what was measured, lessons with viewers' sessions, rolled up. */

import type { ViewMoment } from "../packages/server/src/contracts/playback-sessions/view-batch.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import type { AlarmCode, RuleCode, Severity } from "../packages/server/src/school/foundation/store/alarm-codes.ts";
import type { Seen } from "../packages/server/src/school/foundation/store/alarm-tables.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { insertLesson } from "../packages/server/src/school/foundation/store/test-database.ts";
import { defaultRuleId } from "../packages/server/src/school/insight/alarms/default-rules.ts";
import { keepComplaint } from "../packages/server/src/school/insight/playback-sessions/complaints.ts";
import { rollUpLessons } from "../packages/server/src/school/insight/quality/roll-up.ts";

const MINUTE = 60_000;

type NewAlarm = {
  readonly code: AlarmCode;
  readonly subject: string;
  readonly severity: Severity;
  readonly minutesAgo: number;
  readonly detail?: string;
  readonly isRule?: boolean;
  readonly lasted?: number;
  readonly seen?: Seen;
};

/** Of a source that reports nothing, so it stays as it is. */
export async function insertAlarm(db: Database, alarm: NewAlarm): Promise<string> {
  const { code, subject, severity, minutesAgo, detail = "", isRule = false, lasted, seen = null } = alarm;
  const id = newId();
  const raised = Date.now() - minutesAgo * MINUTE;
  const row = {
    id,
    source: "node test",
    code,
    subject,
    severity,
    detail,
    school_id: null,
    lesson_id: null,
    seen: json<Seen | null>(seen),
    rule_id: isRule ? defaultRuleId(code as RuleCode) : null,
    raised_at: new Date(raised),
    cleared_at: lasted === undefined ? null : new Date(raised + lasted * MINUTE),
  };
  await db.insertInto("alarms").values(row).execute();
  return id;
}

/** An exit that fills up, and is full for five minutes until now. */
export function fullExit(subject: string): Seen {
  const now = Date.now();
  const values = Array.from({ length: 90 }, (_, i): readonly [number, number] => [
    now - (90 - i) * 10_000,
    Math.min(0.97, 0.4 + i * 0.01) + 0.01 * Math.sin(i),
  ]);
  const others = { cpu: 0.42, memory: 0.51, disk: 0.63, sent_mbps: 941, viewers: 1843, hold_ms: 12, retransmitted: 0.013 };
  return { kind: "node", subject, metric: "egress", threshold: 0.9, values, others };
}

type NewLesson = {
  readonly title: string;
  readonly schoolId: string;
  readonly teacherId: string;
  readonly daysAgo: number;
  readonly viewers: number;
  readonly stalled?: number;
  readonly failed?: number;
  readonly complaints?: number;
  /** Reports of viewers who never had a picture, and so no session. */
  readonly unseen?: number;
};

/** A lesson of an hour that has ended, with a session of each viewer, rolled up as the server does. */
export async function insertWatchedLesson(db: Database, of: NewLesson): Promise<string> {
  const { title, schoolId, teacherId, daysAgo, viewers, stalled = 0, failed = 0, complaints = 0, unseen = 0 } = of;
  const lesson = await insertLesson(db, schoolId, { state: "ended", teacher_id: teacherId });
  const started_at = new Date(Date.now() - daysAgo * 1440 * MINUTE - 90 * MINUTE);
  const ended_at = new Date(started_at.getTime() + 60 * MINUTE);
  await db.updateTable("lessons").set({ title, started_at, ended_at }).where("id", "=", lesson.id).execute();
  const sessions = Array.from({ length: viewers }, (_, i) => ({
    id: newId(),
    cid: `${lesson.stream_app}/${lesson.stream_name}`,
    lesson_id: lesson.id,
    school_id: schoolId,
    participant_id: null,
    trace: "",
    node: "n",
    edge: "e:1",
    engine: "flv",
    device: "phone",
    os: "",
    browser: "",
    line: "wifi",
    network: "",
    carrier: ["telecom", "mobile", "unicom", ""][i % 4] ?? "",
    region: "",
    started_at,
    last_at: ended_at,
    ended_at,
    end_reason: i < failed ? ("failed" as const) : ("left" as const),
    first_frame_ms: 300,
    complaint: i < complaints ? newId() : null,
    watched_ms: 55 * MINUTE,
    heard_ms: 0,
    stalls: i < stalled ? 9 : 0,
    stall_ms: i < stalled ? 4 * MINUTE : 0,
    frames: 82_500,
    dropped_frames: 3,
    bytes: 0,
    switches: 0,
    reconnects: i < failed ? 2 : 0,
    errors: 0,
    moments: json<readonly ViewMoment[]>([]),
  }));
  await db.insertInto("view_sessions").values(sessions).execute();
  for (let i = 0; i < unseen; i++)
    await keepComplaint(db, { number: newId(), viewId: null, lessonId: lesson.id }, started_at.getTime());
  await rollUpLessons(db, [lesson.id], new Date());
  return lesson.id;
}
