/** The typed client against a running server. Its types are made of the routes, and checked with everything that uses them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lecternClient } from "../packages/client/src/index.ts";
import { sharedLectern } from "./fixtures.ts";
import { TOKEN } from "./lectern.ts";

test("a program makes a lesson, has somebody join it, and is told why when it may not", async () => {
  const server = await sharedLectern();
  const lectern = lecternClient({ url: server.http, token: TOKEN });
  const made = await lectern.POST("/api/v1/lessons", { body: { title: "Algebra", mode: "broadcast", record: false } });
  assert.ok(made.data, JSON.stringify(made.error));
  const { id, code } = made.data;
  const guest = lecternClient({ url: server.http });
  const joined = await guest.POST("/api/v1/lessons/{lessonId}/join", {
    params: { path: { lessonId: code ?? "" } },
    body: { name: "Anna" },
  });
  assert.match(joined.data?.play?.flv ?? "", /\.flv\?expires=\d+&viewer=\w+&sign=[0-9a-f]{64}$/);
  const refused = await guest.GET("/api/v1/lessons/{lessonId}", { params: { path: { lessonId: id } } });
  assert.deepEqual([refused.response.status, refused.error?.code], [401, "not-signed-in"]);
  const list = await lectern.GET("/api/v1/lessons", { params: { query: { state: "scheduled" } } });
  assert.deepEqual(
    list.data?.items.map((lesson) => lesson.title),
    ["Algebra"],
  );
});

test("the server shows the document and its pages", async () => {
  const server = await sharedLectern();
  const response = await fetch(`${server.http}/api/v1/openapi.json`);
  const document: { openapi: string; paths: Record<string, Record<string, { operationId: string }>> } = JSON.parse(
    await response.text(),
  );
  assert.equal(document.openapi, "3.1.0");
  for (const [path, methods] of Object.entries(document.paths))
    for (const { operationId } of Object.values(methods)) assert.ok(operationId, path);
  const page = await fetch(`${server.http}/api/docs`);
  assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  for (const [, file = ""] of (await page.text()).matchAll(/(?:src|href)="([^"]+)"/g))
    assert.equal((await fetch(new URL(file, page.url))).status, 200, file);
});
