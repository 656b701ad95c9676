/**
 * Begins and ends load tests. A test has a school of its own, marked by `load_test_until`: whatever it makes belongs to that school, and is deleted
 * with it.
 */
import { newId } from "../../../platform/id.ts";
import { hashSecret, newSecret } from "../../../platform/secrets.ts";
import { json } from "../../../platform/store/store.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { School } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { API_KEY_PREFIX } from "../../people/accounts/sign-in.ts";

export type LoadTest = { readonly id: string; readonly schoolId: string; readonly key: string; readonly endsAt: Date };

export type LoadTestRequest = {
  readonly title: string;
  readonly endsAt: Date;
  /** Of its recordings. */
  readonly maxBytes: number;
};

/** What a test does as its school's administrator. It cannot make other keys, or read what concerns the server. */
const SCOPES = [
  "schools:read",
  "people:read",
  "people:write",
  "lessons:read",
  "lessons:write",
  "recordings:read",
  "recordings:write",
  "rooms:read",
  "rooms:write",
  "streams:read",
  "publish-keys:write",
  "recording-links:write",
];

export async function beginLoadTest(change: Change, { title, endsAt, maxBytes }: LoadTestRequest): Promise<LoadTest> {
  const id = newId();
  const row = {
    id,
    slug: `load-${id.toLowerCase().replaceAll(/[^a-z0-9]/g, "")}`,
    name: `Load test: ${title}`,
    time_zone: "UTC",
    guests: true,
    admin_networks: json<readonly string[]>([]),
    quota_bytes: maxBytes,
    load_test_until: endsAt,
  };
  const school = await change.trx.insertInto("schools").values(row).returningAll().executeTakeFirstOrThrow();
  const key = API_KEY_PREFIX + newSecret();
  await change.trx
    .insertInto("api_keys")
    .values({
      id: newId(),
      school_id: id,
      name: row.name,
      secret_hash: hashSecret(key),
      scopes: json<readonly string[]>(SCOPES),
      created_by: "load-test",
      expires_at: endsAt,
      requests_per_minute: null,
    })
    .execute();
  await change.audit({ action: "school.create", schoolId: id, targetKind: "school", targetId: id, after: school });
  // Of the platform: the school's own entries are deleted with it.
  await change.audit({ action: "load-test.begin", schoolId: null, targetKind: "school", targetId: id, after: named(school) });
  return { id, schoolId: id, key, endsAt };
}

/**
 * Closes the schools of tests, and has them deleted in the background with their people, lessons, recordings and files.
 * @param streamsClosed called after the commit for each stream of theirs
 */
export async function endLoadTests(
  change: Change,
  schools: readonly School[],
  streamsClosed: (app: string, name: string) => void,
): Promise<void> {
  for (const school of schools) {
    const ended = { archived_at: school.archived_at ?? new Date(), deleting_since: new Date() };
    await updateRow(change, "schools", school, ended);
    const action = { schoolId: null, targetKind: "school", targetId: school.id, before: named(school) };
    await change.audit({ action: "load-test.end", ...action });
    await change.audit({ action: "school.delete", ...action });
    const lessons = await change.trx
      .selectFrom("lessons")
      .select(["stream_app", "stream_name"])
      .where("school_id", "=", school.id)
      .execute();
    change.afterCommit(() => {
      for (const { stream_app, stream_name } of lessons) streamsClosed(stream_app, stream_name);
    });
  }
}

function named({ slug, name, load_test_until: until }: School) {
  return { slug, name, until };
}
