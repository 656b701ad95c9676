/** The API server: what its log says of a request that failed. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Writable } from "node:stream";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import { createApiServer, RefusalError } from "./server.ts";

/** A server whose log is in `lines`. */
function logged(t: TestContext) {
  const lines: string[] = [];
  const log = pino(
    new Writable({
      write: (line, _encoding, done) => {
        lines.push(String(line));
        done();
      },
    }),
  );
  const app = createApiServer({ log, createServer: (handler) => createServer(handler), ipOf: () => "192.0.2.7" });
  t.after(() => app.close());
  return { app, lines };
}

test("the log names the route of a request that failed, and not its address, which may contain a token", async (t) => {
  const { app, lines } = logged(t);
  app.post("/password-resets/:token", async () => {
    throw new Error("broken");
  });
  const answer = await app.inject({ method: "POST", url: "/password-resets/s3cret?key=s3cret" });
  assert.equal(answer.statusCode, 500);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /"route":"\/password-resets\/:token"/);
  assert.doesNotMatch(lines[0] ?? "", /s3cret/);
});

test("the log has who was refused and what, at most 20 lines a second, and no mistakes of honest clients", async (t) => {
  const { app, lines } = logged(t);
  app.get("/secrets/:secret", async () => {
    throw new RefusalError("refused-by-rule");
  });
  app.get("/missing", async () => {
    throw new RefusalError("not-found");
  });
  await app.inject("/missing");
  assert.deepEqual(lines, []);
  await app.inject("/secrets/s3cret");
  const { code, method, route, ip, msg } = JSON.parse(lines[0] ?? "");
  assert.deepEqual([code, method, route, ip, msg], ["refused-by-rule", "GET", "/secrets/:secret", "192.0.2.7", "request refused"]);
  for (let i = 0; i < 500; i++) await app.inject("/secrets/s3cret");
  assert.ok(lines.length < 250, `${lines.length} lines for 500 requests`);
  assert.doesNotMatch(lines.join(), /s3cret/);
});
