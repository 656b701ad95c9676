/** The OpenAPI document: what programs that are generated from it rely on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { REFUSALS } from "../refusal.ts";
import { openApiDocument } from "./openapi.ts";
import type { Route } from "./route.ts";

function routeOf(id: string, answer: z.ZodType | null): Route<null, null> {
  const handle = async () => ({ body: null });
  return {
    id,
    method: "GET",
    path: `/${id}`,
    tag: "T",
    summary: "S",
    access: null,
    status: 200,
    answer,
    refusals: ["database-away"],
    handle,
  };
}

const versioned = z.object({ id: z.string(), version: z.int() }).meta({ id: "Thing" });
const document = JSON.parse(
  JSON.stringify(
    openApiDocument(
      [routeOf("thing", versioned), routeOf("list", z.object({ items: z.array(versioned) })), routeOf("nothing", null)],
      () => ({
        isOpen: true,
        scope: "",
      }),
    ),
  ),
);
const responsesOf = (id: string) => document.paths[`/api/v1/${id}`].get.responses;

test("the codes of refusals are an enum with all of them", () => {
  assert.deepEqual(document.components.schemas.Problem.properties.code.enum, Object.keys(REFUSALS).toSorted());
});

test("every answer of JSON to a GET has an ETag, which begins with the version if there is one, and may be 304", () => {
  assert.deepEqual(Object.keys(responsesOf("thing")[200].headers), ["ETag"]);
  assert.ok(new RegExp(responsesOf("thing")[200].headers.ETag.schema.pattern).test('"v12"'));
  assert.ok(new RegExp(responsesOf("thing")[200].headers.ETag.schema.pattern).test('"v12.abc-_d"'));
  assert.equal(responsesOf("list")[200].headers.ETag.schema.pattern, undefined);
  assert.ok(responsesOf("list")[304]);
  assert.equal(responsesOf("nothing")[304], undefined);
  assert.equal(responsesOf("nothing")[200].headers, undefined);
});

test("an answer that everybody without a credential gets has an ETag too", () => {
  const open = { ...routeOf("open", z.object({ items: z.array(versioned) })), publicMs: 500 };
  const { paths } = JSON.parse(JSON.stringify(openApiDocument([open], () => ({ isOpen: true, scope: "" }))));
  assert.deepEqual(Object.keys(paths["/api/v1/open"].get.responses[200].headers), ["ETag"]);
});

test("refusals that pass by themselves say when to try again", () => {
  for (const status of [429, 503]) assert.deepEqual(Object.keys(responsesOf("thing")[status].headers), ["Retry-After"]);
  assert.equal(responsesOf("thing")[400].headers, undefined);
});

test("the server is the one that gave the document", () => {
  assert.deepEqual(document.servers[0].url, "/");
});

test("a webhook has its headers and the body of its delivery", () => {
  const events = { "thing.made": z.object({ data: versioned }) };
  const { webhooks } = JSON.parse(JSON.stringify(openApiDocument([], () => ({ isOpen: true, scope: "" }), events)));
  const { parameters, requestBody } = webhooks["thing.made"].post;
  assert.deepEqual(
    parameters.map(({ name }: { name: string }) => name),
    ["Lectern-Event", "Lectern-Delivery", "Lectern-Signature"],
  );
  assert.equal(requestBody.content["application/json"].schema.properties.data.$ref, "#/components/schemas/Thing");
});
