/**
 * Registers routes of the API. Each route declares its input and output once, in Zod; validation, types and the OpenAPI document follow from it.
 * The caller of `registerRoute` decides what the route's `access` means.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { hasTag } from "../entity-tag.ts";
import { type Language, languageOf } from "../messages/language.ts";
import { platformText } from "../messages/platform-texts.ts";
import type { RefusalCode } from "../refusal.ts";
import { normalText } from "../text.ts";
import type { BodyForm } from "./body-form.ts";
import { cookieValue } from "./cookies.ts";
import { PUBLIC_HEADER } from "./public-header.ts";
import { RefusalError, SCIM_JSON, UPLOAD_TYPE } from "./server.ts";
import { validationErrorsOf } from "./validation-errors.ts";

export const API_PREFIX = "/api/v1";

/** What proves who makes a request, before it is checked. */
export type RequestCredential = {
  readonly token: string;
  readonly from: "bearer" | "cookie";
  /** False for what a page asks by itself while nobody uses it, which does not keep the session alive. */
  readonly isActive: boolean;
};

/** A request whose input was validated. */
export type Call<Actor, Params, Query, Body> = {
  readonly actor: Actor;
  /** Null for a request without one. */
  readonly credential: RequestCredential | null;
  /** Whether the client reached this server by HTTPS. */
  readonly isSecure: boolean;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly ip: string;
  /** The value of a cookie (RFC 6265 section 5.4); null: the request has none of this name. */
  readonly cookie: (name: string) => string | null;
  /** The User-Agent header, truncated. */
  readonly agent: string;
  /** The language that the reader prefers. */
  readonly language: Language;
  /** The public origin of this server: `https://school.example`. */
  readonly origin: string;
  /** The version that a change replaces, from If-Match; null without the header. */
  readonly ifMatch: number | null;
  /** The header itself, of routes with a form of their own; null without it. */
  readonly ifMatchTags: string | null;
  readonly idempotencyKey: string | null;
  /** The value of Upload-Offset; null: the request has none, or no number. */
  readonly uploadOffset: number | null;
  /** Identifies the request for its idempotency key: the route and its input. */
  readonly fingerprint: string;
};

export type Answer<Body> = {
  /** Its `version`, if any, becomes the ETag, or begins it. */
  readonly body: Body;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
};

/** In place of an answer's body: the request was taken, and not done: it waits for something (RFC 9110 section 15.3.3). It is answered with 202. */
export class Accepted<Body> {
  readonly body: Body;

  constructor(body: Body) {
    this.body = body;
  }
}

type Type = z.ZodType;

export type RouteDefinition<Access, Actor, P extends Type, Q extends Type, B extends Type, R extends Type> = {
  /** The operation id, and the name of the client's method. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below /api/v1, with parameters as `:name`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  /** The table of the rows that the route is about; the last parameter of the path, if it has one, names one of them. */
  readonly table?: string;
  readonly params?: P;
  readonly query?: Q;
  /** A JSON body, or text where bodyType says so. */
  readonly body?: B;
  /** text/plain and parts of uploads are not read: the handler gets a stream of bytes, and bounds it. It has no part in what identifies a request. */
  readonly bodyType?: "text/csv" | "text/plain" | typeof UPLOAD_TYPE;
  /** Default: JSON, refused by problem details. */
  readonly form?: BodyForm;
  /** Bytes; default 1 MiB. Not for streams. */
  readonly bodyLimit?: number;
  readonly status: 200 | 201 | 202 | 204;
  /** Null for an empty answer. */
  readonly answer: R | null;
  /** The answer with 202, where the request may be taken without being done. Its description says why; `z.void()` for an empty answer. Default: it never is. */
  readonly accepted?: Type;
  /** A text; of text/plain, also a stream of bytes. Or the bytes of a picture; of image/* and of any kind, the answer's `content-type` names its kind. */
  readonly answerType?:
    | "text/calendar; charset=utf-8"
    | "text/csv; charset=utf-8"
    | "text/plain; charset=utf-8"
    | "application/samlmetadata+xml"
    | "image/webp"
    | "image/*"
    | "*/*"
    | "application/pdf";
  /**
   * Everybody without a credential gets the same answer, and gets it again for this many milliseconds. It may depend on the address only. Media
   * workers then answer most of these requests by themselves.
   */
  readonly publicMs?: number;
  /** Takes Idempotency-Key. */
  readonly creates?: boolean;
  /** Takes If-Match. */
  readonly changes?: boolean;
  /** In addition to those of every route: bad-request, not-signed-in, bad-credential, too-many and internal-error. */
  readonly refusals: readonly RefusalCode[];
  readonly handle: (call: Call<Actor, z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer<z.input<R> | Accepted<unknown>>>;
};

/** A route without its own types, for lists of routes. */
export type Route<Access, Actor> = Omit<RouteDefinition<Access, Actor, Type, Type, Type, Type>, "handle"> & {
  readonly handle: (call: Call<Actor, never, never, never>) => Promise<Answer<unknown>>;
};

export type RouteHost<Access, Actor> = {
  /** The actor of a request. @throws RefusalError when the credential is wrong, or the actor may not use the route */
  readonly admit: (request: FastifyRequest, access: Access) => Promise<Actor>;
  /** The credential of a request. @throws RefusalError cross-site-request */
  readonly credentialOf: (request: FastifyRequest) => RequestCredential | null;
  readonly isSecure: (request: FastifyRequest) => boolean;
  readonly ipOf: (request: FastifyRequest) => string;
  readonly originOf: (request: FastifyRequest) => string;
};

/** 96 bits. */
const ETAG_LETTERS = 16;
const MAX_AGENT = 256;
const MAX_KEY = 128;

export function registerRoute<Access, Actor>(
  app: FastifyInstance,
  route: Route<Access, Actor>,
  host: RouteHost<Access, Actor>,
): void {
  app.route({
    method: route.method,
    url: API_PREFIX + route.path,
    ...(route.bodyLimit ? { bodyLimit: route.bodyLimit } : {}),
    ...(route.form ? { config: { bodyForm: route.form } } : {}),
    handler: async (request, reply) => {
      const actor = await host.admit(request, route.access);
      const params = read("path", route.params, request.params);
      const query = read("query", route.query, request.query);
      const sent = bodyOf(request, route);
      const body = sent instanceof Readable ? sent : read("body", route.body, sent);
      const call = {
        actor,
        credential: host.credentialOf(request),
        isSecure: host.isSecure(request),
        params,
        query,
        body,
        ip: host.ipOf(request),
        cookie: (name: string) => cookieValue(request.headers.cookie, name),
        agent: (request.headers["user-agent"] ?? "").slice(0, MAX_AGENT),
        language: languageOf(request.headers["accept-language"]),
        origin: host.originOf(request),
        ifMatch: route.changes && !route.form ? ifMatchOf(request) : null,
        ifMatchTags: request.headers["if-match"] ?? null,
        idempotencyKey: idempotencyKeyOf(request),
        uploadOffset: uploadOffsetOf(request),
        fingerprint: JSON.stringify(
          [route.id, params ?? null, query ?? null, sent instanceof Readable ? null : (body ?? null)],
          withoutPassword,
        ),
      };
      const answer = await route.handle(call as Call<Actor, never, never, never>);
      const publicMs = call.credential === null ? (route.publicMs ?? 0) : 0;
      return send(reply, route, answer, { publicMs, condition: request.headers["if-none-match"] });
    },
  });
}

/** A password is no part of what identifies a request: it would be stored with the request's idempotency key. */
function withoutPassword(field: string, value: unknown): unknown {
  return field === "password" ? undefined : value;
}

type SendOptions = {
  /** 0: the answer is for the sender of the request only. */
  readonly publicMs: number;
  /** If-None-Match of the request. */
  readonly condition: string | undefined;
};

function send<Access, Actor>(
  reply: FastifyReply,
  route: Route<Access, Actor>,
  answer: Answer<unknown>,
  { publicMs, condition }: SendOptions,
): FastifyReply {
  const isAccepted = answer.body instanceof Accepted;
  reply.status(isAccepted ? 202 : route.status).header("cache-control", "no-store");
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
  const body = isAccepted ? answer.body.body : answer.body;
  const version = versionOf(body);
  if (version !== null) reply.header("etag", `"v${version}"`);
  const shape = isAccepted ? route.accepted : route.answer;
  if (!shape || shape instanceof z.ZodVoid) return reply.send();
  // The schema drops every field that it does not name.
  const checked = shape.parse(body);
  if (route.form) return sendForm(reply, route.form, checked, condition);
  // An answer that a browser is led to is a file, not a page (OWASP ASVS 4.0, 14.4.2).
  if (!reply.hasHeader("content-disposition") && route.answerType === undefined)
    reply.header("content-disposition", 'attachment; filename="answer.json"');
  if (route.answerType === "image/*" || route.answerType === "*/*") return reply.send(checked);
  if (route.answerType) return reply.type(route.answerType).send(checked);
  const text = JSON.stringify(checked);
  if (route.method === "GET") {
    const etag = entityTag(text, version);
    reply.header("etag", etag);
    // A browser keeps what others get too, and asks each time whether it still holds (RFC 9111 section 5.2.2.4).
    if (publicMs > 0) reply.headers({ "cache-control": "private, no-cache", [PUBLIC_HEADER]: String(publicMs) });
    if (condition !== undefined && hasTag(condition, etag)) return reply.removeHeader("content-disposition").status(304).send();
  }
  return reply.type("application/json; charset=utf-8").send(text);
}

/** The handler has set the tag, if there is one. */
function sendForm(reply: FastifyReply, { type }: BodyForm, body: unknown, condition: string | undefined): FastifyReply {
  const etag = reply.getHeader("etag");
  if (condition !== undefined && typeof etag === "string" && hasTag(condition, etag)) return reply.status(304).send();
  return reply.type(type).send(JSON.stringify(body));
}

/** The tag of an answer's text (RFC 9110 section 8.8.3). It begins with the version, if any, because an answer has more than what has the version. */
function entityTag(text: string, version: number | null): string {
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, ETAG_LETTERS);
  return version === null ? `"${hash}"` : `"v${version}.${hash}"`;
}

function bodyOf<Access, Actor>(request: FastifyRequest, route: Route<Access, Actor>): unknown {
  if (!route.body) {
    if (request.body === undefined || request.body === null) return undefined;
    if (typeof request.body === "object" && Object.keys(request.body).length === 0) return undefined;
    throw new RefusalError("bad-request", platformText("no-body"));
  }
  const type = typeOf(request);
  const isScim = request.headers["content-type"]?.toLowerCase().startsWith(SCIM_JSON) && route.form?.type !== SCIM_JSON;
  const isOther = type !== route.bodyType && (request.body !== undefined || isStreamed(route.bodyType));
  if (isOther || isScim)
    throw new RefusalError("unsupported-media-type", platformText("body-type", { type: route.bodyType ?? "application/json" }));
  return request.body ?? {};
}

function typeOf({ body, headers }: FastifyRequest): string | undefined {
  const type = headers["content-type"]?.toLowerCase() ?? "";
  // JSON can be a string, too.
  if (!(body instanceof Readable)) return typeof body === "string" && type.startsWith("text/csv") ? "text/csv" : undefined;
  return type.startsWith(UPLOAD_TYPE) ? UPLOAD_TYPE : "text/plain";
}

function isStreamed(type: string | undefined): boolean {
  return type === "text/plain" || type === UPLOAD_TYPE;
}

function read(place: "path" | "query" | "body", schema: Type | undefined, sent: unknown): unknown {
  if (!schema) return undefined;
  const text = normalText(sent);
  if ("badText" in text) throw unreadableText(place, text.badText.join("."));
  const { value } = text;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = validationErrorsOf(schema, value);
  const [first] = mistakes;
  const where = platformText(`in-${place}`);
  const mistake = first?.message ?? platformText("unknown-field");
  const field = first?.path ?? "";
  const message =
    field === "" ? platformText("mistake", { where, mistake }) : platformText("field-mistake", { where, field, mistake });
  throw new RefusalError("bad-request", message, mistakes);
}

function unreadableText(place: "path" | "query" | "body", field: string): RefusalError {
  const mistake = platformText("bad-text");
  const where = platformText(`in-${place}`);
  const message =
    field === "" ? platformText("mistake", { where, mistake }) : platformText("field-mistake", { where, field, mistake });
  // The path is in the answer, and must be text itself.
  return new RefusalError("bad-request", message, [{ path: field.toWellFormed(), message: mistake }]);
}

/** RFC 9110 section 13.1.1. A tag of another form cannot be one of ours. */
function ifMatchOf({ headers }: FastifyRequest): number | null {
  const value = headers["if-match"];
  if (value === undefined || value === "*") return null;
  const version = /^"v(\d{1,9})(?:\.[\w-]+)?"$/.exec(value)?.[1];
  if (version === undefined) throw new RefusalError("precondition-failed", platformText("if-match"));
  return Number(version);
}

/** tus 1.0, core protocol. */
function uploadOffsetOf({ headers }: FastifyRequest): number | null {
  const value = headers["upload-offset"];
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const value = headers["idempotency-key"];
  if (value === undefined) return null;
  if (typeof value !== "string" || value.length === 0 || value.length > MAX_KEY)
    throw new RefusalError("bad-request", platformText("idempotency-key", { max: MAX_KEY }));
  return value;
}

function versionOf(body: unknown): number | null {
  const version: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "version") : null;
  return typeof version === "number" ? version : null;
}
