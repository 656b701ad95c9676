/** What HTTP asks of every route: tags of answers, types of bodies, and methods. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import { z } from "zod";
import { noteMethods } from "./allowed-methods.ts";
import { type Route, registerRoute } from "./route.ts";
import { createApiServer } from "./server.ts";

const thing = z.object({ name: z.string(), version: z.int() });

function serve(t: TestContext, routes: readonly Partial<Route<null, null>>[]) {
  const app = createApiServer({ log: pino({ level: "silent" }), createServer: (handler) => createServer(handler) });
  t.after(() => app.close());
  const refuseOtherMethods = noteMethods(app);
  const defaults = { id: "x", method: "GET", path: "/things/:id", tag: "T", summary: "S", access: null } as const;
  for (const route of routes)
    registerRoute<null, null>(
      app,
      { ...defaults, status: 200, answer: thing, refusals: [], handle: async () => ({ body: null }), ...route },
      {
        admit: async () => null,
        credentialOf: () => ({ token: "", from: "bearer", isActive: true }),
        isSecure: () => false,
        ipOf: () => "",
        originOf: () => "",
      },
    );
  refuseOtherMethods();
  return app;
}

test("an answer that did not change is 304 for its tag, and one that changed under the same version is sent", async (t) => {
  let name = "a";
  const app = serve(t, [{ handle: async () => ({ body: { name, version: 3 } }) }]);
  const first = await app.inject("/api/v1/things/1");
  const etag = String(first.headers.etag);
  assert.match(etag, /^"v3\.[\w-]{16}"$/);
  const ask = (condition: string) => app.inject({ url: "/api/v1/things/1", headers: { "if-none-match": condition } });
  const again = await ask(etag);
  assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, "", etag]);
  assert.equal((await ask('"other"')).statusCode, 200);
  // For instance the failures of a webhook, which its version does not count.
  name = "b";
  assert.equal((await ask(etag)).statusCode, 200);
});

test("If-Match takes the tag of a GET and the one of a change", async (t) => {
  const seen: (number | null)[] = [];
  const app = serve(t, [
    {
      method: "PATCH",
      changes: true,
      handle: async ({ ifMatch }) => {
        seen.push(ifMatch);
        return { body: { name: "a", version: 4 } };
      },
    },
  ]);
  for (const tag of ['"v3.abcdefgh-_123456"', '"v3"']) {
    const answer = await app.inject({ method: "PATCH", url: "/api/v1/things/1", headers: { "if-match": tag } });
    assert.equal(answer.headers.etag, '"v4"');
  }
  assert.deepEqual(seen, [3, 3]);
});

test("a body without a type, or of one that is not taken, is 415", async (t) => {
  const body = z.strictObject({ name: z.string() });
  const app = serve(t, [{ method: "POST", body, handle: async () => ({ body: { name: "a", version: 1 } }) }]);
  const statusOf = async (type: string | null) => {
    const headers: Record<string, string> = type === null ? {} : { "content-type": type };
    const answer = await app.inject({ method: "POST", url: "/api/v1/things/1", headers, payload: Buffer.from('{"name":"a"}') });
    return [answer.statusCode, answer.json().code];
  };
  for (const type of [null, "application/x-www-form-urlencoded", "text/csv", "text/plain"])
    assert.deepEqual(await statusOf(type), [415, "unsupported-media-type"], String(type));
  assert.deepEqual(await statusOf("application/json"), [200, undefined]);
  const text = await app.inject({
    method: "POST",
    url: "/api/v1/things/1",
    headers: { "content-type": "application/json" },
    payload: '"a"',
  });
  assert.equal(text.statusCode, 400);
});

test("a method that an address does not have is 405 with those that it has, also where another address has a parameter there", async (t) => {
  const app = serve(t, [
    {},
    { id: "y", method: "DELETE", path: "/things/:thingId" },
    { id: "z", method: "POST", path: "/things/import" },
  ]);
  const ask = async (method: "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS", url: string) => {
    const { statusCode, headers } = await app.inject({ method, url: `/api/v1/things/${url}`, payload: "x" });
    return [statusCode, headers["allow"]];
  };
  assert.deepEqual(await ask("PUT", "1"), [405, "DELETE, GET, HEAD, OPTIONS"]);
  assert.deepEqual(await ask("GET", "import"), [405, "OPTIONS, POST"]);
  assert.deepEqual(await ask("HEAD", "import"), [405, "OPTIONS, POST"]);
  assert.deepEqual(await ask("PUT", "a%20b?c=d/e"), [405, "DELETE, GET, HEAD, OPTIONS"]);
  assert.deepEqual(await ask("OPTIONS", "1"), [204, "DELETE, GET, HEAD, OPTIONS"]);
  assert.deepEqual(await ask("GET", "1/2"), [404, undefined]);
});
