/** Makes a question to a back end of a rule of kind `back-end` and what is known of a request. Requests that would be told the same have one question. */
import { createHash } from "node:crypto";
import { Refusal } from "../../platform/refusal.ts";
import { signBody } from "../../platform/secrets.ts";
import {
  BACK_END_FACTS,
  type BackEndFact,
  type BackEndRule,
  type EffectiveRule,
  nameOfTarget,
  type PolicyTarget,
} from "../policies/access-policy.ts";
import { plainName } from "../policies/stream-policy.ts";
import type { AccessSubject } from "../rules/rule.ts";

/** What a client has told when it was admitted: later requests of an HLS session do not repeat it. */
export type SharedFacts = { readonly query: string; readonly referer: string | null; readonly userAgent: string | null };

export type BackEndQuestion = {
  /** The same for requests that would be told the same. */
  readonly key: string;
  /** The school's id, or the operator: questions of one do not hold up those of another. */
  readonly owner: string;
  readonly rule: BackEndRule;
  /** May lead into private networks: only operators have set the rule. */
  readonly isOperators: boolean;
  readonly facts: Readonly<Partial<Record<BackEndFact, string | null>>>;
};

/** What is sent over HTTP. */
export type EncodedQuestion = {
  readonly url: URL;
  readonly method: BackEndRule["method"];
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for GET and HEAD. */
  readonly body: string;
};

/** Longer parameters are refused without a question: servers answer them with errors of many kinds. */
export const MAX_QUERY = 4096;
const MAX_FACT = 1024;
const MAX_PLAIN_KEY = 200;
const OPERATOR = "operator";
const AGENT = "Lectern-Access/1";
/** Parameters that tell this server how to play, and not who watches. A trace differs each time, and would let no answer be used twice. */
const OF_PLAYERS = /[?&](?:delay|onlyaudio|onlyvideo|time_delay|start|end|download|traceparent)=[^&]*/g;
const RESERVED = new Set<string>(["action", ...BACK_END_FACTS].map(plainParameter));

/** @param told where the client's own request does not say it: of the session that stands for it */
export function questionOf(
  of: EffectiveRule & { readonly rule: BackEndRule },
  subject: AccessSubject,
  told: SharedFacts,
): BackEndQuestion {
  const { rule, source } = of;
  const isOperators = source.level === "installation";
  const owner = isOperators ? OPERATOR : ownerOf(source, subject);
  const facts = Object.fromEntries(rule.sends.map((fact) => [fact, factOf(fact, subject, told)]));
  return { key: keyOf(rule, owner, Object.values(facts)), owner, rule, isOperators, facts };
}

/** What the client itself says now. */
export function sharedBy({ client, credentials }: Pick<AccessSubject, "client" | "credentials">): SharedFacts {
  const { referer, userAgent } = client;
  const query = credentials.query.replace(OF_PLAYERS, "").replace(/^&/, "?");
  return { query, referer: referer && cut(referer), userAgent: userAgent && cut(userAgent) };
}

export function isTooLong({ facts }: BackEndQuestion): boolean {
  return (facts.query?.length ?? 0) > MAX_QUERY;
}

/**
 * GET and HEAD carry everything in the query of the address, POST as JSON. Parameters of the viewer keep their names, but none of them can pass for
 * what the server says itself, nor replace a parameter of the rule's address.
 */
export function encodeQuestion({ rule, facts }: BackEndQuestion): EncodedQuestion {
  const { method, secret } = rule;
  const url = new URL(rule.url);
  const viewers = new URLSearchParams(facts.query ?? "");
  const { query: _query, ...own } = facts;
  const isPost = method === "POST";
  if (!isPost) {
    const reserved = new Set([...RESERVED, ...[...url.searchParams.keys()].map(plainParameter)]);
    for (const [name, value] of viewers) if (!reserved.has(plainParameter(name))) url.searchParams.append(name, value);
    for (const [name, value] of Object.entries({ action: rule.for, ...own })) url.searchParams.set(name, value ?? "");
  }
  const query = "query" in facts ? { query: Object.fromEntries(viewers) } : {};
  const body = isPost ? JSON.stringify({ action: rule.for, ...own, ...query }) : "";
  const signature = secret === "" ? {} : { "lectern-signature": signBody(isPost ? body : url.pathname + url.search, secret) };
  const content = isPost ? { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) } : {};
  return { url, method, headers: { "user-agent": AGENT, accept: "*/*", ...content, ...signature }, body };
}

function factOf(fact: BackEndFact, { app, name, client, protocol }: AccessSubject, told: SharedFacts): string | null {
  switch (fact) {
    case "stream":
      return `${app}/${plainName(name)}`;
    case "protocol":
      return protocol;
    case "ip":
      return client.ip;
    default:
      return told[fact];
  }
}

const prefixes = new WeakMap<BackEndRule, string>();

function keyOf(rule: BackEndRule, owner: string, facts: readonly (string | null)[]): string {
  const { for: action, url, method, sends, cacheSeconds, refusedCacheSeconds } = rule;
  const prefix = prefixes.get(rule) ?? hash(JSON.stringify([action, url, method, sends, cacheSeconds, refusedCacheSeconds]));
  prefixes.set(rule, prefix);
  const text = JSON.stringify(facts);
  return `${owner} ${prefix} ${text.length > MAX_PLAIN_KEY ? hash(text) : text}`;
}

/** The school; what belongs to none is by itself. */
function ownerOf(source: PolicyTarget, { lesson, recording }: AccessSubject): string {
  if (source.level === "school") return source.id;
  const school = recording?.schoolId ?? (lesson === null || lesson instanceof Refusal ? null : lesson.schoolId);
  return school ?? nameOfTarget(source);
}

/** A parameter's name as back ends read it: PHP reads `a.b`, `a b` and `a_b[]` as `a_b`. */
function plainParameter(name: string): string {
  return (name.trim().replace(/[. ]/g, "_").split("[")[0] ?? "").toLowerCase();
}

function cut(text: string): string {
  return text.slice(0, MAX_FACT).toWellFormed();
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
