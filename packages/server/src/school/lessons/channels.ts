/** Reads which school a channel belongs to: a source's stream that is of no lesson. */
import type { Channel } from "../../access/policies/policy-snapshot.ts";
import { plainName } from "../../access/policies/stream-policy.ts";
import type { Db } from "../foundation/store/tables.ts";

/** All channels of schools; those of the operator belong to none. */
export async function readChannels(db: Db): Promise<Channel[]> {
  return (await channelsOf(db).orderBy("id").execute()).flatMap(channelOf);
}

/** @param stream `app/name`, with or without a rung. Null: no school has such a channel */
export async function readChannel(db: Db, stream: string): Promise<Channel | null> {
  const [app = "", name = ""] = stream.split("/");
  const row = await channelsOf(db).where("app", "=", app).where("name", "=", plainName(name)).executeTakeFirst();
  return row ? (channelOf(row)[0] ?? null) : null;
}

function channelsOf(db: Db) {
  return db
    .selectFrom("sources")
    .select(["app", "name", "school_id"])
    .where("school_id", "is not", null)
    .where("app", "is not", null);
}

function channelOf({
  app,
  name,
  school_id: schoolId,
}: {
  app: string | null;
  name: string | null;
  school_id: string | null;
}): Channel[] {
  return schoolId === null ? [] : [{ stream: `${app}/${name}`, schoolId }];
}
