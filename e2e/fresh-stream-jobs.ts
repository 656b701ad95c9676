/** Writes what a school sets for streams, for tests of what each role may do: sources, forwards, ladders, policies, lists and checks. */
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";

type JobIds = Readonly<
  Record<
    | "contentCheckId"
    | "scoringServiceId"
    | "degradationId"
    | "exemptionId"
    | "forwardId"
    | "ladderId"
    | "lessonId"
    | "linkKeyId"
    | "listId"
    | "uploadId"
    | "policyId"
    | "sourceId",
    string
  >
>;
/** Each is found in what those read who may see it, and in nothing else. */
type Secrets = { readonly stream: string; readonly webhook: string };

/** A source, a forward and a policy of the lesson, a ladder, a link key, an address list, and a content check. */
export async function freshStreamJobs(db: Database, school_id: string, id: JobIds, secrets: Secrets): Promise<void> {
  const secret = secrets.stream;
  // A school may have only so many.
  for (const table of [
    "sources",
    "ladders",
    "link_keys",
    "policies",
    "address_lists",
    "content_checks",
    "scoring_services",
  ] as const)
    await db.deleteFrom(table).where("school_id", "=", school_id).execute();
  const common = { lesson_id: id.lessonId, title: "A job", enabled: true };
  const addresses = JSON.stringify([`rtsp://admin:${secret}@camera.example/stream`]);
  await db
    .insertInto("sources")
    .values({ ...common, id: id.sourceId, school_id, app: null, name: null, secret_addresses: addresses, start: "demand" })
    .execute();
  await db
    .insertInto("forwards")
    .values({ ...common, id: id.forwardId, secret_url: `rtmps://live.example/app/${secret}` })
    .execute();
  const rungs = json([{ name: "sd", height: 480, videoKbps: 800, audioKbps: null }]);
  await db.insertInto("ladders").values({ id: id.ladderId, school_id, name: id.ladderId, rungs }).execute();
  const policy = { id: id.policyId, school_id, level: "lesson" as const, target_id: id.lessonId, lesson_id: id.lessonId };
  await db
    .insertInto("policies")
    .values({ ...policy, course_id: null, recording_id: null, rules: json([]), bytes: 2 })
    .execute();
  await db
    .insertInto("address_lists")
    .values({ id: id.listId, school_id, name: id.listId, source: "entries", secret_url: null, file: null, refresh_seconds: null })
    .execute();
  const expires_at = new Date(Date.now() + 3_600_000);
  await db.insertInto("list_uploads").values({ id: id.uploadId, list_id: id.listId, size: 100, expires_at }).execute();
  await db
    .insertInto("link_keys")
    .values({ id: id.linkKeyId, school_id, name: id.linkKeyId, scheme: "tencent", secret, valid_seconds: 0 })
    .execute();
  const check = {
    id: id.contentCheckId,
    school_id,
    kind: "picture" as const,
    url: "http://127.0.0.1:9/",
    // Shown to those who see the secrets of webhooks.
    secret: secrets.webhook,
    deadline_ms: 1000,
  };
  await db
    .insertInto("content_checks")
    .values({ ...check, fallback: "pass", interval_seconds: 60, enabled: false })
    .execute();
  const limits = { per_minute: 60, per_day: 1000, accept_confidence: null };
  await db
    .insertInto("scoring_services")
    .values({ id: id.scoringServiceId, school_id, url: "http://127.0.0.1:9/", secret: secrets.webhook, enabled: false, ...limits })
    .execute();
  const exemption = { id: id.exemptionId, network: id.exemptionId, note: "", until: null, created_by: "x" };
  await db.insertInto("exemptions").values(exemption).execute();
  const shed = { id: id.degradationId, what: "reactions", school_id, reason: "", until: null, created_by: "x" } as const;
  await db.insertInto("degradations").values(shed).execute();
}
