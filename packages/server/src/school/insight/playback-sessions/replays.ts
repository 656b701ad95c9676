/**
 * Adds what was played of recordings: to the minutes of each recording, and, where the school keeps names with views, to what each person has
 * played of it.
 */
import { sql } from "kysely";
import { type Buckets, mergeBuckets } from "../../../contracts/playback-sessions/log-buckets.ts";
import type { ViewSession } from "../../../contracts/playback-sessions/view-batch.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { addedBuckets } from "./added-buckets.ts";
import type { ViewSubject } from "./subjects.ts";

type Played = { readonly recording: string; readonly user: string; readonly minutes: Buckets; readonly at: string };

export async function addReplays(
  trx: Db,
  sessions: readonly ViewSession[],
  known: ReadonlyMap<string, ViewSubject>,
): Promise<void> {
  const all = new Map<string, Played>();
  const byPerson = new Map<string, Played>();
  for (const { cid, viewer, played, lastAt } of sessions) {
    if (!cid.startsWith("vod/") || Object.keys(played).length === 0) continue;
    const recording = cid.slice("vod/".length);
    const at = new Date(lastAt).toISOString();
    add(all, recording, { recording, user: "", minutes: played, at });
    // The links of recordings name accounts, not participants.
    if (viewer !== null && known.get(cid)?.keeps === "names")
      add(byPerson, `${recording} ${viewer}`, { recording, user: viewer, minutes: played, at });
  }
  if (all.size > 0) await addMinutes(trx, inOrder(all));
  if (byPerson.size > 0) await addPeople(trx, inOrder(byPerson));
}

function add(to: Map<string, Played>, key: string, played: Played): void {
  const before = to.get(key);
  to.set(key, before ? { ...before, minutes: mergeBuckets(before.minutes, played.minutes) } : played);
}

/** Two processes that change the same rows change them in the same order. */
function inOrder(played: ReadonlyMap<string, Played>): string {
  return JSON.stringify([...played].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one));
}

/** Recordings that have been deleted meanwhile are left out. */
async function addMinutes(trx: Db, played: string): Promise<void> {
  await sql`
    insert into recording_minutes (recording_id, minute, played_ms)
    select recordings.id, each.key::integer, each.value::bigint
    from jsonb_to_recordset((${played}::text)::jsonb) as told (recording text, minutes jsonb)
    join recordings on recordings.id = told.recording
    cross join lateral jsonb_each_text(told.minutes) as each
    order by 1, 2
    on conflict (recording_id, minute) do update set played_ms = recording_minutes.played_ms + excluded.played_ms`.execute(trx);
}

async function addPeople(trx: Db, played: string): Promise<void> {
  await sql`
    insert into replay_views (user_id, recording_id, minutes, played_at)
    select users.id, recordings.id, told.minutes, told.at
    from jsonb_to_recordset((${played}::text)::jsonb) as told (recording text, "user" text, minutes jsonb, at timestamptz)
    join recordings on recordings.id = told.recording
    join users on users.id = told."user" and users.school_id = recordings.school_id and users.role = 'student'
    order by 1, 2
    on conflict (user_id, recording_id) do update set
      minutes = ${addedBuckets("replay_views", "minutes")}, played_at = greatest(replay_views.played_at, excluded.played_at)`.execute(
    trx,
  );
}
