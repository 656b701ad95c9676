/** Generates the OpenAPI 3.1 document from the routes. */
import { z } from "zod";
import { REFUSALS, type RefusalCode } from "../refusal.ts";
import { API_PREFIX, type Route } from "./route.ts";

type Json = { [key: string]: unknown };

const EVERY_ROUTE: readonly RefusalCode[] = ["bad-request", "too-many", "internal-error"];
/** A credential is checked where none is needed, too. */
const OPEN: readonly RefusalCode[] = ["bad-credential", "refused-by-rule"];
/** The idempotency key of another request. */
const CREATING: readonly RefusalCode[] = ["conflict"];
const SIGNED_IN: readonly RefusalCode[] = ["not-signed-in", ...OPEN];

const VERSION_HEADER = {
  description: "The version, for If-Match (RFC 9110, section 8.8.3).",
  schema: { type: "string", pattern: '^"v\\d+"$' },
};
const PUBLIC_HEADERS = {
  ETag: {
    description: "For If-None-Match (RFC 9110, section 13.1.2); in answers to requests without a credential.",
    schema: { type: "string" },
  },
};
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

export function openApiDocument<Access, Actor>(
  routes: readonly Route<Access, Actor>[],
  describe: (access: Access) => DescribedAccess,
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
    components: { schemas, securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  };
}

function operation<Access, Actor>(route: Route<Access, Actor>, { isOpen: open, scope }: DescribedAccess, schemas: Json): Json {
  const parameters = [
    ...parametersIn("path", route.params, schemas),
    ...parametersIn("query", route.query, schemas),
    ...(route.creates ? [header("Idempotency-Key", "The same key with the same request gives the first answer again.")] : []),
    ...(route.changes ? [header("If-Match", "The ETag of what is changed; refused when somebody changed it since.")] : []),
  ];
  const refusals = new Set([...EVERY_ROUTE, ...(open ? OPEN : SIGNED_IN), ...(route.creates ? CREATING : []), ...route.refusals]);
  const responses: Json = { [route.status]: answerOf(route, schemas) };
  for (const code of refusals) {
    const { status } = REFUSALS[code];
    const codes = [...refusals].filter((other) => REFUSALS[other].status === status);
    responses[status] = {
      description: codes.join(", "),
      ...(status === 429 || status === 503 ? { headers: { "Retry-After": RETRY_HEADER } } : {}),
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
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
  const type = route.answerType?.split(";")[0] ?? "application/json";
  const headers = route.publicMs
    ? { headers: PUBLIC_HEADERS }
    : hasVersion(route.answer)
      ? { headers: { ETag: VERSION_HEADER } }
      : {};
  return { description: "Done.", ...headers, content: { [type]: { schema: schemaOf(route.answer, "output", schemas) } } };
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
