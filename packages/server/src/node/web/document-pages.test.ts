import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fastify from "fastify";
import { documentPages } from "./document-pages.ts";

function siteOf(context: TestContext, files: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), "documents-"));
  context.after(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, "assets"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  const app = fastify();
  documentPages(app, directory);
  return app;
}

test("a page has its name as its address, and a policy under which nothing of other origins runs", async (context) => {
  const app = siteOf(context, { "index.html": "first", "teachers.html": "for teachers", "assets/app.d43qb10q.js": "1" });
  assert.equal((await app.inject("/docs")).headers.location, "/docs/");
  assert.equal((await app.inject("/docs/")).body, "first");
  const page = await app.inject("/docs/teachers");
  assert.equal(page.body, "for teachers");
  assert.match(String(page.headers["content-security-policy"]), /default-src 'none'; script-src 'self';/);
  assert.equal(page.headers["cache-control"], "no-cache");
  assert.match(String((await app.inject("/docs/assets/app.d43qb10q.js")).headers["cache-control"]), /immutable/);
});

test("no address leads out of the folder", async (context) => {
  const app = siteOf(context, { "index.html": "first" });
  for (const address of ["/docs/../package.json", "/docs/%2e%2e/%2e%2e/etc/passwd", "/docs/..%2f..%2fetc/passwd"])
    assert.ok((await app.inject(address)).statusCode >= 400, address);
});

test("without a site people are told how it is made", async () => {
  const app = fastify();
  documentPages(app, "/nonexistent");
  const answer = await app.inject("/docs/teachers");
  assert.ok(answer.statusCode >= 400);
  assert.match(answer.body, /not-found|script\/docs/);
});
