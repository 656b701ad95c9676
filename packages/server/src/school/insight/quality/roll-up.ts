/**
 * Rolls viewers' sessions up into the quality of lessons, and proposes make-up lessons by the school's rule. A lesson's rows are computed from
 * its sessions and replaced as a whole, so computing them again changes nothing.
 */
import { sql } from "kysely";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { rollUpActivity } from "../analytics/roll-up.ts";
import { NO_VIEW, WITHOUT_SESSION } from "../playback-sessions/complaints.ts";

/** The rule of a school that has set none: it proposes nothing, and calls those affected who waited for over three minutes. */
export const DEFAULT_RULE = { enabled: false, stall_seconds: 180, viewer_share: 0.2 } as const;

/** @param lessonIds at most some hundred */
export async function rollUpLessons(db: Database, lessonIds: readonly string[], now: Date): Promise<void> {
  if (lessonIds.length === 0) return;
  await db.transaction().execute(async (trx) => {
    // Two processes that compute the same lesson do it one after the other.
    const { rows } = await sql<{ id: string }>`
      select id from lessons where id in (${sql.join(lessonIds)}) order by id for update`.execute(trx);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return;
    await trx.deleteFrom("lesson_quality").where("lesson_id", "in", ids).execute();
    await insertQuality(trx, ids);
    await addUnseenComplaints(trx, ids);
    await rollUpActivity(trx, ids, now);
    await trx
      .insertInto("lesson_rollups")
      .values(ids.map((lesson_id) => ({ lesson_id, computed_at: now })))
      .onConflict((conflict) => conflict.column("lesson_id").doUpdateSet({ computed_at: now }))
      .execute();
    await proposeMakeUps(trx, ids, now);
  });
}

/** Staff watch their own lessons: they are no viewers. Replays say nothing of the lesson. */
async function insertQuality(trx: Db, lessonIds: readonly string[]): Promise<void> {
  await sql`
    insert into lesson_quality (lesson_id, carrier, viewers, completed, affected, complained, watched_ms, stalls, stall_ms, reconnects, frames,
      dropped_frames)
    select lesson_id, carrier, count(*), count(*) filter (where completed), count(*) filter (where stall_ms > stall_seconds * 1000),
      count(*) filter (where complained), sum(watched_ms), sum(stalls), sum(stall_ms), sum(reconnects), sum(frames), sum(dropped_frames)
    from (
      select views.lesson_id, coalesce(views.participant_id, views.id) as viewer,
        (array_agg(views.carrier order by views.watched_ms desc, views.id))[1] as carrier,
        (array_agg(views.end_reason is distinct from 'failed' order by views.last_at desc, views.id))[1] as completed,
        bool_or(views.complaint is not null) as complained,
        sum(views.watched_ms) as watched_ms, sum(views.stalls) as stalls, sum(views.stall_ms) as stall_ms,
        sum(views.reconnects) as reconnects, sum(views.frames) as frames, sum(views.dropped_frames) as dropped_frames,
        coalesce(max(quality_rules.stall_seconds), ${DEFAULT_RULE.stall_seconds}::integer) as stall_seconds
      from view_sessions views
      left join participants on participants.id = views.participant_id
      left join quality_rules on quality_rules.school_id = views.school_id
      where views.lesson_id in (${sql.join(lessonIds)}) and views.cid not like 'vod/%'
        and coalesce(participants.role, 'guest') in ('student', 'guest')
      group by views.lesson_id, viewer
    ) viewers
    group by lesson_id, carrier`.execute(trx);
}

/**
 * Who never had a picture has no session and complains all the same: the worst cases. Reports that name one player are those of one viewer, whose
 * carrier nobody has told. A school that keeps no sessions has no viewers to compare them with.
 */
async function addUnseenComplaints(trx: Db, lessonIds: readonly string[]): Promise<void> {
  await sql`
    insert into lesson_quality (lesson_id, carrier, viewers, completed, affected, complained, complained_without_view, watched_ms, stalls,
      stall_ms, reconnects, frames, dropped_frames)
    select lesson_id, '', 0, 0, 0, 0, count(distinct coalesce(nullif(view_id, ${NO_VIEW}), number)), 0, 0, 0, 0, 0, 0
    from view_complaints join lessons on lessons.id = lesson_id join schools on schools.id = lessons.school_id
    where lesson_id in (${sql.join(lessonIds)}) and ${WITHOUT_SESSION} and schools.view_details <> 'none'
    group by lesson_id
    on conflict (lesson_id, carrier) do update set complained_without_view = excluded.complained_without_view`.execute(trx);
}

/** What a person has decided stays; a proposal that the figures no longer support goes. */
async function proposeMakeUps(trx: Db, lessonIds: readonly string[], now: Date): Promise<void> {
  await trx.deleteFrom("make_ups").where("lesson_id", "in", lessonIds).where("state", "=", "proposed").execute();
  await sql`
    insert into make_ups (lesson_id, school_id, viewers, affected, stall_ms, state, proposed_at)
    select lessons.id, lessons.school_id, sum(quality.viewers), sum(quality.affected), sum(quality.stall_ms), 'proposed', ${now}
    from lesson_quality quality
    join lessons on lessons.id = quality.lesson_id
    join quality_rules rule on rule.school_id = lessons.school_id and rule.enabled
    where lessons.id in (${sql.join(lessonIds)})
    group by lessons.id, lessons.school_id, rule.viewer_share
    having sum(quality.affected) > 0 and sum(quality.affected) >= rule.viewer_share * sum(quality.viewers)
    on conflict (lesson_id) do nothing`.execute(trx);
}
