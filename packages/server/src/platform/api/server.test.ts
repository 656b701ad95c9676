/** The API server: what its log says of a request that failed. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Writable } from "node:stream";
import { test } from "node:test";
import { pino } from "pino";
import { createApiServer } from "./server.ts";

test("the log names the route of a request that failed, and not its address, which may contain a token", async (t) => {
  const lines: string[] = [];
  const log = pino(
    new Writable({
      write: (line, _encoding, done) => {
        lines.push(String(line));
        done();
      },
    }),
  );
  const app = createApiServer({ log, createServer: (handler) => createServer(handler) });
  t.after(() => app.close());
  app.post("/password-resets/:token", async () => {
    throw new Error("broken");
  });
  const answer = await app.inject({ method: "POST", url: "/password-resets/s3cret?key=s3cret" });
  assert.equal(answer.statusCode, 500);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /"route":"\/password-resets\/:token"/);
  assert.doesNotMatch(lines[0] ?? "", /s3cret/);
});
