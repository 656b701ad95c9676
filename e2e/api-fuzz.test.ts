/**
 * Calls every operation of the OpenAPI document with values of its schema, and with bent ones, as everybody who may call it: no answer is a 5xx,
 * and every answer is one that the document describes.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { openApiDocument } from "../packages/server/src/platform/api/openapi.ts";
import { runsAll } from "./long-tests.ts";
import { type Known, type Schema, SchemaValues } from "./schema-values.ts";
import { type Answer, OPERATOR_TOKEN, PASSWORD, type TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";

/** Of each operation. Under --all they are random, and the seed is in the failure. */
const RUNS = runsAll ? 400 : 25;
const SEED = runsAll ? {} : { seed: 20_261_121 };

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
    if (status >= 500) return `${status}`;
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
    return check(body) ? null : `${status} does not fit: ${ajv.errorsText(check.errors)} ${JSON.stringify(body)}`;
  };
}

/** Notes what the server gives, for later requests. */
function harvest(value: unknown, known: Known): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "object") harvest(inner, known);
    else if (typeof inner !== "string" || inner.length > 60) continue;
    else if (/^[0-9a-z]{26}$/.test(inner)) remember(known.ids, inner);
    else if (/code|token|secret|slug|login|name|cursor|url|epoch/i.test(key)) remember(known.words, inner);
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
  const fields = (of: readonly Parameter[]) => Object.fromEntries(of.map(({ name, schema }) => [name, values.bent(schema)]));
  const content = Object.values(requestBody?.content ?? {})[0];
  const isCsv = Object.keys(requestBody?.content ?? {})[0] === "text/csv";
  return fc
    .record({
      path: fc.record(fields(ofPath), { noNullPrototype: true }),
      query: fc.record(fields(ofQuery), { requiredKeys: ofQuery.filter(({ required }) => required).map(({ name }) => name) }),
      body: content ? fc.option(isCsv ? csv : values.bent(content.schema), { freq: 20, nil: undefined }) : fc.constant(undefined),
      as: fc.constantFrom(...tokens),
      ifMatch: fc.option(fc.constantFrom('"v1"', '"v2"', "*", "x", '"v99999999999"'), { freq: 2, nil: undefined }),
      key: fc.option(fc.constantFrom("k1", "k2", "é", "x".repeat(200)), { freq: 2, nil: undefined }),
      cookie: fc.option(fc.constantFrom("lectern-device=a.b.c", "lectern-device==;;", "=; x"), { freq: 2, nil: undefined }),
    })
    .map(({ path, query, body, as, ifMatch, key, cookie }) => {
      const filled = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => escaped(Reflect.get(path, name)) || "x");
      const search = Object.entries(query).map(([name, value]) => `${name}=${escaped(value)}`);
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

/** A value as a part of an address. Lone surrogates have no encoding; what a client would send for one stands in their place. */
function escaped(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.isWellFormed() ? encodeURIComponent(text) : `%ED%A0%80${encodeURIComponent(text.toWellFormed())}`;
}

/** A school with something of every kind, and people of every role. */
async function furnish({ ok, person }: TestSchool): Promise<{ known: Known; tokens: (string | null)[] }> {
  const known: Known = { ids: [], words: [PASSWORD, "live", "x"] };
  const keep = async (method: string, path: string, body?: unknown) => {
    const answer = await ok(method, path, body === undefined ? {} : { body });
    harvest(answer, known);
    return answer;
  };
  const { items } = await keep("GET", "/schools");
  const schoolId: string = items[0].id;
  const people = await Promise.all(["administrator", "teacher", "student"].map((role) => person(schoolId, role)));
  known.ids.push(...people.map(({ id }) => id));
  const course = await keep("POST", "/courses", { name: "Maths" });
  await keep("POST", "/lessons", { title: "Fractions", courseId: course.id, teacherId: people[1]?.id });
  await keep("POST", "/lessons", { title: "Open", startsAt: "2026-11-20T09:00:00Z" });
  return { known, tokens: [OPERATOR_TOKEN, ...people.map(({ token }) => token), null, "nonsense"] };
}

onEachDatabase((open) => {
  test("no operation answers 5xx, whatever is sent, and every answer fits its description", async (t) => {
    const school = await open(t);
    const { known, tokens } = await furnish(school);
    const document: Document = JSON.parse(JSON.stringify(openApiDocument(school.routes, (access) => access === "everybody")));
    const check = answerChecks(document);
    const values = new SchemaValues(document.components.schemas, known);
    const faults: string[] = [];
    const statuses = new Map<string, Set<number>>();
    for (const operation of operationsOf(document)) {
      const seen = new Set<number>();
      statuses.set(operation.operationId, seen);
      const isCsv = Object.keys(operation.requestBody?.content ?? {})[0] === "text/csv";
      const property = fc.asyncProperty(requestsTo(operation, values, tokens), async ({ path, as, body, headers }) => {
        const sent = isCsv && body !== undefined ? { csv: String(body) } : { body };
        const answer = await school.call(operation.method, path, { as, headers, ...sent, ip: `10.0.${known.ids.length}.1` });
        harvest(answer.body, known);
        seen.add(answer.status);
        assert.equal(check(operation, answer), null);
      });
      await fc.assert(property, { numRuns: RUNS, ...SEED }).catch((error: Error) => {
        faults.push(`${operation.method} ${operation.path}: ${error.message.split("\n").slice(1, 3).join(" ")}${error.cause}`);
      });
    }
    assert.deepEqual(faults, []);
    // A fuzz that reaches nothing shows nothing.
    const reached = [...statuses.values()].filter((seen) => [...seen].some((status) => status < 300)).length;
    assert.ok(reached >= statuses.size * 0.7, `${reached} of ${statuses.size} operations were done: ${unreached(statuses)}`);
  });
});

function unreached(statuses: ReadonlyMap<string, ReadonlySet<number>>): string {
  return [...statuses].flatMap(([id, seen]) => ([...seen].some((status) => status < 300) ? [] : [`${id} ${[...seen]}`])).join("; ");
}
