/** Generates the OpenAPI 3.1 document from the routes. */
import { z } from "zod";
import { REFUSALS, type RefusalCode } from "../refusal.ts";
import { API_PREFIX, type Route } from "./route.ts";

type Json = { [key: string]: unknown };

const EVERY_ROUTE: readonly RefusalCode[] = ["bad-request", "too-many", "internal-error"];
const WITH_BODY: readonly RefusalCode[] = ["unsupported-media-type"];
/** A credential is checked where none is needed, too. */
const OPEN: readonly RefusalCode[] = ["bad-credential", "refused-by-rule"];
/** The idempotency key of another request. */
const CREATING: readonly RefusalCode[] = ["conflict"];
const SIGNED_IN: readonly RefusalCode[] = ["not-signed-in", ...OPEN];

const VERSION_HEADER = {
  description: "The version, for If-Match, and with GET also for If-None-Match (RFC 9110, section 8.8.3).",
  schema: { type: "string", pattern: '^"v\\d+(\\.[\\w-]+)?"$' },
};
const TAG_HEADER = {
  description: "For If-None-Match (RFC 9110, section 13.1.2).",
  schema: { type: "string" },
};
const UNCHANGED = { description: "The answer is the one that If-None-Match names.", headers: { ETag: TAG_HEADER } };
const RETRY_HEADER = {
  description: "Seconds until the request may be repeated (RFC 9110, section 10.2.3).",
  schema: { type: "integer", minimum: 0 },
};

const PROBLEM = {
  type: "object",
  description: "RFC 9457. `code` is stable: docs/errors.md lists all of them.",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: {
      type: "string",
      enum: Object.keys(REFUSALS).toSorted(),
      description: "New codes may be added; treat an unknown one by its status.",
    },
    detail: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "message"],
        properties: { path: { type: "string" }, message: { type: "string" } },
      },
    },
  },
};

/** What the document says about the access to a route. */
export type DescribedAccess = { readonly isOpen: boolean; readonly scope: string };

/** @param webhooks the bodies of the server's own requests, by the name of their event */
export function openApiDocument<Access, Actor>(
  routes: readonly Route<Access, Actor>[],
  describe: (access: Access) => DescribedAccess,
  webhooks: Readonly<Record<string, z.ZodType>> = {},
): Json {
  const schemas: Json = { Problem: PROBLEM };
  const paths: { [path: string]: Json } = {};
  for (const route of routes) {
    const path = API_PREFIX + route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, describe(route.access), schemas) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Lectern",
      version: "1",
      description:
        "Schools, people, lessons and live streams. Sign in with `POST /api/v1/sessions`, or use an API key, as a bearer token.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    // Relative to the document: the server that it was read from.
    servers: [{ url: "/", description: "This server." }],
    paths,
    webhooks: Object.fromEntries(Object.entries(webhooks).map(([event, body]) => [event, webhook(event, body, schemas)])),
    components: { schemas, securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  };
}

/** A request of the server to a receiver of webhooks: docs/api.md, Webhooks. */
function webhook(event: string, body: z.ZodType, schemas: Json): Json {
  const required = (name: string, description: string) => ({ ...header(name, description), required: true });
  return {
    post: {
      summary: `${event} happened`,
      parameters: [
        required("Lectern-Event", "The event."),
        required("Lectern-Delivery", "The delivery's id, which stays the same in retries."),
        required("Lectern-Signature", "t=UNIX,v1=HEX: HMAC-SHA256 of t, a dot and the body, with the webhook's secret."),
      ],
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "output", schemas) } } },
      responses: { "2XX": { description: "Taken. After any other answer, and without one, the delivery is repeated." } },
    },
  };
}

function operation<Access, Actor>(route: Route<Access, Actor>, { isOpen: open, scope }: DescribedAccess, schemas: Json): Json {
  const parameters = [
    ...parametersIn("path", route.params, schemas),
    ...parametersIn("query", route.query, schemas),
    ...(route.creates ? [header("Idempotency-Key", "The same key with the same request gives the first answer again.")] : []),
    ...(route.changes ? [header("If-Match", "The ETag of what is changed; refused when somebody changed it since.")] : []),
    ...(isTagged(route) ? [header("If-None-Match", "The ETag of an earlier answer; 304 while it is the same.")] : []),
  ];
  const refusals = new Set([
    ...EVERY_ROUTE,
    ...(route.body ? WITH_BODY : []),
    ...(open ? OPEN : SIGNED_IN),
    ...(route.creates ? CREATING : []),
    ...route.refusals,
  ]);
  const responses: Json = {
    [route.status]: answerOf(route, schemas),
    ...(route.accepted ? { 202: waitingAnswerOf(route.accepted, schemas) } : {}),
    ...(isTagged(route) ? { 304: UNCHANGED } : {}),
  };
  for (const code of refusals) {
    const { status } = REFUSALS[code];
    const codes = [...refusals].filter((other) => REFUSALS[other].status === status);
    responses[status] = {
      description: codes.join(", "),
      ...(status === 429 || status === 503 ? { headers: { "Retry-After": RETRY_HEADER } } : {}),
      content: {
        "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        ...(route.form ? { [route.form.type]: { schema: { type: "object" } } } : {}),
      },
    };
  }
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    "x-scope": scope,
    ...(open ? { security: [] } : { security: [{ bearer: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse({}).success,
            content: { [route.bodyType ?? "application/json"]: { schema: schemaOf(route.body, "input", schemas) } },
          },
        }
      : {}),
    responses,
  };
}

function answerOf<Access, Actor>(route: Route<Access, Actor>, schemas: Json): Json {
  if (!route.answer) return { description: "Done." };
  const type = route.answerType?.split(";")[0] ?? route.form?.type ?? "application/json";
  const tag = hasVersion(route.answer) ? VERSION_HEADER : isTagged(route) ? TAG_HEADER : null;
  return {
    description: "Done.",
    ...(tag ? { headers: { ETag: tag } } : {}),
    content: { [type]: { schema: schemaOf(route.answer, "output", schemas) } },
  };
}

function waitingAnswerOf(accepted: z.ZodType, schemas: Json): Json {
  const description = accepted.description ?? "Taken, and not done yet: it waits for somebody's approval.";
  if (accepted instanceof z.ZodVoid) return { description };
  return { description, content: { "application/json": { schema: schemaOf(accepted, "output", schemas) } } };
}

/** Whether `registerRoute` sends a tag of the answer, and answers If-None-Match. */
function isTagged<Access, Actor>({ method, answer, answerType }: Route<Access, Actor>): boolean {
  return method === "GET" && answer !== null && answerType === undefined;
}

/** Whether an answer has a version, which `registerRoute` sends as its ETag. */
function hasVersion(answer: z.ZodType): boolean {
  return answer instanceof z.ZodObject && "version" in answer.shape;
}

function parametersIn(where: "path" | "query", schema: z.ZodType | undefined, schemas: Json): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input", schemas) as {
    properties?: { [name: string]: Json };
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description ? { description } : {}),
    schema: rest,
  }));
}

function header(name: string, description: string): Json {
  return { name, in: "header", required: false, description, schema: { type: "string" } };
}

/** A JSON schema; named ones go to the document's components. */
function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: Json): Json {
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json & { $defs?: Json };
  for (const [name, definition] of Object.entries($defs)) schemas[name] ??= relocateReferences(definition);
  const { id, ...rest } = own;
  if (typeof id !== "string") return relocateReferences(rest) as Json;
  schemas[id] ??= relocateReferences(rest);
  return { $ref: `#/components/schemas/${id}` };
}

function relocateReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocateReferences);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !(key === "id" && typeof inner === "string"))
      .map(([key, inner]) => [
        key,
        key === "$ref" && typeof inner === "string"
          ? inner.replace("#/$defs/", "#/components/schemas/")
          : relocateReferences(inner),
      ]),
  );
}
