/**
 * Writes into the grade book of a platform: columns and scores (LTI Assignment and Grade Services 2.0). The tool proves itself with a signed assertion
 * (1EdTech Security Framework 1.0, section 4.1; RFC 7523).
 */

import type { LtiLink, LtiPlatform } from "../../foundation/store/lti-tables.ts";
import { type OutboundRequest, outboundFetch } from "../../people/sign-on/protocol/outbound-fetch.ts";
import { LINE_ITEM_SCOPE, SCORE_SCOPE } from "./claims.ts";
import type { Signatures } from "./signatures.ts";
import type { ToolKeys } from "./tool-keys.ts";

const LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json";
const LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json";
const SCORE_TYPE = "application/vnd.ims.lis.v1.score+json";

export type GradeClientOptions = {
  readonly signatures: Pick<Signatures, "sign">;
  readonly toolKeys: Pick<ToolKeys, "signingKey">;
  /** Private networks that platforms may be in. */
  readonly networks: () => readonly string[];
};

/** What links to lessons and to examinations have. */
export type GradeLink = Pick<LtiLink, "link_id" | "line_item_url" | "line_items_url" | "grade_scopes">;
/** What the column is about. */
export type GradedThing = { readonly id: string; readonly title: string; readonly maximum: number };
export type Score = {
  /** The person, as the platform knows them. */
  readonly subject: string;
  readonly given: number;
  /** The platform scales to the maximum of its column. */
  readonly maximum: number;
  readonly isCompleted: boolean;
};

/** The platform said no to one score: the person left the course, for example. Trying again does not help. */
export class ScoreRefused extends Error {
  override readonly name = "ScoreRefused";
}

/** A token for the grade services that a link may use. @throws Error where the platform gives none */
export async function gradeToken(options: GradeClientOptions, platform: LtiPlatform, link: GradeLink): Promise<string> {
  const { signatures, toolKeys, networks } = options;
  const { client_id: client, grant_url: audience } = platform;
  const assertion = await signatures.sign({ iss: client, sub: client, aud: audience }, await toolKeys.signingKey());
  const scopes = [SCORE_SCOPE, LINE_ITEM_SCOPE].filter((scope) => link.grade_scopes.includes(scope));
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope: scopes.join(" "),
  });
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const answer = await outboundFetch(new URL(audience), { method: "POST", headers, body }, networks());
  if (!answer.ok) throw new Error(`token service: ${answer.status}`);
  const token = fieldOf(await answer.json(), "access_token");
  if (token === null) throw new Error("token service: no access_token");
  return token;
}

/** The column of a link: its own, one that is there already, or a new one. @throws Error where the link may have none */
export async function lineItemOf(
  options: GradeClientOptions,
  token: string,
  link: GradeLink,
  graded: GradedThing,
): Promise<string> {
  if (link.line_item_url !== null) return link.line_item_url;
  if (link.line_items_url === null || !link.grade_scopes.includes(LINE_ITEM_SCOPE))
    throw new Error("the platform lets no column be made");
  const url = new URL(link.line_items_url);
  url.searchParams.set("resource_link_id", link.link_id);
  const found = await ask(options, token, url, { method: "GET", headers: { accept: LINE_ITEMS_TYPE } });
  // An attempt before this one may have made it, and not heard the answer.
  const known = Array.isArray(found) ? found.find((item) => fieldOf(item, "resourceId") === graded.id) : undefined;
  const column = { label: graded.title, scoreMaximum: graded.maximum, resourceId: graded.id, resourceLinkId: link.link_id };
  const headers = { "content-type": LINE_ITEM_TYPE, accept: LINE_ITEM_TYPE };
  const made =
    known ?? (await ask(options, token, new URL(link.line_items_url), { method: "POST", headers, body: JSON.stringify(column) }));
  const id = fieldOf(made, "id");
  if (id === null || !URL.canParse(id)) throw new Error("the platform made a column without an address");
  return id;
}

/** @throws ScoreRefused where the platform takes no score for the person; Error where it should be tried again */
export async function postScore(
  options: GradeClientOptions,
  token: string,
  lineItem: string,
  { subject, given, maximum, isCompleted }: Score,
): Promise<void> {
  const url = new URL(lineItem);
  // Before the query, which Moodle's addresses have.
  url.pathname += "/scores";
  const score = {
    userId: subject,
    scoreGiven: given,
    scoreMaximum: maximum,
    activityProgress: isCompleted ? "Completed" : "Initialized",
    gradingProgress: "FullyGraded",
    timestamp: new Date().toISOString(),
  };
  await ask(options, token, url, { method: "POST", headers: { "content-type": SCORE_TYPE }, body: JSON.stringify(score) });
}

/** The JSON of an answer; null where it has none. @throws ScoreRefused, Error */
async function ask({ networks }: GradeClientOptions, token: string, url: URL, request: OutboundRequest): Promise<unknown> {
  const headers = { ...request.headers, authorization: `Bearer ${token}` };
  const answer = await outboundFetch(url, { ...request, headers }, networks());
  const text = await answer.text();
  // 401 and 403 concern the token, 429 the number of requests: they pass.
  const isFinal = answer.status >= 400 && answer.status < 500 && ![401, 403, 408, 429].includes(answer.status);
  if (isFinal) throw new ScoreRefused(`grade service: ${answer.status}`);
  if (!answer.ok) throw new Error(`grade service: ${answer.status}`);
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fieldOf(value: unknown, name: string): string | null {
  const field: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : null;
  return typeof field === "string" && field !== "" ? field : null;
}
