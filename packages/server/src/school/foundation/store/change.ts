/**
 * Runs every change of the school in one transaction that holds the changed rows, the audit entries, the webhook deliveries
 * and the answer kept for a repeated idempotency key. Either all of them are committed or none is.
 */
import type { Transaction } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { Answer } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { hashSecret } from "../../../platform/secrets.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../messages/school-texts.ts";
import { type AuditEntry, writeAudit } from "./audit-log.ts";
import { type EventName, queueDeliveries, WEBHOOK_DELIVERIES } from "./events.ts";
import { type Requester, requesterKey } from "./requester.ts";
import type { StoredSecrets } from "./stored-secrets.ts";
import type { Database, Tables } from "./tables.ts";
import { StaleRow } from "./update-row.ts";

/** Each attempt of a change loses to another one that was committed, so this many need as many simultaneous changes of one row. */
const MAX_ATTEMPTS = 32;

export type Change = {
  readonly trx: Transaction<Tables>;
  /** @param by who did it, where that is not the requester: somebody approves what another person asked for */
  readonly audit: (entry: AuditEntry, by?: Actor) => Promise<void>;
  /** Queues an event for the webhooks that subscribe to it. */
  readonly emit: (event: EventName, schoolId: string | null, data: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Wakes a kind of background work (`foundation/work/`) once the transaction is committed: rows of it are due. */
  readonly wake: (kind: string) => void;
  /** Calls once the transaction is committed; never when it is rolled back. */
  readonly afterCommit: (call: () => void) => void;
};

export class Changes {
  private readonly db: Database;
  private readonly wake: (kind: string) => void;
  private readonly onCommitted: (entries: readonly AuditEntry[]) => void;
  private readonly secrets: StoredSecrets | null;
  private readonly told: (tell: () => void) => Promise<void>;

  /**
   * @param wake called after a commit that queued background work, with its kind
   * @param onCommitted called after each commit, with the audit entries of the change
   * @param secrets encrypt kept answers, which may contain a new secret; default: they are kept as they are
   * @param told makes the calls that follow a commit; the answer waits for it
   */
  constructor(
    db: Database,
    wake: (kind: string) => void,
    onCommitted: (entries: readonly AuditEntry[]) => void = () => {},
    secrets: StoredSecrets | null = null,
    told: (tell: () => void) => Promise<void> = async (tell) => tell(),
  ) {
    this.db = db;
    this.secrets = secrets;
    this.told = told;
    this.wake = wake;
    this.onCommitted = onCommitted;
  }

  /**
   * Runs `work` in a transaction, or returns the kept answer of an earlier request with the same idempotency key.
   * Where a row was changed between reading and writing it, the transaction is rolled back and `work` runs again on the newer row: it must
   * read in the transaction what it decides by.
   * @throws RefusalError conflict, where the key came with another request before, or the row changes all the time
   */
  async transact<T>(requester: Requester, work: (change: Change) => Promise<Answer<T>>): Promise<Answer<T>> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      try {
        return await this.transactOnce(requester, work);
      } catch (error) {
        if (!(error instanceof StaleRow)) throw error;
      }
    }
    throw new RefusalError("conflict", schoolText("changed-meanwhile"));
  }

  private async transactOnce<T>(requester: Requester, work: (change: Change) => Promise<Answer<T>>): Promise<Answer<T>> {
    const afterCommit: (() => void)[] = [];
    const entries: AuditEntry[] = [];
    const queued = new Set<string>();
    const answer = await this.db.transaction().execute(async (trx) => {
      const earlier = await this.claimKey<T>(trx, requester);
      if (earlier) return earlier;
      const change: Change = {
        trx,
        audit: async (entry, by = requester.actor) => {
          await writeAudit(trx, by, entry);
          entries.push(entry);
        },
        emit: async (event, schoolId, data) => {
          if (await queueDeliveries(trx, event, schoolId, data)) queued.add(WEBHOOK_DELIVERIES);
        },
        wake: (kind) => queued.add(kind),
        afterCommit: (call) => afterCommit.push(call),
      };
      const fresh = await work(change);
      await this.keepAnswer(trx, requester, fresh);
      return fresh;
    });
    for (const kind of queued) this.wake(kind);
    await this.told(() => {
      for (const call of afterCommit) call();
      this.onCommitted(entries);
    });
    return answer;
  }

  /**
   * Claims the idempotency key. Returns null for the first request, else the kept answer.
   * A second request with the same key waits on the insert until the first one has committed.
   */
  private async claimKey<T>(
    trx: Transaction<Tables>,
    { actor, idempotencyKey, fingerprint = "" }: Requester,
  ): Promise<Answer<T> | null> {
    if (!idempotencyKey) return null;
    // The content itself is not stored: it may be a whole file of people.
    const hash = hashSecret(fingerprint);
    const row = { actor: requesterKey(actor), key: idempotencyKey, fingerprint: hash, body: json(null) };
    const claimed = await trx
      .insertInto("idempotency")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning("key")
      .executeTakeFirst();
    if (claimed) return null;
    const earlier = await trx
      .selectFrom("idempotency")
      .selectAll()
      .where("actor", "=", row.actor)
      .where("key", "=", row.key)
      .executeTakeFirstOrThrow();
    if (earlier.fingerprint !== hash) throw new RefusalError("conflict", schoolText("idempotency-key-used"));
    return { body: this.decryptAnswer(row.key, earlier.body) as T };
  }

  private decryptAnswer(key: string, kept: unknown): unknown {
    if (!isEncryptedAnswer(kept)) return kept;
    const text = this.secrets?.decrypt("idempotency", key, kept.encrypted) ?? null;
    if (text === null) throw new RefusalError("conflict", schoolText("idempotency-key-used"));
    return JSON.parse(text);
  }

  private async keepAnswer<T>(trx: Transaction<Tables>, { actor, idempotencyKey }: Requester, { body }: Answer<T>): Promise<void> {
    if (!idempotencyKey) return;
    const text = JSON.stringify(body ?? null);
    const encrypted = this.secrets?.encrypt("idempotency", idempotencyKey, text) ?? text;
    await trx
      .updateTable("idempotency")
      .set({ body: json<unknown>(encrypted === text ? (body ?? null) : { encrypted }) })
      .where("actor", "=", requesterKey(actor))
      .where("key", "=", idempotencyKey)
      .execute();
  }
}

/** An answer as it is kept where the server encrypts: no route answers with such an object. */
function isEncryptedAnswer(kept: unknown): kept is { readonly encrypted: string } {
  return typeof kept === "object" && kept !== null && typeof Reflect.get(kept, "encrypted") === "string";
}

/**
 * Compares the row's version with If-Match (RFC 9110, section 13.1.1); null: the header was not sent.
 * @throws RefusalError precondition-failed
 */
export function checkVersion(row: { readonly version: number }, ifMatch: number | null): void {
  if (ifMatch !== null && row.version !== ifMatch) throw new RefusalError("precondition-failed");
}
