/** Requests of pulled channels: what is followed, what is told to whom, and their limits. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { publicOr } from "../../platform/public-address.ts";
import { GetError, type GetOptions, httpGetWhole, keptConnections } from "./http-get.ts";

const OPTIONS: GetOptions = { isAllowed: publicOr(["127.0.0.0/8"]), withinMs: 500, signal: new AbortController().signal };

async function serve(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  host = "127.0.0.1",
): Promise<string> {
  const server = createServer(answer).listen(0, host);
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `${host}:${typeof address === "object" && address ? address.port : 0}`;
}

const codeOf = async (url: string, options = OPTIONS, maxBytes = 100) =>
  await httpGetWhole(new URL(url), options, maxBytes, 500).then(
    ({ bytes }) => bytes.toString(),
    (error: unknown) => (error instanceof GetError ? error.problem.code : String(error)),
  );

test("redirects are followed, not for ever, and credentials go to their own server only", async (t) => {
  const seen: string[] = [];
  const other = await serve(
    t,
    ({ headers }, response) => {
      seen.push(`other ${headers.authorization ?? "-"}`);
      response.end("there");
    },
    "127.0.0.2",
  );
  const own = await serve(t, ({ url, headers }, response) => {
    seen.push(`own ${url} ${headers.authorization ?? "-"}`);
    const location = { "/a": "/b", "/b": `http://${other}/c`, "/loop": "/loop", "/ftp": "ftp://127.0.0.1/x" }[url ?? ""];
    response.writeHead(302, location ? { location } : {}).end();
  });
  assert.equal(await codeOf(`http://user:pass@${own}/a`), "there");
  const basic = `Basic ${Buffer.from("user:pass").toString("base64")}`;
  assert.deepEqual(seen, [`own /a ${basic}`, `own /b ${basic}`, "other -"]);
  assert.equal(await codeOf(`http://${own}/loop`), "unreachable");
  assert.equal(await codeOf(`http://${own}/ftp`), "not-allowed");
  assert.equal(await codeOf(`http://${own}/a`, { ...OPTIONS, isAllowed: publicOr(["127.0.0.1"]) }), "not-allowed");
});

test("statuses, silence and size have their problems", async (t) => {
  const host = await serve(t, ({ url = "" }, response) => {
    if (url === "/silent") return;
    if (url === "/half") return void response.writeHead(200, { "content-length": "50" }).write("x");
    response.writeHead(Number(url.slice(1)) || 200).end("x".repeat(200));
  });
  const found = await Promise.all(
    ["401", "403", "404", "410", "500", "silent", "half", "large"].map((path) => codeOf(`http://${host}/${path}`)),
  );
  assert.deepEqual(found, [
    "bad-credential",
    "bad-credential",
    "no-such-stream",
    "no-such-stream",
    "unreachable",
    "unreachable",
    "unreachable",
    "not-media",
  ]);
  assert.equal(await codeOf("http://127.0.0.1:1/"), "unreachable");
  assert.equal(await codeOf("http://127.0.0.1:1/", { ...OPTIONS, isAllowed: publicOr([]) }), "not-allowed");
  assert.equal(await codeOf("http://localhost:1/", { ...OPTIONS, isAllowed: publicOr([]) }), "not-allowed");
});

test("a source's connection is used again, and ends with it", async (t) => {
  const sockets = new Set<unknown>();
  const host = await serve(t, (request, response) => {
    sockets.add(request.socket);
    response.end(request.headers.range ?? "all");
  });
  const connections = keptConnections();
  for (const range of [null, { from: 5, length: 10 }])
    assert.equal(await codeOf(`http://${host}/`, { ...OPTIONS, connections, range }), range ? "bytes=5-14" : "all");
  assert.equal(sockets.size, 1);
  const closed = [...sockets].map((socket) => once(socket as IncomingMessage["socket"], "close"));
  connections.close();
  await Promise.all(closed);
});
