/** Serves the API routes of a launch: the platform announces a person, the person's browser goes there and comes back, and a session begins. */
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import { EVERY_ROLE, requires } from "../../foundation/requests/permissions.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import { checkNoKey } from "../../people/accounts/people-only.ts";
import { sessionAnswer } from "../../people/accounts/session-answer.ts";
import { type Launch, readLaunch } from "./claims.ts";
import { deepLinkingTicket } from "./deep-linking.ts";
import { type OpenedLaunch, openLaunch, type VerifiedLaunch } from "./launch.ts";
import { clearedFlowCookie, encryptFlow, flowCookie, flowCookieName, newFlow, platformOfState, readFlow } from "./launch-flow.ts";
import type { LtiContext } from "./lti-context.ts";
import { activePlatform, platformOfLogin } from "./platforms.ts";
import { launchShape, loginShape, newLaunch, newLogin, toolShape } from "./shapes.ts";

const TAG = "Learning platforms (LTI)";
const LAUNCH_PATH = "/lti/launch";

export function launchRoutes(context: LtiContext): ApiRoute[] {
  return [getKeysRoute(context), getToolRoute(), beginLaunchRoute(context), finishLaunchRoute(context), moveSessionRoute(context)];
}

function getKeysRoute({ toolKeys }: LtiContext): ApiRoute {
  return route({
    id: "getLtiKeys",
    method: "GET",
    path: "/lti/keys",
    tag: TAG,
    summary: "Get the public keys of this tool (JWKS), with which platforms verify its signatures",
    access: everybody("people:read"),
    rights: ["++++++++", null],
    reads: { unlogged: "public keys" },
    status: 200,
    answer: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).meta({ id: "KeySet" }),
    refusals: ["database-away"],
    handle: async () => ({ body: { keys: await toolKeys.publicKeys() } }),
  });
}

function getToolRoute(): ApiRoute {
  return route({
    id: "getLtiTool",
    method: "GET",
    path: "/lti/tool",
    tag: TAG,
    summary: "Get the addresses to enter at a learning platform",
    access: everybody("people:read"),
    rights: ["++++++++", null],
    query: z.strictObject({ schoolId: z.string().max(40) }),
    status: 200,
    answer: toolShape,
    refusals: [],
    handle: async ({ origin, query: { schoolId } }) => ({
      body: {
        loginUrl: `${origin}/lti/${encodeURIComponent(schoolId)}/login`,
        launchUrl: origin + LAUNCH_PATH,
        keysUrl: `${origin}/api/v1/lti/keys`,
      },
    }),
  });
}

function beginLaunchRoute({ db, flowSecret }: LtiContext): ApiRoute {
  return route({
    id: "beginLaunch",
    method: "POST",
    path: "/lti/logins",
    tag: TAG,
    summary: "Begin a launch: the answer says where the browser goes to prove who the person is",
    access: everybody("people:write"),
    // The platform is nobody's.
    rights: ["--------", null],
    body: newLogin,
    status: 201,
    answer: loginShape,
    refusals: ["launch-failed", "refused-by-rule", "database-away"],
    handle: async ({ actor, body, origin, isSecure }) => {
      checkNoKey(actor);
      const field = fieldsOf(body.form);
      const [hint, target] = [field("login_hint"), field("target_link_uri")];
      if (hint === "" || !isLaunchAddress(target, origin)) throw new RefusalError("launch-failed", ltiText("launch-address"));
      const platform = await platformOfLogin(db, body.schoolId, field("iss"), field("client_id"));
      checkDeployment(platform, field("lti_deployment_id") || null);
      const flow = newFlow(platform.id, field("lti_storage_target"));
      const url = authenticationRequest(platform, flow, { origin, hint, messageHint: field("lti_message_hint") });
      const token = await encryptFlow(flow, flowSecret());
      const headers = { "set-cookie": flowCookie(flow.state, token, isSecure) };
      return { body: { url, state: flow.state, flow: token }, headers };
    },
  });
}

/** The address at the platform (1EdTech Security Framework 1.0, section 5.1.1.2). */
function authenticationRequest(
  platform: LtiPlatform,
  { state, nonce }: { readonly state: string; readonly nonce: string },
  { origin, hint, messageHint }: { readonly origin: string; readonly hint: string; readonly messageHint: string },
): string {
  const url = new URL(platform.login_url);
  const fields = {
    scope: "openid",
    response_type: "id_token",
    response_mode: "form_post",
    prompt: "none",
    client_id: platform.client_id,
    redirect_uri: origin + LAUNCH_PATH,
    login_hint: hint,
    state,
    nonce,
    ...(messageHint === "" ? {} : { lti_message_hint: messageHint }),
  };
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return url.href;
}

function finishLaunchRoute(context: LtiContext): ApiRoute {
  const { changes, signIn } = context;
  return route({
    id: "finishLaunch",
    method: "POST",
    path: "/lti/launches",
    tag: TAG,
    summary: "Open what a launch of a learning platform names, and begin the person's session",
    access: everybody("people:write"),
    // The flow is nobody's.
    rights: ["--------", null],
    body: newLaunch,
    status: 201,
    answer: launchShape,
    refusals: [
      ...(["launch-failed", "lesson-not-ready", "removed-from-lesson", "provider-away", "refused-by-rule"] as const),
      "database-away",
    ],
    handle: async ({ actor, body, origin, ...request }) => {
      checkNoKey(actor);
      const field = fieldsOf(body.form);
      const state = field("state");
      const verified = await verify(context, field, body.flow || request.cookie(flowCookieName(state)), origin, request.ip);
      const opened = await openLaunch(changes, verified, () => signIn.clearCache());
      const { platform } = verified;
      const opening = { asCookie: body.asCookie, providerId: platform.id };
      const session = await sessionAnswer(signIn, opened.user, request, opening);
      const over = clearedFlowCookie(state, request.isSecure);
      return {
        body: { ...launchResponse(opened), token: session.body.token, ticket: await deepLinkingTicket(context, platform, opened) },
        headers: { "set-cookie": [session.headers?.["set-cookie"] ?? [], over].flat() },
      };
    },
  });
}

/** @throws RefusalError launch-failed, provider-away */
async function verify(
  { db, signatures, flowSecret }: LtiContext,
  field: (name: string) => string,
  flowToken: string | null,
  origin: string,
  ip: string,
): Promise<VerifiedLaunch> {
  const state = field("state");
  const flow = await readFlow(flowToken, state, flowSecret());
  if (!flow || flow.platformId !== platformOfState(state)) throw new RefusalError("launch-failed", ltiText("launch-expired"));
  const platform = await activePlatform(db, flow.platformId);
  if (field("error") !== "") throw new RefusalError("launch-failed", ltiText("launch-denied"));
  const claims = await signatures.verifyIdToken(platform, field("id_token"), flow.nonce);
  const launch = readLaunch(claims);
  if ("wrong" in launch) throw new RefusalError("launch-failed", ltiText("launch-claim", { claim: launch.wrong }));
  checkDeployment(platform, launch.deploymentId);
  if (launch.kind === "resource" && !isLaunchAddress(launch.targetLinkUri, origin))
    throw new RefusalError("launch-failed", ltiText("launch-address"));
  return { platform, launch, claims, nonce: flow.nonce, ip };
}

/** @throws RefusalError launch-failed */
function checkDeployment(platform: LtiPlatform, deploymentId: Launch["deploymentId"] | null): void {
  if (deploymentId !== null && !platform.deployment_ids.includes(deploymentId))
    throw new RefusalError("launch-failed", ltiText("no-such-deployment", { deployment: deploymentId.slice(0, 100) }));
}

/** A launch leads to this tool only, and where it leads from there is not in the address: it opens no other site. */
function isLaunchAddress(address: string, origin: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.origin === new URL(origin).origin && url.pathname === LAUNCH_PATH;
}

function launchResponse(opened: OpenedLaunch) {
  const { course, role, kind } = opened;
  const { id: courseId, name } = course;
  const into = { role, courseId, course: name, lesson: null, recordingId: null, examination: null };
  if (kind === "deep-linking") return { ...into, kind };
  const { id, title, code } = kind === "examination" ? opened.exam : opened.lesson;
  if (kind === "examination") return { ...into, kind, examination: { id, title, code } };
  return { ...into, kind, lesson: { id, title, code }, recordingId: opened.recordingId };
}

function moveSessionRoute({ db, signIn }: LtiContext): ApiRoute {
  return route({
    id: "moveSession",
    method: "POST",
    path: "/lti/windows",
    tag: TAG,
    summary: "Begin a session in a window of its own, for the person of a launch in a frame; the session goes to a cookie",
    access: requires("people:write", ...EVERY_ROLE),
    // The ticket is nobody's.
    rights: ["--------", null],
    status: 204,
    answer: null,
    refusals: ["launch-failed", "refused-by-rule", "database-away"],
    handle: async ({ actor, credential, ...request }) => {
      if (actor.kind !== "user" || credential?.from !== "bearer")
        throw new RefusalError("refused-by-rule", ltiText("launches-only"));
      const providerId = await signIn.sessions.providerOf(credential.token);
      const user = await db
        .selectFrom("users")
        .selectAll()
        .where("id", "=", actor.id ?? "")
        .executeTakeFirst();
      if (providerId === null || !user) throw new RefusalError("refused-by-rule", ltiText("launches-only"));
      await activePlatform(db, providerId);
      const { headers } = await sessionAnswer(signIn, user, request, { asCookie: true, providerId });
      return { body: null, ...(headers ? { headers } : {}) };
    },
  });
}

/** The first value of each field; empty for none. */
function fieldsOf(form: string): (name: string) => string {
  const fields = new URLSearchParams(form);
  return (name) => fields.get(name) ?? "";
}
