/** Provides deep linking: what a teacher chose goes back to the platform as a signed link (LTI Deep Linking 2.0, sections 2.2 and 4.5). */
import { z } from "zod";
import { RefusalError } from "../../../platform/api/server.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import { decryptToken, encryptToken } from "../../foundation/requests/encrypted-token.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import { LTI_VERSION } from "./claims.ts";
import type { OpenedLaunch } from "./launch.ts";
import type { LtiContext } from "./lti-context.ts";
import { originsOf } from "./platforms.ts";

const PURPOSE = "lti-deep-linking";
/** How long a teacher may take to choose. */
const TICKET_SECONDS = 3600;
const CLAIM = "https://purl.imsglobal.org/spec/lti/claim/";
const DEEP_LINKING_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/";
/** Attendance is a grade of one point: there or not. */
export const SCORE_MAXIMUM = 1;

const ticketShape = z.object({
  platformId: z.string(),
  deploymentId: z.string(),
  courseId: z.string(),
  userId: z.string(),
  returnUrl: z.string(),
  acceptsLineItem: z.boolean(),
  data: z.string().nullable(),
});
export type DeepLinkingTicket = z.output<typeof ticketShape>;

/** Platforms scale points to it: a percentage. */
export const EXAM_SCORE_MAXIMUM = 100;

/** What a link opens: a lesson, one of its recordings, or an examination. */
export type ChosenItem =
  | { readonly title: string; readonly lessonId: string; readonly recordingId: string | null }
  | { readonly title: string; readonly examinationId: string };

/**
 * What the choice comes back with; empty for other launches.
 * @throws RefusalError launch-failed, where the answer would go to an origin that is not the platform's
 */
export async function deepLinkingTicket(
  { flowSecret }: Pick<LtiContext, "flowSecret">,
  platform: LtiPlatform,
  opened: OpenedLaunch,
): Promise<string> {
  if (opened.kind !== "deep-linking") return "";
  const { launch, course, user } = opened;
  const { origin } = new URL(launch.returnUrl);
  // The pages' security policy lets forms go to these origins only.
  if (!originsOf(platform).includes(origin)) throw new RefusalError("launch-failed", ltiText("deep-linking-origin", { origin }));
  const { deploymentId, returnUrl, acceptsLineItem, data } = launch;
  const ticket = { platformId: platform.id, deploymentId, courseId: course.id, userId: user.id, returnUrl, acceptsLineItem, data };
  return await encryptToken(ticket, TICKET_SECONDS, { purpose: PURPOSE, secret: flowSecret() });
}

/** @throws RefusalError launch-failed, where the ticket is not ours or has expired */
export async function readTicket(token: string, secret: string): Promise<DeepLinkingTicket> {
  const { data } = ticketShape.safeParse(await decryptToken(token, { purpose: PURPOSE, secret }));
  if (!data) throw new RefusalError("launch-failed", ltiText("deep-linking-expired"));
  return data;
}

/** The answer to the platform, signed by the tool. */
export async function deepLinkingResponse(
  { signatures, toolKeys }: Pick<LtiContext, "signatures" | "toolKeys">,
  platform: LtiPlatform,
  ticket: DeepLinkingTicket,
  item: ChosenItem,
  origin: string,
): Promise<string> {
  const { custom, column } = linkOf(item);
  const content = {
    type: "ltiResourceLink",
    title: item.title,
    url: `${origin}/lti/launch`,
    custom,
    ...(column && platform.grades && ticket.acceptsLineItem ? { lineItem: { ...column, label: item.title } } : {}),
  };
  const claims = {
    iss: platform.client_id,
    aud: platform.issuer,
    nonce: crypto.randomUUID(),
    [`${CLAIM}deployment_id`]: ticket.deploymentId,
    [`${CLAIM}message_type`]: "LtiDeepLinkingResponse",
    [`${CLAIM}version`]: LTI_VERSION,
    [`${DEEP_LINKING_CLAIM}content_items`]: [content],
    ...(ticket.data === null ? {} : { [`${DEEP_LINKING_CLAIM}data`]: ticket.data }),
  };
  return await signatures.sign(claims, await toolKeys.signingKey());
}

/** What is put into a link, and the column of its grades; null: it has none. */
function linkOf(item: ChosenItem) {
  if ("examinationId" in item) {
    const { examinationId } = item;
    return { custom: { examination: examinationId }, column: { scoreMaximum: EXAM_SCORE_MAXIMUM, resourceId: examinationId } };
  }
  const { lessonId, recordingId } = item;
  if (recordingId !== null) return { custom: { recording: recordingId }, column: null };
  return { custom: { lesson: lessonId }, column: { scoreMaximum: SCORE_MAXIMUM, resourceId: lessonId } };
}
