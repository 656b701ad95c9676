/**
 * Makes a collection for HTTP clients of an OpenAPI document: Postman Collection 2.1.0, which Postman, Bruno, Insomnia, Hoppscotch and Yaak import. A folder a tag, a request a
 * route, with its variables and a body that has what must be there.
 */

type Json = { readonly [key: string]: unknown };
type Named = { readonly name: string; readonly in: string; readonly description?: string };
type Operation = {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly operationId: string;
  readonly security: readonly Json[];
  readonly parameters?: readonly Named[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
};
export type DescribedApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
};

const SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
const JSON_TYPE = "application/json";
/** Schemas contain themselves. */
const MAX_DEPTH = 6;

/** @param server its address, which the collection's variable `server` begins with */
export function postmanCollection({ paths, components }: DescribedApi, server: string): Json {
  const requests = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      tag: operation.tags[0] ?? "Others",
      request: requestOf(method, path, operation, components.schemas),
    })),
  );
  const folders = Map.groupBy(requests, ({ tag }) => tag);
  return {
    info: { name: "Lectern", description: "Set the variable `key` to an API key, or to a session's token.", schema: SCHEMA },
    auth: { type: "bearer", bearer: [{ key: "token", value: "{{key}}", type: "string" }] },
    variable: [
      { key: "server", value: server },
      { key: "key", value: "" },
    ],
    item: [...folders].map(([name, own]) => ({ name, item: own.map(({ request }) => request) })),
  };
}

function requestOf(method: string, path: string, operation: Operation, schemas: Readonly<Record<string, Json>>): Json {
  const { summary, operationId, security, parameters = [], requestBody } = operation;
  const named = (where: string) => parameters.filter((one) => one.in === where);
  const described = ({ name, description }: Named): Json => ({ key: name, value: "", ...(description ? { description } : {}) });
  // `:name` is a path variable there.
  const parts = path
    .slice(1)
    .replace(/\{(\w+)\}/g, ":$1")
    .split("/");
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const raw = type === JSON_TYPE && content ? JSON.stringify(exampleOf(content.schema, schemas), null, 2) : "";
  return {
    name: summary,
    request: {
      method: method.toUpperCase(),
      description: operationId,
      ...(security.length === 0 ? { auth: { type: "noauth" } } : {}),
      header: type === undefined ? [] : [{ key: "Content-Type", value: type }],
      url: {
        raw: `{{server}}/${parts.join("/")}`,
        host: ["{{server}}"],
        path: parts,
        variable: named("path").map(described),
        query: named("query").map((one) => ({ ...described(one), disabled: true })),
      },
      ...(type === undefined
        ? {}
        : { body: { mode: "raw", raw, options: { raw: { language: type === JSON_TYPE ? "json" : "text" } } } }),
    },
  };
}

/** A value with the properties that must be there. */
export function exampleOf(schema: Json, schemas: Readonly<Record<string, Json>>, depth = 0): unknown {
  const { $ref, const: constant, enum: values, default: usual, type, anyOf, oneOf, allOf } = schema;
  if (typeof $ref === "string") {
    const named = schemas[$ref.slice($ref.lastIndexOf("/") + 1)];
    return named && depth < MAX_DEPTH ? exampleOf(named, schemas, depth + 1) : null;
  }
  if (constant !== undefined) return constant;
  if (usual !== undefined) return usual;
  if (Array.isArray(values)) return values[0];
  const [first] = [anyOf, oneOf, allOf].flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []));
  if (first) return exampleOf(first, schemas, depth);
  switch (Array.isArray(type) ? type[0] : type) {
    case "object":
      return depth < MAX_DEPTH ? objectOf(schema, schemas, depth) : {};
    case "array":
      return [];
    case "string":
      return schema["format"] === "date-time" ? "2027-01-15T09:00:00Z" : "";
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 0;
    case "boolean":
      return false;
    default:
      return null;
  }
}

function objectOf({ properties, required }: Json, schemas: Readonly<Record<string, Json>>, depth: number): Json {
  const all = Object.entries((properties ?? {}) as Readonly<Record<string, Json>>);
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.fromEntries(
    all.filter(([name]) => names.includes(name)).map(([name, property]) => [name, exampleOf(property, schemas, depth + 1)]),
  );
}
