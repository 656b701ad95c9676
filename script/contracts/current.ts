/**
 * Collects the facts of this work tree: operations of the API and the bodies of webhooks from the OpenAPI document, kinds and signals of the room's
 * protocol, keys of the configuration, and the metrics that docs/operations.md names.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SIGNALS } from "@lectern/room";
import { KINDS } from "@lectern/room/test-kinds";
import { z } from "zod";
import { wholeDocument } from "../../packages/client/src/documented-routes.ts";
import { configSchema } from "../../packages/server/src/platform/config/schema.ts";
import { actionSchema, bodySchema } from "../../packages/server/src/school/classroom/field-schemas.ts";
import { addFact, addSchema, type Fact, type Facts, type Resolve, type Schema } from "./facts.ts";

/** SCIM answers in a type of its own (RFC 7644, section 3.1), which the first candidate described as the first of these. */
const JSON_TYPES = ["application/json", "application/scim+json"];

type Content = { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
type Operation = {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses?: Readonly<Record<string, Content>>;
};
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;
type Document = {
  readonly paths: Paths;
  readonly webhooks?: Paths;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

const OPERATIONS = join(import.meta.dirname, "../../docs/operations.md");
const COMPONENT = "#/components/schemas/";

export function currentFacts(): Facts {
  const facts = new Map<string, Fact>();
  addDocument(facts, wholeDocument() as never);
  addRoom(facts);
  addSchema(facts, "configuration <", jsonSchema(configSchema, "input"), false, () => undefined);
  addMetrics(facts, readFileSync(OPERATIONS, "utf8"));
  return facts;
}

/** The codes of refusals are one list, `refusal CODE`, and not repeated at each operation. */
function addDocument(facts: Map<string, Fact>, { paths, webhooks = {}, components }: Document): void {
  const resolve: Resolve = (reference) => components.schemas[reference.slice(COMPONENT.length)];
  for (const [path, operations] of Object.entries(paths))
    for (const [method, operation] of Object.entries(operations))
      addOperation(facts, `${method.toUpperCase()} ${path}`, operation, resolve);
  for (const [event, operations] of Object.entries(webhooks))
    for (const { requestBody } of Object.values(operations)) addContent(facts, `webhook ${event} >`, requestBody, true, resolve);
  for (const code of components.schemas["Problem"]?.properties?.["code"]?.enum ?? []) addFact(facts, `refusal ${code}`, [], false);
}

function addOperation(
  facts: Map<string, Fact>,
  name: string,
  { parameters = [], requestBody, responses = {} }: Operation,
  resolve: Resolve,
): void {
  addFact(facts, name, [], false);
  for (const { in: where, name: parameter, required, schema } of parameters)
    addSchema(facts, `${name} <${where}.${parameter}`, schema ?? {}, required ?? false, resolve);
  addContent(facts, `${name} <`, requestBody, requestBody?.required ?? false, resolve);
  for (const [status, response] of Object.entries(responses)) {
    if (!status.startsWith("2")) continue;
    addFact(facts, `${name} ${status}>`, [], true);
    addContent(facts, `${name} ${status}>`, response, true, resolve);
  }
}

function addContent(
  facts: Map<string, Fact>,
  place: string,
  content: Content | undefined,
  required: boolean,
  resolve: Resolve,
): void {
  for (const [type, { schema }] of Object.entries(content?.content ?? {}))
    addSchema(facts, JSON_TYPES.includes(type) ? place : `${place}${type} `, schema ?? {}, required, resolve);
}

function addRoom(facts: Map<string, Fact>): void {
  const nothing: Resolve = () => undefined;
  for (const kind of KINDS) {
    addSchema(facts, `room ${kind.kind} <`, jsonSchema(actionSchema(kind), "input"), true, nothing);
    for (const { key, kind: other = kind.kind, fields } of kind.entries)
      addSchema(facts, `room ${other} ${key ?? "passing"} >`, jsonSchema(bodySchema(fields), "output"), true, nothing);
  }
  for (const [name, { fields }] of Object.entries(SIGNALS))
    addSchema(facts, `room signal ${name} >`, jsonSchema(bodySchema(fields), "output"), true, nothing);
}

/** The names and labels in backquotes: `lectern_publishers{protocol}`. */
function addMetrics(facts: Map<string, Fact>, page: string): void {
  for (const [, name = "", labels] of page.matchAll(/`(lectern_\w+)(?:\{([\w,]+)\})?`/g)) {
    addFact(facts, `metric ${name} >`, [], true);
    for (const label of labels?.split(",") ?? []) addFact(facts, `metric ${name} >${label}`, [], true);
  }
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Schema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }) as Schema;
}
