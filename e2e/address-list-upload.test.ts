/** Uploads and downloads of address lists on a running server: larger than other bodies, and only by those who may. Only with --all. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, TOKEN, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { pidOf } from "./worker-connections.ts";

test("a list that is larger than any other body passes the media workers; a stranger's is refused before it is read", async () => {
  const server = await sharedLectern();
  const { id } = await done(server, "POST", "/address-lists", { name: "Large" });
  const lines = Array.from({ length: 300_000 }, (_, i) => `${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1 # ${"-".repeat(60)}`);
  const body = lines.join("\n");
  assert.ok(body.length > 20 * 1024 * 1024);
  const put = (headers: Record<string, string>) =>
    fetch(`${server.http}/api/v1/address-lists/${id}/entries`, {
      method: "PUT",
      headers: { "content-type": "text/plain", ...headers },
      body,
    });
  assert.equal((await put({})).status, 401);
  const answer = await put({ authorization: `Bearer ${TOKEN}` });
  assert.equal(answer.status, 200);
  const { entries, contentVersion } = (await answer.json()) as { entries: number; contentVersion: number };
  assert.deepEqual([entries, contentVersion], [lines.length, 2]);
});

/** An address has thirteen answers at once that are not read. */
const READERS = 10;

test("the entries of a long list come back as they were uploaded, however slowly somebody reads them; what is fetched comes as its ranges", async (t) => {
  const source = createServer(
    (_request, response) => void response.end("192.0.2.0/25\n192.0.2.128/25\nnonsense\n2001:db8::1-2001:db8::3\n"),
  );
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  t.after(() => source.close());
  const server = await sharedLectern();
  const headers = { authorization: `Bearer ${TOKEN}` };
  const entries = (id: string, init: RequestInit = {}) =>
    fetch(`${server.http}/api/v1/address-lists/${id}/entries`, { headers, ...init });
  const uploaded = await done(server, "POST", "/address-lists", { name: "Million" });
  const lines = Array.from({ length: 1_000_000 }, (_, i) => `${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1`);
  const body = `# all of them\n${lines.join("\n")}\n`;
  const put = await entries(uploaded.id, { method: "PUT", headers: { ...headers, "content-type": "text/plain" }, body });
  assert.equal(put.status, 200, await put.text());
  const answer = await entries(uploaded.id);
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "text/plain; charset=utf-8"]);
  assert.match(answer.headers.get("content-disposition") ?? "", /^attachment; filename="addresses-\w+\.txt"$/);
  assert.ok((await answer.text()) === body, "the text that was uploaded");
  assert.equal((await entries(uploaded.id, { headers: {} })).status, 401);

  // Readers that read nothing: the server holds a piece for each, not the list.
  const before = memoryOf(server);
  const leave = new AbortController();
  const slow = await Promise.all(Array.from({ length: READERS }, () => entries(uploaded.id, { signal: leave.signal })));
  assert.ok(slow.every(({ status }) => status === 200));
  const small = await done(server, "POST", "/address-lists", { name: "Small" });
  assert.equal(await (await entries(small.id)).text(), "");
  const grown = memoryOf(server) - before;
  assert.ok(grown < READERS * body.length * 0.5, `${grown} bytes more for ${READERS} readers of ${body.length} bytes`);
  leave.abort();

  const { port } = source.address() as AddressInfo;
  const fetched = await done(server, "POST", "/address-lists", {
    name: "Fetched",
    source: "url",
    url: `http://127.0.0.1:${port}/x?token=secret`,
  });
  await until(async () => (await done(server, "GET", `/address-lists/${fetched.id}`)).entries > 0, "the fetch");
  assert.equal(await (await entries(fetched.id)).text(), "192.0.2.0/24\n2001:db8::1-2001:db8::3\n");
});

const KIB = 1024;

type Answered = { readonly status: number; readonly code: string | undefined; readonly seconds: number };

/** Sends a body at a steady speed, by a connection that is throttled to it, until it is answered. */
async function sendSlowly(
  server: Lectern,
  [method, path, type]: readonly [string, string, string],
  body: string,
  bytesPerSecond: number,
): Promise<Answered> {
  const since = performance.now();
  const headers = { "content-type": type, "content-length": body.length, authorization: `Bearer ${TOKEN}` };
  const sent = request(`${server.http}/api/v1${path}`, { method, headers, agent: false });
  const answered: Promise<IncomingMessage[]> = once(sent, "response");
  let offset = 0;
  const timer = setInterval(() => {
    sent.write(body.slice(offset, offset + bytesPerSecond / 2));
    offset += bytesPerSecond / 2;
    if (offset < body.length) return;
    clearInterval(timer);
    sent.end();
  }, 500);
  sent.on("error", () => {});
  try {
    const [answer] = await answered;
    assert.ok(answer);
    const text = Buffer.concat(await answer.toArray()).toString();
    const { code }: { code?: string } = JSON.parse(text);
    return { status: answer.statusCode ?? 0, code, seconds: (performance.now() - since) / 1000 };
  } finally {
    clearInterval(timer);
  }
}

test("bodies that make progress may take longer than 30 s, passed on or held; those that make none are refused in words", async () => {
  const server = await sharedLectern();
  const { id } = await done(server, "POST", "/address-lists", { name: "Slow" });
  const put = ["PUT", `/address-lists/${id}/entries`, "text/plain"] as const;
  // Line ends around a text of JSON have no meaning.
  const check = ["POST", "/imports/people/preview", "application/json"] as const;
  const entries = `192.0.2.1\n#${"-".repeat(700 * KIB)}\n`;
  const held = `{}${"\n".repeat(3 * KIB * KIB)}`;
  const [upload, whole, stalled, slow] = await Promise.all([
    sendSlowly(server, put, entries, 20 * KIB),
    sendSlowly(server, check, held, 90 * KIB),
    sendSlowly(server, put, entries, 2 * KIB),
    sendSlowly(server, check, held, 2 * KIB),
  ]);
  assert.equal(upload.status, 200);
  assert.ok(upload.seconds > 32, `${upload.seconds} s`);
  assert.equal((await done(server, "GET", `/address-lists/${id}`)).entries, 1);
  assert.notEqual(whole.code, "too-slow");
  assert.ok(whole.status >= 400 && whole.status < 500 && whole.seconds > 32, JSON.stringify(whole));
  for (const { status, code, seconds } of [stalled, slow]) {
    assert.deepEqual([status, code], [408, "too-slow"]);
    assert.ok(seconds > 24 && seconds < 40, `${seconds} s`);
  }
});

/** Resident memory of the control process, in bytes. */
function memoryOf(server: Lectern): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pidOf(server, "control")}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}
