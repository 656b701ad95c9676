/**
 * Decides who may approve: an administrator of the school who is not the asker, and whose account the asker has not had a hand in. Without the last,
 * one administrator would make a second account, or set another's password, and approve with it.
 */
import { sql, type Transaction } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { approvalText } from "../messages/approval-texts.ts";
import type { Approval } from "../store/approval-tables.ts";
import type { Tables } from "../store/tables.ts";
import { mayDecideAtAll } from "./present.ts";

/** Longer than a request waits, and long enough for others to notice: they are told by mail of a changed password, and the list of people shows a new account. */
const HAND_DAYS = 7;

/** @param providerId the provider that signed the person in; null: none did @throws RefusalError not-the-second-person */
export async function checkSecondPerson(
  trx: Transaction<Tables>,
  actor: Actor,
  approval: Approval,
  providerId: string | null,
): Promise<void> {
  checkOther(actor, approval);
  const touched = await touchedBy(trx, approval);
  if (touched.has(actor.id ?? "") || (providerId !== null && touched.has(providerId)))
    throw new RefusalError("not-the-second-person", approvalText("made-by-asker", { days: HAND_DAYS }));
}

/** Refusing harms nobody, so every other administrator may. @throws RefusalError not-the-second-person */
export function checkOther(actor: Actor, approval: Approval): void {
  if (!mayDecideAtAll(actor, approval)) throw new RefusalError("not-the-second-person", approvalText("administrators-decide"));
  if (approval.asked_by === actor.id) throw new RefusalError("not-the-second-person", approvalText("own-request"));
}

/**
 * Accounts, API keys and providers that the asker has made or changed lately, and those that these have made or changed, and so on; and those that an
 * API key has made or changed, or a provider's sign-in has made: the asker may hold the key, or own the provider. What the audit log says is what
 * counts: nobody can change it without a trace.
 */
async function touchedBy(trx: Transaction<Tables>, { asked_by, asked_kind }: Approval): Promise<ReadonlySet<string>> {
  const since = sql`now() - make_interval(days => ${HAND_DAYS}::int)`;
  const { rows } = await sql<{ id: string }>`
    with recursive hand (id) as (
      select target_id from audit
        where target_kind in ('user', 'api-key', 'provider') and action not like 'read.%' and at > ${since}
          and ((${asked_kind} = 'user' and actor_id = ${asked_by ?? ""}) or (${asked_kind} = 'token' and actor_kind = 'token')
            or (actor_kind not in ('user', 'token') and (actor_kind = 'key' or action = 'user.create')))
      union
      select audit.target_id from audit join hand on audit.actor_id = hand.id
        where audit.target_kind in ('user', 'api-key', 'provider') and audit.action not like 'read.%' and audit.at > ${since}
    ) select id from hand`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}
