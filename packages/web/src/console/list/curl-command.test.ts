import assert from "node:assert/strict";
import { test } from "node:test";
import { curlCommand, listUrl } from "./curl-command.ts";

test("a list is a GET without a body, with the parameters that are set", () => {
  const url = listUrl("https://school.example", "/lessons", { search: "a b", state: "", courseId: undefined });
  assert.equal(
    curlCommand({ method: "GET", url }),
    `curl -H "Authorization: Bearer $TOKEN" 'https://school.example/api/v1/lessons?search=a+b'`,
  );
  assert.equal(listUrl("https://school.example", "/keys", {}), "https://school.example/api/v1/keys");
});

test("a change has its method and body, quoted for the shell", () => {
  const command = curlCommand({ method: "PATCH", url: "https://x/api/v1/lessons/1", body: `{"title":"Anna's"}` });
  assert.equal(
    command,
    `curl -X PATCH -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d '{"title":"Anna'\\''s"}' 'https://x/api/v1/lessons/1'`,
  );
});
