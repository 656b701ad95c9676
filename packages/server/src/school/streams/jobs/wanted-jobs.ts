/** Reads the jobs that people want of the nodes: enabled sources and forwards, those of a lesson only while it may be published, and the captions of live lessons. */
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { WantedCaptions, WantedForward, WantedJob, WantedPull } from "../../../contracts/jobs/wanted-jobs.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Db } from "../../foundation/store/tables.ts";

const addressList = z.array(z.string());

/** The rule of `stream-policy.ts`: not ended by hand, not in the bin, and its school not archived. */
const MAY_BE_PUBLISHED: RawBuilder<boolean> = sql<boolean>`(lessons.deleted_at is null and lessons.ended_by is distinct from 'hand')`;

/**
 * Always in the same order. What this server cannot decrypt is left out, and in the log.
 * @param maxCaptions so many lessons have captions, those that began first; 0: none
 */
export async function wantedJobs(db: Db, secrets: StoredSecrets, maxCaptions: number): Promise<readonly WantedJob[]> {
  return [...(await wantedPulls(db, secrets)), ...(await wantedForwards(db, secrets)), ...(await wantedCaptions(db, maxCaptions))];
}

/** The addresses of a source; null where this server cannot decrypt them. */
export function storedAddresses(secrets: StoredSecrets, source: { readonly id: string; readonly secret_addresses: string }) {
  const text = secrets.decrypt("sources", source.id, source.secret_addresses);
  return text === null ? null : addressList.parse(JSON.parse(text));
}

async function wantedPulls(db: Db, secrets: StoredSecrets): Promise<WantedPull[]> {
  const rows = await db
    .selectFrom("sources")
    .leftJoin("lessons", "lessons.id", "sources.lesson_id")
    .leftJoin("schools", "schools.id", "sources.school_id")
    .select(["sources.id", "sources.school_id", "sources.secret_addresses", "sources.start", "sources.app", "sources.name"])
    .select(["lessons.stream_app", "lessons.stream_name"])
    .where("sources.enabled", "=", true)
    .where("schools.archived_at", "is", null)
    .where(({ eb, or }) => or([eb("sources.lesson_id", "is", null), MAY_BE_PUBLISHED]))
    .orderBy("sources.id")
    .execute();
  return rows.flatMap((row): WantedPull[] => {
    const [app, name] = [row.app ?? row.stream_app, row.name ?? row.stream_name];
    const addresses = storedAddresses(secrets, row);
    if (app === null || name === null || addresses === null) return [];
    return [{ kind: "pull", id: row.id, app, name, school: row.school_id ?? "", addresses, start: row.start }];
  });
}

async function wantedForwards(db: Db, secrets: StoredSecrets): Promise<WantedForward[]> {
  const rows = await db
    .selectFrom("forwards")
    .innerJoin("lessons", "lessons.id", "forwards.lesson_id")
    .innerJoin("schools", "schools.id", "lessons.school_id")
    .select(["forwards.id", "forwards.secret_url", "lessons.school_id", "lessons.stream_app", "lessons.stream_name"])
    .where("forwards.enabled", "=", true)
    .where("schools.archived_at", "is", null)
    .where(MAY_BE_PUBLISHED)
    .orderBy("forwards.id")
    .execute();
  return rows.flatMap((row): WantedForward[] => {
    const url = secrets.decrypt("forwards", row.id, row.secret_url);
    if (url === null) return [];
    return [{ kind: "forward", id: row.id, app: row.stream_app, name: row.stream_name, school: row.school_id, url }];
  });
}

async function wantedCaptions(db: Db, atOnce: number): Promise<WantedCaptions[]> {
  if (atOnce === 0) return [];
  const rows = await db
    .selectFrom("lessons")
    .innerJoin("schools", "schools.id", "lessons.school_id")
    .select(["lessons.id", "lessons.stream_app", "lessons.stream_name"])
    .where("lessons.captions", "=", true)
    .where("lessons.state", "=", "live")
    .where("schools.archived_at", "is", null)
    .where(MAY_BE_PUBLISHED)
    .orderBy("lessons.started_at")
    .orderBy("lessons.id")
    .limit(atOnce)
    .execute();
  return rows.map(({ id, stream_app: app, stream_name: name }) => ({ kind: "captions", id, app, name }));
}
