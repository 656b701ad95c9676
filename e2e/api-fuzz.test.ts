/**
 * Calls every operation of the OpenAPI document with values of its schema, and with bent ones, as everybody who may call it: no answer is a 5xx,
 * and every answer is one that the document describes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { describeAccess } from "../packages/server/src/access/actor.ts";
import { openApiDocument } from "../packages/server/src/platform/api/openapi.ts";
import { resourceTables } from "./fresh-resources.ts";
import { runsAll, runsRare } from "./long-tests.ts";
import { type Known, type Schema, SchemaValues } from "./schema-values.ts";
import { type Answer, OPERATOR_TOKEN, PASSWORD } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { openWorld, type SchoolWorld } from "./school-world.ts";

/** Of each operation: most with `--all`. FUZZ_RUNS asks for more, with random values; the seed is then in the failure. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? (runsRare ? 25 : runsAll ? 12 : 8));
const SEED = process.env["FUZZ_RUNS"] ? {} : { seed: 20_261_121 };

type Parameter = { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Schema };
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
type Operation = {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, "method" | "path">>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
type Request = {
  readonly path: string;
  readonly as: string | null;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
};

/** The only 5xx that a request may cause: a system of others, which does not run here, gave no answer; all seats are taken. */
const EXPECTED: readonly unknown[] = ["provider-away", "lesson-full"];

/** What can be looked up is read first, what deletes comes last, so that there is something to find. */
const ORDER = ["POST", "PUT", "GET", "PATCH", "DELETE"];

function operationsOf({ paths }: Document): Operation[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
  return all.sort((a, b) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method));
}

/** Compiles the schema of each described answer. */
function answerChecks(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: "api", components: document.components });
  const compiled = new Map<string, ValidateFunction>();
  return (operation: Operation, { status, body, headers }: Answer): string | null => {
    if (status >= 500 && !EXPECTED.includes(body.code)) return `${status} ${JSON.stringify(body)}`;
    const described = operation.responses[status];
    if (!described) return `${status} is not described: ${JSON.stringify(body)}`;
    const type = String(headers["content-type"] ?? "").split(";")[0] ?? "";
    const content = described.content?.[type];
    if (!described.content) return body === "" ? null : `${status} has a body: ${JSON.stringify(body)}`;
    if (!content) return `${status} has the type "${type}"`;
    const key = `${operation.operationId} ${status} ${type}`;
    const schema = JSON.parse(JSON.stringify(content.schema).replaceAll('"#/components', '"api#/components'));
    const check = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, check);
    // The document has bytes as a text of binary format.
    return check(Buffer.isBuffer(body) ? body.toString("latin1") : body)
      ? null
      : `${status} does not fit: ${ajv.errorsText(check.errors)} ${JSON.stringify(body)}`;
  };
}

/**
 * Notes what the server gives, for later requests.
 * @param path of the operation: the ids of `/users` are those of fields named `userId`
 */
function harvest(value: unknown, known: Known, path: string): void {
  if (typeof value !== "object" || value === null) return;
  const ownId = `${path.split("/").at(-1)?.replace(/s$/, "")}Id`;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "object") harvest(inner, known, path);
    else if (typeof inner !== "string" || inner.length > 60) continue;
    else if (/^[0-9a-z]{26}$/.test(inner)) {
      const field = key === "id" ? ownId : key;
      const list = known.ids.get(field) ?? [];
      known.ids.set(field, list);
      remember(list, inner);
    } else if (/code|token|secret|slug|login|name|cursor|url|epoch/i.test(key)) remember(known.words, inner);
  }
}

/** The newest hundred. */
function remember(list: string[], value: string): void {
  if (list.includes(value)) return;
  list.push(value);
  if (list.length > 100) list.splice(20, 1);
}

function requestsTo(operation: Operation, values: SchemaValues, tokens: readonly (string | null)[]): fc.Arbitrary<Request> {
  const { parameters = [], requestBody } = operation;
  const ofPath = parameters.filter((parameter) => parameter.in === "path");
  const ofQuery = parameters.filter((parameter) => parameter.in === "query");
  const parametersOf = (of: readonly Parameter[]): Schema => ({
    type: "object",
    properties: Object.fromEntries(of.map(({ name, schema }) => [name, schema])),
    required: of.filter(({ required }) => required).map(({ name }) => name),
  });
  const content = Object.values(requestBody?.content ?? {})[0];
  const isCsv = Object.keys(requestBody?.content ?? {})[0] === "text/csv";
  return fc
    .record({
      path: values.bent(parametersOf(ofPath)),
      query: values.bent(parametersOf(ofQuery)),
      body: content ? fc.option(isCsv ? csv : values.bent(content.schema), { freq: 20, nil: undefined }) : fc.constant(undefined),
      as: fc.constantFrom(...tokens),
      ifMatch: fc.option(fc.constantFrom('"v1"', '"v2"', "*", "x", '"v99999999999"'), { freq: 2, nil: undefined }),
      key: fc.option(fc.constantFrom("k1", "k2", "é", "x".repeat(200)), { freq: 2, nil: undefined }),
      cookie: fc.option(fc.constantFrom("lectern-device=a.b.c", "lectern-device==;;", "=; x"), { freq: 2, nil: undefined }),
    })
    .map(({ path, query, body, as, ifMatch, key, cookie }) => {
      const filled = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => escaped(fieldOf(path, name)) || "x");
      const search = Object.entries(Object(query)).map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
      const headers = definedHeaders({
        "if-match": ifMatch,
        "idempotency-key": operation.method === "POST" ? key : undefined,
        cookie,
      });
      return { path: `${filled.replace("/api/v1", "")}${search.length > 0 ? `?${search.join("&")}` : ""}`, as, body, headers };
    });
}

const csv = fc.oneof(
  fc.constantFrom(
    "",
    "login,name\n",
    "login,name\na,b\n",
    "date,start,end,title\n0000-01-01,09:00,10:00,x\n",
    '"',
    "\0",
    "a,b\n\ufeff",
  ),
  fc.string({ maxLength: 80 }).map((text) => `login,name,role,password\nfuzz,${text},student,\n`),
);

function definedHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : value;
}

/** A value as a part of an address. Lone surrogates have no encoding; what a client would send for one stands in their place. */
function escaped(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  // URLs resolve these two before they are sent (RFC 3986, section 5.2.4): the address would be another one.
  if (text === "." || text === "..") return "%2E-";
  return text.isWellFormed() ? encodeURIComponent(text) : `%ED%A0%80${encodeURIComponent(text.toWellFormed())}`;
}

/** Adds new things of every kind to what is known, and signs people of several roles in: what one operation ends is there for the next. */
async function refurnish(world: SchoolWorld, known: Known): Promise<readonly (string | null)[]> {
  for (const [name, value] of Object.entries(await world.fresh())) {
    const list = known.ids.get(name) ?? [];
    if (name.endsWith("Id")) known.ids.set(name, [value, ...list.slice(0, 5)]);
    else if (!known.words.includes(value)) known.words.unshift(value);
  }
  known.ids.set("teacherId", [world.people.T]);
  known.words.splice(60);
  const people = await Promise.all((["A", "T", "U"] as const).map((letter) => world.signIn(letter, true)));
  return [...Array.from({ length: 5 }, () => OPERATOR_TOKEN), ...people, null, "nonsense"];
}

onPostgresFirst((open) => {
  test("no operation answers 5xx, whatever is sent, and every answer fits its description", async (t) => {
    const school = await open(t);
    const world = await openWorld(school.service.db, "fuzz", resourceTables(school.routes));
    const known: Known = { ids: new Map(), words: [PASSWORD, "live", "x"] };
    const document: Document = JSON.parse(JSON.stringify(openApiDocument(school.routes, describeAccess)));
    const check = answerChecks(document);
    const values = new SchemaValues(document.components.schemas, known);
    const faults: string[] = [];
    let calls = 0;
    const statuses = new Map<string, Set<number>>();
    for (const operation of operationsOf(document)) {
      const tokens = await refurnish(world, known);
      const seen = new Set<number>();
      statuses.set(operation.operationId, seen);
      const isCsv = Object.keys(operation.requestBody?.content ?? {})[0] === "text/csv";
      const property = fc.asyncProperty(requestsTo(operation, values, tokens), async ({ path, as, body, headers }) => {
        const sent = isCsv && body !== undefined ? { csv: String(body) } : { body };
        const answer = await school.call(operation.method, path, { as, headers, ...sent, ip: `10.0.0.${++calls % 250}` });
        harvest(answer.body, known, operation.path);
        seen.add(answer.status);
        assert.equal(check(operation, answer), null);
      });
      await fc.assert(property, { numRuns: RUNS, ...SEED }).catch((error: Error) => {
        faults.push(`${operation.method} ${operation.path}: ${error.message.split("\n").slice(1, 3).join(" ")}${error.cause}`);
      });
    }
    assert.deepEqual(faults, []);
    // A fuzz that reaches nothing shows nothing. Two thirds are done usually; many of the others need a proof that chance does not find.
    const reached = [...statuses.values()].filter((seen) => [...seen].some((status) => status < 300)).length;
    t.diagnostic(`${reached} of ${statuses.size} operations were done`);
    assert.ok(reached >= statuses.size * 0.5, `${reached} of ${statuses.size} operations were done: ${unreached(statuses)}`);
  });
});

function unreached(statuses: ReadonlyMap<string, ReadonlySet<number>>): string {
  return [...statuses].flatMap(([id, seen]) => ([...seen].some((status) => status < 300) ? [] : [`${id} ${[...seen]}`])).join("; ");
}
