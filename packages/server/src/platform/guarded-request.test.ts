/** Requests to addresses that people have entered: where they get through, and that none uses another one's connection. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type TestContext, test } from "node:test";
import { guardedRequest, limitTime, publicUnless } from "./guarded-request.ts";
import { publicOr } from "./public-address.ts";

/** @param answer default: the port that the server sees */
async function listen(
  t: TestContext,
  answer: RequestListener = (request, response) => response.end(String(request.socket.remotePort)),
): Promise<number> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** @returns the port that the server saw */
async function ask(url: string, guard: Parameters<typeof guardedRequest>[2]): Promise<string> {
  const request = guardedRequest(new URL(url), {}, guard);
  const answered = once(request, "response");
  request.end();
  const [answer] = await answered;
  return (await answer.toArray()).join("");
}

test("addresses and names that lead into private networks are refused, each in its way, unless they are allowed", async (t) => {
  const port = await listen(t);
  const closed = publicUnless(false);
  assert.throws(
    () => guardedRequest(new URL(`http://127.0.0.1:${port}/`), {}, closed),
    /^Error: 127\.0\.0\.1 is in a private network$/,
  );
  assert.throws(() => guardedRequest(new URL(`http://[::1]:${port}/`), {}, closed), /private network/);
  // As browsers do, a number is an address: 127.0.0.1.
  assert.throws(() => guardedRequest(new URL(`http://2130706433:${port}/`), {}, closed), /private network/);
  await assert.rejects(ask(`http://localhost:${port}/`, closed), /^Error: localhost is in a private network$/);
  const own = { ...closed, isAllowed: publicOr(["127.0.0.0/8"]) };
  for (const guard of [publicUnless(true), own])
    for (const host of ["127.0.0.1", "localhost"]) assert.match(await ask(`http://${host}:${port}/`, guard), /^\d+$/);
});

test("each request has a connection of its own", async (t) => {
  const port = await listen(t);
  const ports = [1, 2, 3].map(() => ask(`http://127.0.0.1:${port}/`, publicUnless(true)));
  const seen = [...(await Promise.all(ports)), await ask(`http://127.0.0.1:${port}/`, publicUnless(true))];
  assert.equal(new Set(seen).size, seen.length, seen.join(", "));
});

test("an answer that goes on for longer than its time is ended, and one that is over in time is not", async (t) => {
  const port = await listen(t, (request, response) => {
    response.write("begun");
    if (request.url === "/whole") response.end();
  });
  const begin = async (path: string, withinMs: number) => {
    const request = guardedRequest(new URL(`http://127.0.0.1:${port}${path}`), {}, publicUnless(true));
    limitTime(request, withinMs);
    const failed = new Promise<Error>((resolve) => request.on("error", resolve));
    const answered = once(request, "response");
    request.end();
    const [answer] = await answered;
    return { answer, failed };
  };
  const whole = await begin("/whole", 60_000);
  assert.equal((await whole.answer.toArray()).join(""), "begun");
  const endless = await begin("/endless", 300);
  await assert.rejects(endless.answer.toArray());
  assert.equal((await endless.failed).message, "no answer within 0.3 s");
});
