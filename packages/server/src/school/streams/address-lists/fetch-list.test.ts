/** Fetches of address lists over HTTP. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { textIn } from "../../../platform/messages/message.ts";
import { FetchFailed, fetchList } from "./fetch-list.ts";

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The text of a list; else why there is none, or that it is unchanged. */
async function fetched(url: string, options: Partial<Parameters<typeof fetchList>[0]> = {}): Promise<string> {
  try {
    const result = await fetchList({ url, validators: {}, allowPrivate: true, signal: new AbortController().signal, ...options });
    if (result.kind === "unchanged") return "unchanged";
    const parts: Uint8Array[] = [];
    for await (const chunk of result.chunks) parts.push(chunk);
    return Buffer.concat(parts).toString();
  } catch (error) {
    assert.ok(error instanceof FetchFailed, String(error));
    return `failed: ${textIn("en", error.text)}`;
  }
}

test("redirects are followed, five of them, within the web and never from https to http", async (t) => {
  const url = await serve(t, ({ url: path = "" }, response) => {
    const [, count = "0", last = ""] = /^\/(\d+)(.*)$/.exec(path) ?? [];
    if (Number(count) > 0) return response.writeHead(302, { location: `/${Number(count) - 1}${last}` }).end();
    if (last !== "") return response.writeHead(307, { location: decodeURIComponent(last.slice(1)) }).end();
    response.end("192.0.2.1\n");
  });
  assert.equal(await fetched(`${url}/5`), "192.0.2.1\n");
  const told = "failed: The address leads to too many others, to no http address, or from https to http.";
  for (const path of ["/6", "/0/ftp%3A%2F%2Fx%2Fy", "/0/file%3A%2F%2F%2Fetc%2Fpasswd", "/0/http%3A%2F%2F"])
    assert.equal(await fetched(url + path), told, path);
});

test("private addresses are refused by name, by number and in brackets, before anything is sent", async (t) => {
  let requests = 0;
  const url = new URL(
    await serve(t, (_, response) => {
      requests++;
      response.end("192.0.2.1\n");
    }),
  );
  for (const host of ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
    assert.equal(
      await fetched(`http://${host}:${url.port}/list`, { allowPrivate: false }),
      "failed: The address leads into a private network.",
      host,
    );
  assert.equal(requests, 0);
});

test("what the server says of its content is sent back, and 304 counts only then", async (t) => {
  const url = await serve(t, ({ headers }, response) => {
    const isKnown = headers["if-none-match"] === '"a"' || headers["if-modified-since"] === "Mon, 23 Nov 2026 00:00:00 GMT";
    response.writeHead(isKnown || headers["user-agent"] === undefined ? 304 : 200).end(isKnown ? undefined : "192.0.2.1\n");
  });
  assert.equal(await fetched(url, { validators: { etag: '"a"' } }), "unchanged");
  assert.equal(await fetched(url, { validators: { lastModified: "Mon, 23 Nov 2026 00:00:00 GMT" } }), "unchanged");
  assert.equal(await fetched(url, { validators: { etag: '"b"' } }), "192.0.2.1\n");
  const always = await serve(t, (_, response) => response.writeHead(304).end());
  assert.equal(await fetched(always), "failed: The server answered with the status 304.");
});

test("a fetch that is ended fails, also while its content is read; compressed content is refused", async (t) => {
  const stop = new AbortController();
  const url = await serve(t, (_, response) => {
    response.write("192.0.2.1\n", () => setImmediate(() => stop.abort()));
  });
  assert.equal(await fetched(url, { signal: stop.signal }), "failed: The content did not arrive in time.");
  const zipped = await serve(t, (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x"));
  assert.equal(await fetched(zipped), "failed: The server cannot be reached (gzip).");
});
