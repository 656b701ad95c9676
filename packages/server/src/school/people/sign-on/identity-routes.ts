/** Serves the API routes for the providers that are linked to the own account: a person sees and removes them, but never the last way to sign in. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import type { RequestCredential } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam, time } from "../../foundation/requests/fields.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { User } from "../../foundation/store/tables.ts";
import { endOtherSessions } from "../accounts/other-sessions.ts";
import { personOf } from "../accounts/people-only.ts";
import { requireRecentProof } from "../accounts/recent-proof.ts";
import type { SignOnContext } from "./sign-on-context.ts";
import { canUsePassword, enabledProviders, hasWayIn, identitiesOf, providerOf } from "./ways-in.ts";

const TAG = "Single sign-on";
const identityShape = z
  .object({
    id,
    issuer: z.string(),
    providerId: id.nullable().describe("The enabled provider of the school that signs the person in; null: there is none now."),
    name: z.string().nullable().describe("The provider's name."),
    createdAt: time,
  })
  .meta({ id: "Identity" });

export function identityRoutes(context: SignOnContext): ApiRoute[] {
  return [listMyIdentitiesRoute(context), unlinkIdentityRoute(context)];
}

function listMyIdentitiesRoute({ db }: SignOnContext): ApiRoute {
  return route({
    id: "listMyIdentities",
    method: "GET",
    path: "/me/identities",
    tag: TAG,
    summary: "List the providers that are linked to the own account, and those that can be",
    access: requires("people:read", ...EVERY_ROLE),
    rights: ["+++++++-", null],
    status: 200,
    answer: z
      .object({
        items: z.array(identityShape),
        linkable: z.array(z.object({ id, name: z.string() })).describe("Providers of the school that are not linked yet."),
        hasPassword: z.boolean().describe("Whether the person can sign in with a password too."),
      })
      .meta({ id: "Identities" }),
    refusals: ["refused-by-rule", "database-away"],
    handle: async ({ actor }) => {
      const me = personOf(actor);
      const [items, providers] = [await identitiesOf(db, me), await enabledProviders(db, actor.schoolId)];
      const linked = new Set(items.map(({ providerId }) => providerId));
      const linkable = providers
        .filter((provider) => !linked.has(provider.id))
        .map((provider) => ({ id: provider.id, name: provider.name }));
      return { body: { items, linkable, hasPassword: await canUsePassword(db, me) } };
    },
  });
}

function unlinkIdentityRoute({ changes, signIn, mail }: SignOnContext): ApiRoute {
  return route({
    id: "unlinkIdentity",
    method: "DELETE",
    path: "/me/identities/:identityId",
    tag: TAG,
    summary:
      "Remove a linked provider from the own account, unless it is the last way to sign in; other sessions that it opened end",
    access: requires("people:write", ...EVERY_ROLE),
    // The link is nobody's.
    rights: ["0000000-", null],
    params: idParam("identityId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "conflict", "recent-sign-in-needed", "refused-by-rule", "database-away"],
    handle: async (call) => {
      const { actor, credential, params } = call;
      const me = personOf(actor);
      await requireRecentProof(signIn, call);
      return await changes.transact({ actor }, async (change) => {
        const user = await unlink(change, me, params.identityId, credential);
        change.afterCommit(() => {
          signIn.clearCache();
          mail.notify(user, "provider-removed");
        });
        return { body: null };
      });
    },
  });
}

/** @param kept the credential whose session stays open */
async function unlink(change: Change, userId: string, identityId: string, kept: RequestCredential | null): Promise<User> {
  const { trx, audit } = change;
  // The lock makes removals at the same time count one after the other.
  const user = await trx.selectFrom("users").selectAll().where("id", "=", userId).forNoKeyUpdate().executeTakeFirstOrThrow();
  const removed = await trx
    .deleteFrom("identities")
    .where("id", "=", identityId)
    .where("user_id", "=", userId)
    .returningAll()
    .executeTakeFirst();
  if (!removed) throw new RefusalError("not-found", schoolText("no-identity"));
  if (!(await hasWayIn(trx, userId))) throw new RefusalError("conflict", schoolText("last-way-in"));
  const provider = providerOf(removed, await enabledProviders(trx, removed.school_id));
  await endOtherSessions(change, userId, kept, { column: "provider_id", id: provider?.id ?? removed.provider_id ?? "" });
  await audit({ action: "user.unlink", schoolId: user.school_id, targetKind: "user", targetId: userId, before: removed });
  return user;
}
