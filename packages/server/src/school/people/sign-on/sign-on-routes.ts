/** Serves the API routes by which people sign in with a provider: choose one, go there, come back. */
import { z } from "zod";
import { type Actor, everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { useNonce } from "../../foundation/requests/used-nonce.ts";
import type { Db, Provider } from "../../foundation/store/tables.ts";
import { noticeNewDevice } from "../accounts/new-device.ts";
import { checkNoKey } from "../accounts/people-only.ts";
import { requireRecentProof } from "../accounts/recent-proof.ts";
import { sessionAnswer } from "../accounts/session-answer.ts";
import { userShape } from "../accounts/shapes.ts";
import { userResponse } from "../accounts/user.ts";
import { linkIdentity, retryOnConflict, type SignedOn, userOfIdentity } from "./identity.ts";
import { clearedFlowCookie, FLOW_SECONDS, type Flow, flowCookie, flowCookieName, readFlow } from "./protocol/flow-cookie.ts";
import { ANSWER_SECONDS, type ProvenAnswer } from "./protocol/protocol.ts";
import { redirectUriOf } from "./provider-row.ts";
import { returnPath } from "./return-path.ts";
import type { SignOnContext } from "./sign-on-context.ts";
import { MAX_FORM, newSignOn, signOnResponse, signOnWays } from "./sign-on-shapes.ts";

const TAG = "Single sign-on";
const MAX_BODY_BYTES = MAX_FORM + 20_000;

export function signOnRoutes(context: SignOnContext): ApiRoute[] {
  return [listSignOnRoute(context), beginSignOnRoute(context), finishSignOnRoute(context), getServiceMetadataRoute(context)];
}

function listSignOnRoute({ db, mail }: SignOnContext): ApiRoute {
  return route({
    id: "listSignOn",
    method: "GET",
    path: "/sign-on",
    tag: TAG,
    summary: "List the ways to sign in: the providers of a school, and what is set up for passwords",
    access: everybody("people:read"),
    rights: ["++++++++", null],
    query: z.strictObject({ school: z.string().max(40).optional().describe("The school's slug. Default: the only school.") }),
    status: 200,
    answer: signOnWays,
    refusals: ["database-away"],
    handle: async ({ query }) => {
      const open = db.selectFrom("schools").select(["id", "name"]).where("archived_at", "is", null);
      const schools = (query.school === undefined ? open : open.where("slug", "=", query.school)).limit(2).as("schools");
      // One statement for a school with providers, for one without, and for none: its time does not tell them apart.
      const rows = await db
        .selectFrom(schools)
        .leftJoin("providers", (join) => join.onRef("providers.school_id", "=", "schools.id").on("providers.enabled", "=", true))
        .select(["schools.id as schoolId", "schools.name as school", "providers.id as id", "providers.name as name"])
        .orderBy("providers.id")
        .execute();
      const count = new Set(rows.map(({ schoolId }) => schoolId)).size;
      const enabled = db.selectFrom("providers").select("id").where("enabled", "=", true).limit(1);
      const ways = {
        schoolNeeded: count > 1,
        hasProviders: (await enabled.executeTakeFirst()) !== undefined,
        mailsPasswords: mail.canSend,
        isFirstStart: await isFirstStart(db),
      };
      // The schools of a platform are nobody's business.
      if (count !== 1) return { body: { items: [], ...ways } };
      const items = rows.flatMap(({ id, name, school }) => (id === null || name === null ? [] : [{ id, name, school }]));
      return { body: { items, ...ways } };
    },
  });
}

/** Whether the server still waits for its first operator. */
async function isFirstStart(db: Db): Promise<boolean> {
  const known = await db
    .selectFrom("users")
    .select("id")
    .where("role", "=", "operator")
    .where("signed_in_at", "is not", null)
    .limit(1)
    .executeTakeFirst();
  return known === undefined;
}

function beginSignOnRoute({ db, providers, flowSecret, signIn }: SignOnContext): ApiRoute {
  return route({
    id: "beginSignOn",
    method: "POST",
    path: "/sign-on",
    tag: TAG,
    summary: "Begin to sign in with a provider: the answer says where the browser goes",
    access: everybody("people:write"),
    // The provider is nobody's.
    rights: ["00000000", null],
    body: newSignOn,
    status: 201,
    answer: z.object({ url: z.string() }).meta({ id: "SignOn" }),
    refusals: ["not-found", "not-signed-in", "recent-sign-in-needed", "provider-away", "refused-by-rule", "database-away"],
    handle: async ({ actor, body, origin, isSecure, credential }) => {
      checkNoKey(actor);
      const provider = await enabledProvider(db, body.providerId);
      const linkTo = body.link ? personOf(actor, provider) : null;
      if (body.link) await requireRecentProof(signIn, { actor, credential });
      const { url, ...secrets } = await providers.begin(provider, redirectUriOf(provider, origin), body.fresh);
      const more = { providerId: provider.id, isFresh: body.fresh, returnTo: returnPath(body.returnTo), linkTo };
      const flow: Flow = { ...secrets, ...more };
      return { body: { url }, headers: { "set-cookie": await flowCookie(flow, flowSecret(), isSecure) } };
    },
  });
}

function finishSignOnRoute(context: SignOnContext): ApiRoute {
  const { db, providers, flowSecret, signIn } = context;
  return route({
    id: "finishSignOn",
    method: "POST",
    path: "/sign-on/response",
    tag: TAG,
    summary: "Sign in with the response of a provider; the session goes to a cookie",
    bodyLimit: MAX_BODY_BYTES,
    access: everybody("people:write"),
    // The response is nobody's.
    rights: ["--------", null],
    body: signOnResponse,
    status: 201,
    answer: z.object({ user: userShape, returnTo: z.string() }).meta({ id: "SignedOn" }),
    refusals: ["not-found", "conflict", "sign-on-failed", "provider-away", "refused-by-rule", "database-away"],
    handle: async ({ actor, body, origin, ...request }) => {
      checkNoKey(actor);
      const fields = new URLSearchParams(body.form || body.query);
      const state = fields.get("RelayState") ?? fields.get("state") ?? "";
      const flow = await flowOf(request.cookie(flowCookieName(state)), state, body.providerId, flowSecret());
      const provider = await findProvider(db, body.providerId);
      if (!flow && !provider?.saml?.unsolicited) throw new RefusalError("sign-on-failed", schoolText("sign-on-expired"));
      if (!provider) throw new RefusalError("not-found", schoolText("no-provider"));
      const identity = await providers.finish(provider, { flow, redirectUri: redirectUriOf(provider, origin), fields });
      const { user, isJoined } = await accountOf(context, provider, identity, flow, request.ip);
      const isLinked = flow !== null && flow.linkTo !== null;
      if (isJoined) context.mail.notify(user, "provider-linked");
      const over = clearedFlowCookie(state, request.isSecure);
      // Who began at the provider may say by RelayState where to go.
      const answer = { user: userResponse(user, user), returnTo: flow?.returnTo ?? returnPath(state) };
      const proof = identity.provenAt === null ? {} : { provenAt: identity.provenAt };
      const session = await sessionAnswer(signIn, user, request, { asCookie: true, providerId: provider.id, ...proof });
      if (!isLinked) noticeNewDevice(context, user, request);
      return { body: answer, headers: { "set-cookie": [session.headers?.["set-cookie"] ?? [], over].flat() } };
    },
  });
}

/** The flow in a cookie, where it is the one that the answer is of. */
async function flowOf(cookie: string | null, state: string, providerId: string, secret: string): Promise<Flow | null> {
  const flow = await readFlow(cookie, secret);
  return flow?.state === state && flow.providerId === providerId ? flow : null;
}

function accountOf(
  context: SignOnContext,
  provider: Provider,
  identity: ProvenAnswer,
  flow: Flow | null,
  ip: string,
): Promise<SignedOn> {
  const { changes, signIn } = context;
  const linkTo = flow?.linkTo ?? null;
  const usedOnce = [...(flow ? [flow.nonce] : []), ...identity.usedOnce];
  const actor: Actor = {
    kind: "user",
    id: linkTo,
    name: `provider ${provider.name}`,
    role: null,
    schoolId: provider.school_id,
    scopes: null,
    ip,
  };
  return retryOnConflict(async () => {
    const { body } = await changes.transact({ actor }, async (change) => {
      change.afterCommit(() => signIn.clearCache());
      // A provider may answer to a code more than once, and a browser may send an assertion again; each counts once, at all nodes.
      for (const one of usedOnce)
        if (!(await useNonce(change.trx, one, Math.max(FLOW_SECONDS, ANSWER_SECONDS))))
          throw new RefusalError("sign-on-failed", schoolText("sign-on-used"));
      const user = linkTo === null ? userOfIdentity(change, provider, identity) : linkIdentity(change, provider, identity, linkTo);
      return { body: await user };
    });
    return body;
  });
}

function getServiceMetadataRoute({ db, providers }: SignOnContext): ApiRoute {
  return route({
    id: "getServiceMetadata",
    method: "GET",
    path: "/sign-on/:providerId/metadata",
    tag: TAG,
    summary: "Get the SAML metadata of this server for an identity provider: its entity id, its address and its certificate",
    access: everybody("people:read"),
    // The provider is nobody's.
    rights: ["00000000", null],
    reads: { unlogged: "addresses and certificates of this server" },
    params: idParam("providerId"),
    status: 200,
    answer: z.string(),
    answerType: "application/samlmetadata+xml",
    refusals: ["not-found", "provider-away", "database-away"],
    handle: async ({ params, origin }) => {
      const provider = await enabledProvider(db, params.providerId);
      if (provider.kind !== "saml") throw new RefusalError("not-found", schoolText("no-provider"));
      return { body: await providers.serviceMetadata(provider, redirectUriOf(provider, origin)) };
    },
  });
}

/** @throws RefusalError not-found, also where the school is archived */
async function enabledProvider(db: Db, providerId: string): Promise<Provider> {
  const provider = await findProvider(db, providerId);
  if (!provider) throw new RefusalError("not-found", schoolText("no-provider"));
  return provider;
}

/** One that is enabled, of a school that is not archived. */
async function findProvider(db: Db, providerId: string): Promise<Provider | undefined> {
  return await db
    .selectFrom("providers")
    .innerJoin("schools", "schools.id", "providers.school_id")
    .selectAll("providers")
    .where("providers.id", "=", providerId)
    .where("providers.enabled", "=", true)
    .where("schools.archived_at", "is", null)
    .executeTakeFirst();
}

/** The person who adds a provider to the own account. @throws RefusalError not-signed-in, not-found */
function personOf({ kind, id, schoolId }: Actor, provider: Provider): string {
  if (kind !== "user" || id === null) throw new RefusalError("not-signed-in");
  if (schoolId !== provider.school_id) throw new RefusalError("not-found", schoolText("no-provider"));
  return id;
}
