/** Posting deliveries: what a receiver gets, how its answers count, and which addresses are out of reach. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { headersOf, postDelivery } from "./post-delivery.ts";

const DELIVERY = { id: "d1", event: "lesson.started", body: '{"title":"数学"}', secret: "secret" };

async function receiver(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    answer(request, response, body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/hook`;
}

test("the signature is the HMAC of the time and the body, under the webhook's secret", () => {
  const headers = headersOf(DELIVERY);
  const [, at = "", signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers["lectern-signature"]) ?? [];
  assert.equal(signature, createHmac("sha256", "secret").update(`${at}.${DELIVERY.body}`).digest("hex"));
  assert.ok(Math.abs(Number(at) - Date.now() / 1000) < 60);
  assert.equal(headers["content-length"], String(Buffer.byteLength(DELIVERY.body)));
});

test("a receiver gets the body with its event and id; any 2xx answer is a success", async (t) => {
  const got: unknown[] = [];
  const url = await receiver(t, ({ method, headers }, response, body) => {
    got.push([method, body, headers["lectern-event"], headers["lectern-delivery"], headers["content-type"]]);
    response.writeHead(202).end("taken");
  });
  const result = await postDelivery({ ...DELIVERY, url, allowPrivate: true });
  assert.deepEqual(result, { status: 202, error: null });
  assert.deepEqual(got, [["POST", DELIVERY.body, "lesson.started", "d1", "application/json"]]);
});

test("another answer is a failure with the beginning of its text, or its status", async (t) => {
  const url = await receiver(t, (_, response) => response.writeHead(500).end("x".repeat(2000)));
  assert.deepEqual(await postDelivery({ ...DELIVERY, url, allowPrivate: true }), { status: 500, error: "x".repeat(500) });
  const empty = await receiver(t, (_, response) => response.writeHead(404).end());
  assert.deepEqual(await postDelivery({ ...DELIVERY, url: empty, allowPrivate: true }), { status: 404, error: "status 404" });
});

test("what a receiver says of a failure is one line that a database takes", async (t) => {
  const url = await receiver(t, (_, response) => response.writeHead(500).end(`\0no\r\n\0\u001b[31mway${"😀".repeat(300)}`));
  const { status, error } = await postDelivery({ ...DELIVERY, url, allowPrivate: true });
  assert.equal(status, 500);
  assert.match(error ?? "", /^no \[31mway(?:😀)+\ufffd?$/u);
  const nothing = await receiver(t, (_, response) => response.writeHead(500).end("\0\0"));
  assert.equal((await postDelivery({ ...DELIVERY, url: nothing, allowPrivate: true })).error, "status 500");
});

test("an answer without an end is cut off, and its status counts", async (t) => {
  for (const [status, error] of [
    [200, null],
    [500, "x".repeat(500)],
  ] as const) {
    let sent = 0;
    const closed = Promise.withResolvers<void>();
    const url = await receiver(t, (_, response) => {
      response.on("close", () => closed.resolve());
      response.writeHead(status);
      const piece = "x".repeat(65_536);
      const send = () => {
        while (!response.destroyed && response.write(piece)) sent += piece.length;
        if (!response.destroyed) response.once("drain", send);
      };
      send();
    });
    assert.deepEqual(await postDelivery({ ...DELIVERY, url, allowPrivate: true }), { status, error });
    await closed.promise;
    assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes`);
  }
});

test("a redirect is not followed", async (t) => {
  let requests = 0;
  const url = await receiver(t, (request, response) => {
    requests++;
    response.writeHead(302, { location: request.url ?? "" }).end();
  });
  assert.equal((await postDelivery({ ...DELIVERY, url, allowPrivate: true })).error, "status 302");
  assert.equal(requests, 1);
});

test("a receiver that cannot be reached is a failure without a status", async () => {
  const { status, error } = await postDelivery({ ...DELIVERY, url: "http://127.0.0.1:1/", allowPrivate: true });
  assert.equal(status, null);
  assert.match(error ?? "", /ECONNREFUSED/);
});

test("private addresses are refused without a connection, written as an address or found by a name", async () => {
  for (const host of ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "[::1]", "[fd00::1]"]) {
    const { error } = await postDelivery({ ...DELIVERY, url: `http://${host}:1/`, allowPrivate: false });
    assert.match(error ?? "", /is in a private network/, host);
  }
  const { error } = await postDelivery({ ...DELIVERY, url: "http://localhost:1/", allowPrivate: false });
  assert.match(error ?? "", /is in a private network/);
});

test("an address in another notation is the address that it means", async () => {
  for (const host of ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "1270.0.0.1.nip.io.localhost"]) {
    const { error } = await postDelivery({ ...DELIVERY, url: `http://${host}:1/`, allowPrivate: false });
    assert.match(error ?? "", /private network|ENOTFOUND|EAI_AGAIN/, host);
  }
});
