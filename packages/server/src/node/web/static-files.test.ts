import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { DoorList } from "./door-list.ts";
import { staticFilesDoor } from "./static-files.ts";

const SCRIPT = `console.log("${"a".repeat(5000)}");\n`;

type Answer = { readonly status: number; readonly headers: IncomingMessage["headers"]; readonly body: Buffer };
type Ask = (path: string, headers?: Readonly<Record<string, string>>, method?: string) => Promise<Answer>;

/** A folder with a script, compressed in two ways, a style, and what nobody is to see. */
async function serve(t: TestContext): Promise<{ ask: Ask; directory: string }> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-files-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, "page-1a2b.js"), SCRIPT);
  writeFileSync(join(directory, "page-1a2b.js.br"), brotliCompressSync(SCRIPT));
  writeFileSync(join(directory, "page-1a2b.js.gz"), gzipSync(SCRIPT));
  writeFileSync(join(directory, "page.css"), "p { color: red }");
  writeFileSync(join(directory, "secret.key"), "secret");
  const door = staticFilesDoor([
    { path: "/assets/", directory, isImmutable: true },
    { path: "/docs/", directory, only: ["page.css"], isImmutable: false },
    { path: "/open/", directory, only: ["page.css"], isImmutable: false, keepSeconds: 300 },
    { path: "/missing/", directory: join(directory, "missing"), isImmutable: true },
  ]);
  const client = { ip: "127.0.0.1", isTls: false, isSecure: false, isFromNode: false };
  const list = new DoorList([door], {
    identify: () => client,
    admitRequest: () => true,
    admitConnection: () => true,
    admitHandshake: () => true,
    unheard: () => {},
  });
  const server = createServer((request, response) => list.handle(request, response, false));
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const ask: Ask = async (path, headers = {}, method = "GET") => {
    const [answer]: IncomingMessage[] = await once(get({ port, path, headers, method, agent: false }), "response");
    assert.ok(answer);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
  };
  return { ask, directory };
}

test("a client gets the shortest form that it accepts, and keeps it for a year", async (t) => {
  const { ask } = await serve(t);
  const inBrowser = await ask("/assets/page-1a2b.js", { "accept-encoding": "gzip, deflate, br, zstd" });
  assert.equal(inBrowser.headers["content-encoding"], "br");
  assert.equal(brotliDecompressSync(inBrowser.body).toString(), SCRIPT);
  assert.equal(inBrowser.headers["content-type"], "text/javascript; charset=utf-8");
  assert.equal(inBrowser.headers["cache-control"], "public, max-age=31536000, immutable");
  assert.equal(inBrowser.headers.vary, "accept-encoding");
  const zipped = await ask("/assets/page-1a2b.js", { "accept-encoding": "br;q=0, gzip;q=0.5" });
  assert.equal(zipped.headers["content-encoding"], "gzip");
  assert.equal(gunzipSync(zipped.body).toString(), SCRIPT);
  const plain = await ask("/assets/page-1a2b.js");
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.equal(plain.body.toString(), SCRIPT);
});

test("a client that has the file already gets no bytes; HEAD gets the headers alone", async (t) => {
  const { ask } = await serve(t);
  const { headers } = await ask("/docs/page.css");
  assert.equal(headers["cache-control"], "no-cache");
  for (const tag of [String(headers.etag), `"other", W/${headers.etag}`, "*"]) {
    const again = await ask("/docs/page.css", { "if-none-match": tag });
    assert.deepEqual([again.status, again.body.length], [304, 0], tag);
  }
  assert.equal((await ask("/docs/page.css", { "if-none-match": '"other"' })).status, 200);
  const head = await ask("/docs/page.css", {}, "HEAD");
  assert.deepEqual([head.status, head.headers["content-length"], head.body.length], [200, "16", 0]);
  assert.equal((await ask("/docs/page.css", {}, "DELETE")).status, 405);
});

test("nothing but the files of the folders can be asked for", async (t) => {
  const { ask } = await serve(t);
  for (const path of [
    "/assets/secret.key",
    "/assets/page-1a2b.js.br",
    "/assets/",
    "/assets/..%2fsecret.key",
    "/assets/%70age.css",
    "/assets//page.css",
    "/docs/page-1a2b.js",
    "/missing/page.css",
  ])
    assert.equal((await ask(path)).status, 404, path);
});

test("a file is read once, and one that cannot be read is tried again", async (t) => {
  const { ask, directory } = await serve(t);
  rmSync(join(directory, "page.css"));
  assert.equal((await ask("/assets/page.css")).status, 404);
  writeFileSync(join(directory, "page.css"), "p {}");
  assert.equal((await ask("/assets/page.css")).body.toString(), "p {}");
  rmSync(join(directory, "page.css"));
  assert.equal((await ask("/assets/page.css")).body.toString(), "p {}");
});

test("a file for pages of all origins that changes is kept for some minutes, and loaded by any page", async (t) => {
  const { ask } = await serve(t);
  const { headers } = await ask("/open/page.css", { origin: "https://school.example" });
  assert.deepEqual(
    [headers["cache-control"], headers["access-control-allow-origin"], headers["cross-origin-resource-policy"]],
    ["public, max-age=300", "*", "cross-origin"],
  );
  assert.equal((await ask("/open/page.css", { "if-none-match": String(headers.etag) })).status, 304);
});
