/** Questions to schools' own checks: which answers are taken, and which addresses are out of reach. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { postCheck } from "./post-check.ts";

async function ask(t: TestContext, answer: (response: ServerResponse) => void, allowPrivate = true, withinMs = 5000) {
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
  const signal = AbortSignal.timeout(withinMs);
  return await postCheck({ id: "c1", event: "check.text", body: "{}", url, secret: "secret", allowPrivate, signal });
}

test("an answer has an action; a mask has the text that others see; other fields do no harm", async (t) => {
  const of = (body: object) => ask(t, (response) => response.end(JSON.stringify(body)));
  assert.deepEqual(await of({ action: "pass", score: 0.1 }), { action: "pass" });
  assert.deepEqual(await of({ action: "mask", text: " a*b " }), { action: "mask", text: "a*b" });
  for (const bad of [{ action: "mask" }, { action: "mask", text: " " }, { action: "delete" }, {}, []])
    await assert.rejects(of(bad));
});

test("other statuses, redirects, long answers and what is no JSON are no answers", async (t) => {
  const pass = JSON.stringify({ action: "pass" });
  await assert.rejects(
    ask(t, (response) => response.writeHead(202).end(pass)),
    /status 202/,
  );
  await assert.rejects(
    ask(t, (response) => response.writeHead(302, { location: "/" }).end(pass)),
    /status 302/,
  );
  await assert.rejects(
    ask(t, (response) => response.end(`${" ".repeat(20_000)}${pass}`)),
    /too large/,
  );
  await assert.rejects(
    ask(t, (response) => response.end("pass")),
    /JSON/,
  );
});

test("text that no database takes is no answer", async (t) => {
  for (const bad of ["a\\u0000b", "\\ud800"])
    for (const body of [`{"action":"mask","text":"${bad}"}`, `{"action":"hold","reason":"${bad}"}`, `{"action":"pass","${bad}":1}`])
      await assert.rejects(
        ask(t, (response) => response.end(body)),
        /cannot be stored/,
        body,
      );
});

test("an answer that stops in the middle ends with the deadline", async (t) => {
  await assert.rejects(
    ask(t, (response) => response.write('{"action":'), true, 200),
    /abort|timeout/i,
  );
});

test("addresses in private networks are out of reach, also by a name", async (t) => {
  await assert.rejects(
    ask(t, (response) => response.end("{}"), false),
    /private network/,
  );
  const signal = AbortSignal.timeout(5000);
  const question = { id: "c1", event: "check.text" as const, body: "{}", secret: "s", allowPrivate: false, signal };
  await assert.rejects(postCheck({ ...question, url: "http://localhost:9/" }), /private network/);
});
