/** What the reference of the API says of a route, and that Vue finds nothing of its own in the pages of all routes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wholeDocument } from "../packages/client/src/documented-routes.ts";
import { callExamples } from "./reference/calls.ts";
import { fieldsOf, type Schema, typeOf } from "./reference/fields.ts";
import { referencePages } from "./reference-pages.ts";

const SCHEMAS: Readonly<Record<string, Schema>> = {
  Folder: {
    type: "object",
    required: ["name"],
    properties: {
      name: { type: "string", maxLength: 200, description: "As people see it." },
      folders: { type: "array", items: { $ref: "#/components/schemas/Folder" }, maxItems: 5 },
    },
  },
};

test("fields are named by their place, with types in words; schemas that have themselves inside end", () => {
  const fields = fieldsOf({ $ref: "#/components/schemas/Folder" }, SCHEMAS);
  assert.deepEqual(fields.slice(0, 3), [
    { name: "name", type: "text, up to 200 characters", isRequired: true, description: "As people see it." },
    { name: "folders", type: "list of object, up to 5", isRequired: false, description: "" },
    { name: "folders[].name", type: "text, up to 200 characters", isRequired: true, description: "As people see it." },
  ]);
  const types: readonly (readonly [Schema, string])[] = [
    [{ enum: ["on", "off", null] }, '"on", "off" or null'],
    [{ type: "integer", minimum: 1, maximum: 1000 }, "whole number, 1 to 1000"],
    [{ type: "integer", minimum: -(2 ** 53 - 1), maximum: 2 ** 53 - 1 }, "whole number"],
    [{ anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] }, "time or null"],
    [{}, "any value"],
  ];
  for (const [schema, words] of types) assert.equal(typeOf(schema, {}), words);
});

test("a call is written for a shell, TypeScript and Python, with what the route needs", () => {
  const call = {
    method: "PATCH",
    path: "/api/v1/lessons/{id}",
    isOpen: false,
    body: { title: "It's", guests: true },
    bodyType: null,
  };
  const [[, , shell = ""] = [], [, , typescript = ""] = [], [, , python = ""] = []] = callExamples(call);
  assert.match(shell, /^curl -X PATCH \S+\/lessons\/ID \\\n {2}-H "Authorization: Bearer \$LECTERN_KEY"/);
  assert.match(shell, /'\{"title":"It'\\''s","guests":true\}'$/);
  assert.match(
    typescript,
    /PATCH\("\/api\/v1\/lessons\/\{id\}", \{\n {2}params: \{ path: \{ id \} \},\n {2}body: \{\n {4}title: "It's",/,
  );
  assert.match(python, /data=json\.dumps\(\{"title": "It's", "guests": True\}\)\.encode\(\)/);
});

test("each route and event has its part, and no text is a tag or an expression of Vue", () => {
  const document = wholeDocument() as never as Parameters<typeof referencePages>[0];
  const pages = referencePages(document);
  const whole = [...pages.values()].join("\n");
  const routes = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  const missing = routes.filter(({ operationId }) => !whole.includes(`{#${operationId.replace(/[^\w-]+/g, "-")}}`));
  assert.deepEqual(missing, []);
  for (const event of Object.keys(document.webhooks)) assert.ok(whole.includes(`## ${event} {#`), event);
  const prose = whole.replace(/```[\s\S]*?```/g, "").replace(/`[^`]*`/g, "");
  assert.deepEqual(prose.match(/\{\{|<(?!\/?(?:p|b|i|code)\b)/g), null);
});
