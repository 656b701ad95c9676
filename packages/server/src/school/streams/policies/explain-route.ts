/** Serves the API route that explains what access rules would decide on a request, and why. */
import { isIP } from "node:net";
import { z } from "zod";
import { credentialsOf } from "../../../access/credentials/credentials.ts";
import type { ExplainedRequest, Explanation } from "../../../access/explanation.ts";
import { splitSignedPath } from "../../../access/links/schemes/foreign-token.ts";
import { signLink } from "../../../access/links/signed-link.ts";
import type { RuleDecision } from "../../../access/pipeline.ts";
import { RECORDINGS } from "../../../access/recording-access.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Language } from "../../../platform/messages/language.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { id, instant } from "../../foundation/requests/fields.ts";
import { requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { PolicyContext } from "./policy-context.ts";
import { checkVisible } from "./policy-targets.ts";
import { targetShape } from "./shapes.ts";

/** As metrics name them. */
const PROTOCOLS = ["rtmp", "flv", "ws", "hls", "whep", "srt", "mp4", "still"] as const;
const PROTOCOL_OF: Readonly<Record<string, Protocol>> = { ".m3u8": "hls", ".mp4": "mp4", ".jpg": "still" };
const MAX_TEXT = 2048;
/** How long the link is valid that a person would have got. */
const LINK_SECONDS = 3600;

const body = z
  .strictObject({
    action: z.enum(["play", "publish"]).default("play"),
    protocol: z
      .enum(PROTOCOLS)
      .optional()
      .describe(
        "Default: that of the address, where its ending or scheme tells; else rtmp to publish, and hls to watch. still: an image of the stream.",
      ),
    url: z
      .string()
      .max(MAX_TEXT)
      .optional()
      .describe("The address that was opened, with its link: /live/NAME.flv?…, /vod/ID.m3u8?…"),
    lessonId: id.optional().describe("Instead of an address: the lesson's stream."),
    viewer: z.string().max(200).optional().describe("With lessonId: as if this person had joined, and got the lesson's link."),
    ip: z.string().refine((value) => isIP(value) !== 0, policyText.key("address")),
    referer: z.string().max(MAX_TEXT).nullable().default(null).describe("The page that contains the player."),
    userAgent: z.string().max(MAX_TEXT).nullable().default(null),
    at: instant.optional().describe("When; now by default."),
  })
  .refine(({ url, lessonId }) => (url === undefined) !== (lessonId === undefined), policyText.key("url-or-lesson"));

const decision = z.object({
  rule: z.string(),
  source: targetShape.nullable().describe("The policy that has the rule; null for the rules that always hold."),
  mode: z.enum(["enforce", "dry-run"]),
  decision: z.string().describe("allow, pass, skip (it does not apply), or the code of a refusal."),
  detail: z.string().nullable(),
});
const answer = z.object({
  allowed: z.boolean(),
  code: z.string().nullable().describe("Of the refusal; null where the request is let in."),
  detail: z.string().nullable(),
  rule: z.string().nullable().describe("The rule that refuses."),
  place: z.object({ country: z.string(), province: z.string(), city: z.string(), carrier: z.string() }).nullable(),
  decisions: z.array(decision).describe("Of every rule, in their order, also of those after a refusal."),
});

export function explainRoute({ db, explain, linkSecret }: PolicyContext): ApiRoute {
  return route({
    id: "explainAccess",
    method: "POST",
    path: "/policies/explain",
    tag: "Policies",
    summary: "Explain what would be decided on a request, by which rule, and where that rule comes from",
    access: requires("policies:read", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    body,
    status: 200,
    answer,
    refusals: ["bad-request", "not-found", "database-away"],
    handle: async ({ actor, language, body }) => {
      const { action, url, lessonId, viewer, ip, referer, userAgent, at } = body;
      const asked = url === undefined ? await ofLesson(db, lessonId ?? "", viewer ?? null, linkSecret()) : ofAddress(url);
      const target =
        "recording" in asked.of
          ? ({ level: "recording", id: asked.of.recording } as const)
          : ({ level: "stream", id: `${asked.of.app}/${asked.of.name}` } as const);
      await checkVisible(db, actor, target);
      const client = { ip, referer, userAgent, host: asked.host };
      const { of, credentials } = asked;
      const when = at === undefined ? Date.now() : Date.parse(at);
      const protocol = body.protocol ?? (action === "publish" ? "rtmp" : (asked.protocol ?? "hls"));
      return { body: responseOf(await explain({ action, protocol, of, client, credentials, at: when }), language) };
    },
  });
}

type ExplainedAddress = Pick<ExplainedRequest, "of" | "credentials"> & {
  readonly host: string | null;
  /** Null: the address does not tell. */
  readonly protocol: Protocol | null;
};

type Protocol = (typeof PROTOCOLS)[number];

/** @throws RefusalError bad-request */
function ofAddress(address: string): ExplainedAddress {
  const base = "http://unknown.invalid";
  const url = URL.canParse(address, base) ? new URL(address, base) : null;
  const signed = url && splitSignedPath(url.pathname);
  const [, app = "", name = ""] =
    /^\/([A-Za-z0-9_-]+)\/([A-Za-z0-9_~@-]+)(?:[./].*)?$/.exec(signed?.pathname ?? url?.pathname ?? "") ?? [];
  if (!url || app === "") throw new RefusalError("bad-request", policyText("no-stream-address"));
  const credentials = credentialsOf(url.searchParams, undefined, signed?.token ?? null);
  const host = address.startsWith("/") ? null : url.hostname;
  return { of: app === RECORDINGS ? { recording: name } : { app, name }, credentials, host, protocol: protocolOf(url) };
}

function protocolOf({ protocol: scheme, pathname }: URL): Protocol | null {
  if (/^rtmps?:$/.test(scheme)) return "rtmp";
  if (pathname.endsWith(".flv")) return /^wss?:$/.test(scheme) ? "ws" : "flv";
  return PROTOCOL_OF[/\.[a-z0-9]+$/.exec(pathname)?.[0] ?? ""] ?? null;
}

/** @throws RefusalError not-found */
async function ofLesson(db: Db, lessonId: string, viewer: string | null, secret: string): Promise<ExplainedAddress> {
  const lesson = await db.selectFrom("lessons").select(["stream_app", "stream_name"]).where("id", "=", lessonId).executeTakeFirst();
  if (!lesson) throw new RefusalError("not-found", policyText("no-target"));
  const of = { app: lesson.stream_app, name: lesson.stream_name };
  const expires = Math.floor(Date.now() / 1000) + LINK_SECONDS;
  const query = viewer === null ? new URLSearchParams() : signLink({ ...of, expires, viewer }, secret);
  return { of, credentials: credentialsOf(query), host: null, protocol: null };
}

function responseOf({ refusal, decisions, place }: Explanation, language: Language): z.output<typeof answer> {
  return {
    allowed: refusal === null,
    code: refusal?.code ?? null,
    detail: refusal?.problem(language).detail ?? null,
    rule: refusal?.rule ?? null,
    place,
    decisions: decisions.map((one) => decisionOf(one, language)),
  };
}

function decisionOf({ rule, decision: made, of }: RuleDecision, language: Language): z.output<typeof decision> {
  const isRefusal = made instanceof Refusal;
  return {
    rule,
    source: of?.source ?? null,
    mode: of?.rule.mode ?? "enforce",
    decision: isRefusal ? made.code : made,
    detail: isRefusal ? made.problem(language).detail : null,
  };
}
