import assert from "node:assert/strict";
import { test } from "node:test";
import { type DescribedApi, exampleOf, postmanCollection } from "./postman-collection.ts";

const api: DescribedApi = {
  paths: {
    "/api/v1/things/{thingId}": {
      get: {
        tags: ["Things"],
        summary: "Get a thing",
        operationId: "getThing",
        security: [{ bearer: [] }],
        parameters: [
          { name: "thingId", in: "path" },
          { name: "limit", in: "query", description: "At most." },
        ],
      },
    },
    "/api/v1/sessions": {
      post: {
        tags: ["Sessions"],
        summary: "Sign in",
        operationId: "signIn",
        security: [],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/SignIn" } } } },
      },
    },
  },
  components: {
    schemas: {
      SignIn: {
        type: "object",
        required: ["login", "kind"],
        properties: { login: { type: "string" }, kind: { enum: ["password", "code"] }, more: { type: "string" } },
      },
      Tree: { type: "object", required: ["left"], properties: { left: { $ref: "#/components/schemas/Tree" } } },
    },
  },
};

test("a collection has a folder a tag and a request a route, with variables of its path and a body of what must be there", () => {
  const { item, variable, auth } = JSON.parse(JSON.stringify(postmanCollection(api, "https://school.example")));
  assert.deepEqual(
    item.map(({ name }: { name: string }) => name),
    ["Things", "Sessions"],
  );
  assert.deepEqual(variable[0], { key: "server", value: "https://school.example" });
  assert.equal(auth.type, "bearer");
  const [{ request: get }] = item[0].item;
  assert.deepEqual(get.url, {
    raw: "{{server}}/api/v1/things/:thingId",
    host: ["{{server}}"],
    path: ["api", "v1", "things", ":thingId"],
    variable: [{ key: "thingId", value: "" }],
    query: [{ key: "limit", value: "", description: "At most.", disabled: true }],
  });
  const [{ request: post }] = item[1].item;
  assert.deepEqual([post.method, post.auth], ["POST", { type: "noauth" }]);
  assert.deepEqual(JSON.parse(post.body.raw), { login: "", kind: "password" });
});

test("a schema that contains itself ends", () => {
  assert.equal(typeof exampleOf({ $ref: "#/components/schemas/Tree" }, api.components.schemas), "object");
});
