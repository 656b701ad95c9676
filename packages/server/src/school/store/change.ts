/**
 * A change: one transaction that holds what is changed, what the audit log says of it, what webhooks will tell of it, and the answer
 * that a repeated request gets. Either all of it is there, or nothing.
 */
import type { Transaction } from "kysely";
import type { Actor } from "../../access/actor.ts";
import type { Answer } from "../../platform/api/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { json } from "../../platform/store/store.ts";
import type { Database, Tables } from "./tables.ts";

export type AuditEntry = {
  /** What was done: `lesson.create`. */
  readonly action: string;
  readonly schoolId: string | null;
  readonly targetKind: string;
  readonly targetId: string;
  readonly before?: Readonly<Record<string, unknown>> | null;
  readonly after?: Readonly<Record<string, unknown>> | null;
};

export const EVENTS = [
  "lesson.created",
  "lesson.changed",
  "lesson.deleted",
  "lesson.restored",
  "lesson.started",
  "lesson.ended",
  "recording.started",
  "recording.ready",
  "recording.deleted",
  "recording.restored",
  "participant.joined",
  "participant.removed",
  "stream.started",
  "stream.ended",
  "alarm.raised",
  "alarm.cleared",
] as const;
/** What webhooks can tell. */
export type EventName = (typeof EVENTS)[number];

export type Change = {
  readonly trx: Transaction<Tables>;
  readonly audit: (entry: AuditEntry) => Promise<void>;
  /** Tells those webhooks that want it. */
  readonly emit: (event: EventName, schoolId: string | null, data: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Calls when all of it is written. */
  readonly afterCommit: (call: () => void) => void;
};

/** Who asks, and what makes a repeated request the same one. */
export type Requester = {
  readonly actor: Actor;
  readonly idempotencyKey?: string | null;
  readonly fingerprint?: string;
};

/** Never written to the audit log, whatever table they come from. */
const SECRET = /hash|secret|publish_key|token|password/i;

export const SYSTEM: Requester = {
  actor: { kind: "token", id: null, name: "lectern", role: "operator", schoolId: null, scopes: null, ip: "" },
};

export class Changes {
  private readonly db: Database;
  private readonly onTold: () => void;

  /** @param onTold called when webhooks have something to send */
  constructor(db: Database, onTold: () => void) {
    this.db = db;
    this.onTold = onTold;
  }

  /** Makes a change, or gives the answer of an earlier request with the same idempotency key. */
  async transact<T>(asker: Requester, work: (change: Change) => Promise<Answer<T>>): Promise<Answer<T>> {
    const afterwards: (() => void)[] = [];
    let told = false;
    const answer = await this.db.transaction().execute(async (trx) => {
      const earlier = await this.earlier<T>(trx, asker);
      if (earlier) return earlier;
      const change: Change = {
        trx,
        audit: (entry) => writeAudit(trx, asker.actor, entry),
        emit: async (event, schoolId, data) => {
          told = (await queueDeliveries(trx, event, schoolId, data)) || told;
        },
        afterCommit: (call) => afterwards.push(call),
      };
      const fresh = await work(change);
      await this.remember(trx, asker, fresh);
      return fresh;
    });
    for (const call of afterwards) call();
    if (told) this.onTold();
    return answer;
  }

  /** A second request with the same key waits here, inside the database, until the first is over. */
  private async earlier<T>(
    trx: Transaction<Tables>,
    { actor, idempotencyKey, fingerprint = "" }: Requester,
  ): Promise<Answer<T> | null> {
    if (!idempotencyKey) return null;
    const row = { actor: actorKey(actor), key: idempotencyKey, fingerprint, body: json(null) };
    const mine = await trx
      .insertInto("idempotency")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning("key")
      .executeTakeFirst();
    if (mine) return null;
    const known = await trx
      .selectFrom("idempotency")
      .selectAll()
      .where("actor", "=", row.actor)
      .where("key", "=", row.key)
      .executeTakeFirstOrThrow();
    if (known.fingerprint !== fingerprint)
      throw new RefusalError("conflict", "This Idempotency-Key was used for another request. Take a new one for each.");
    return { body: known.body as T };
  }

  private async remember<T>(trx: Transaction<Tables>, { actor, idempotencyKey }: Requester, { body }: Answer<T>): Promise<void> {
    if (!idempotencyKey) return;
    await trx
      .updateTable("idempotency")
      .set({ body: json<unknown>(body ?? null) })
      .where("actor", "=", actorKey(actor))
      .where("key", "=", idempotencyKey)
      .execute();
  }
}

/** For updates: refuses when somebody else was faster. */
export function checkVersion(row: { readonly version: number }, ifMatch: number | null): void {
  if (ifMatch !== null && row.version !== ifMatch) throw new RefusalError("precondition-failed");
}

async function writeAudit(trx: Transaction<Tables>, actor: Actor, entry: AuditEntry): Promise<void> {
  const { before = null, after = null } = entry;
  await trx
    .insertInto("audit")
    .values({
      id: newId(),
      school_id: entry.schoolId,
      actor_kind: actor === SYSTEM.actor ? "system" : actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      ip: actor.ip,
      action: entry.action,
      target_kind: entry.targetKind,
      target_id: entry.targetId,
      before: before && json(withoutSecrets(before)),
      after: after && json(withoutSecrets(after)),
    })
    .execute();
}

/** True when some webhook wants it. */
async function queueDeliveries(
  trx: Transaction<Tables>,
  event: EventName,
  schoolId: string | null,
  data: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const webhooks = await trx
    .selectFrom("webhooks")
    .select(["id", "events"])
    .where("enabled", "=", true)
    .where((where) => where.or([where("school_id", "is", null), where("school_id", "=", schoolId)]))
    .execute();
  const wanting = webhooks.filter(({ events }) => events.length === 0 || events.includes(event));
  if (wanting.length === 0) return false;
  const now = new Date();
  const rows = wanting.map((webhook) => {
    const id = newId();
    const body = JSON.stringify({ id, event, at: now.toISOString(), schoolId, data });
    return { id, webhook_id: webhook.id, event, body, state: "pending" as const, attempts: 0, next_at: now };
  });
  await trx.insertInto("deliveries").values(rows).execute();
  return true;
}

function withoutSecrets(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, SECRET.test(key) && value !== null ? "(secret)" : value]),
  );
}

function actorKey({ kind, id, ip }: Actor): string {
  // Strangers have nothing but their address that could tell them apart.
  return kind === "nobody" ? `nobody ${ip}` : `${kind} ${id ?? ""}`;
}
