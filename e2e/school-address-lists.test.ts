/**
 * Address lists through the API: uploaded, changed by single entries, fetched from a URL, and read from a file.
 * Shares a process. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { AddressRanges } from "../packages/server/src/access/lists/address-ranges.ts";
import { readAddressListPart, readAddressLists } from "../packages/server/src/school/streams/address-lists/stored-lists.ts";
import { until } from "./lectern.ts";
import type { CallOptions, TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { withTurns } from "./school-turns.ts";

const TEXT = { "content-type": "text/plain" };

async function fill({ ok, person }: TestSchool) {
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const other = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
  const administrator = await person(schoolId, "administrator");
  const stranger = await person(other.id, "administrator");
  return { schoolId, as: administrator.token, stranger: stranger.token };
}

const upload = (csv: string, options: CallOptions = {}): CallOptions => ({ ...options, csv, headers: TEXT });

/** What nodes get of a list; null where there is none. */
async function nodesHave({ service: { db } }: TestSchool, listId: string): Promise<AddressRanges | null> {
  const list = (await readAddressLists(db)).find(({ id }) => id === listId);
  if (!list) return null;
  const parts: Uint8Array[] = [];
  for (let n = 0; ; n++) {
    const part = await readAddressListPart(db, listId, list.version, n);
    assert.ok(part, `part ${n}`);
    parts.push(part.bytes);
    if (part.isLast) break;
  }
  return await AddressRanges.read(Buffer.concat(parts));
}

function noticesOf({ asked }: TestSchool, listId: string): number {
  return asked.filter((line) => line.includes('"address-list"') && line.includes(listId)).length;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of lists on a private address. */
async function startLists(t: TestContext, answer: Answer): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Has a list fetched again, and waits for that. */
async function refetched({ ok }: TestSchool, listId: string, is: (list: Record<string, unknown>) => boolean) {
  await ok("PATCH", `/address-lists/${listId}`, { body: { refreshSeconds: 60 } });
  await until(async () => is(await ok("GET", `/address-lists/${listId}`)), "the fetch of the list");
  return await ok("GET", `/address-lists/${listId}`);
}

onPostgresFirst((open) => {
  test("an uploaded list is there at once, empty at first, and has what was uploaded last", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, as, stranger } = await fill(school);
    const created = await ok("POST", "/address-lists", { as, body: { name: "Blocked" } });
    assert.deepEqual([created.schoolId, created.source, created.entries, created.contentVersion], [schoolId, "entries", 0, 1]);
    assert.equal((await call("POST", "/address-lists", { as, body: { name: "Blocked" } })).status, 409);
    const path = `/address-lists/${created.id}`;
    assert.equal((await nodesHave(school, created.id))?.has("192.0.2.1"), false);
    const text = "# blocked\n192.0.2.0/25\n192.0.2.128/25 ; rest\nnonsense\n2001:db8::/32\n";
    const put = await ok("PUT", `${path}/entries`, upload(text, { as }));
    assert.deepEqual([put.entries, put.ranges, put.mistakes, put.mistakeCount], [3, 2, [{ line: 4, text: "nonsense" }], 1]);
    const ranges = await nodesHave(school, created.id);
    assert.deepEqual(
      ["192.0.2.200", "2001:db8::1", "192.0.3.1"].map((ip) => ranges?.has(ip)),
      [true, true, false],
    );
    assert.deepEqual(await ok("GET", path, { as }), put);
    assert.equal(noticesOf(school, created.id), 2);
    assert.equal((await call("PUT", `${path}/entries`, upload("x", { as }))).status, 409, "no address in it");
    assert.equal((await call("PUT", `${path}/entries`, { as, body: { entries: [] } })).status, 415);
    assert.equal((await call("PUT", `${path}/entries`, { as })).status, 415, "nothing is no empty list");
    assert.equal((await ok("GET", path, { as })).entries, 3);
    for (const [method, of] of [
      ["GET", path],
      ["PUT", `${path}/entries`],
      ["DELETE", path],
    ] as const)
      assert.equal((await call(method, of, method === "PUT" ? upload("", { as: stranger }) : { as: stranger })).status, 404);
    assert.equal((await ok("PUT", `${path}/entries`, upload("# none\n", { as }))).entries, 0);
  });

  test("single entries are added and removed; changes at the same time are all made", async (t) => {
    const school = await open(t);
    const { ok } = school;
    const { as } = await fill(school);
    const { id } = await ok("POST", "/address-lists", { as, body: { name: "Blocked" } });
    const path = `/address-lists/${id}/entries`;
    await ok("PUT", path, upload("# kept\n10.0.0.0/8\n2001:DB8:0::1, a comment\n192.0.2.7", { as }));
    const body = { add: ["192.0.2.8", "10.0.0.0/8"], remove: ["2001:db8::1/128", "192.0.2.7", "10.1.2.3"] };
    const { list, notFound } = await ok("POST", path, { as, body });
    assert.deepEqual([list.entries, notFound], [2, ["10.1.2.3"]]);
    const ranges = await nodesHave(school, id);
    assert.deepEqual(
      ["192.0.2.8", "10.1.2.3", "2001:db8::1", "192.0.2.7"].map((ip) => ranges?.has(ip)),
      [true, true, false, false],
    );
    const added = Array.from({ length: 8 }, (_, i) => `198.51.100.${i * 2}`);
    await Promise.all(added.map((entry) => ok("POST", path, { as, body: { add: [entry] } })));
    const after = await nodesHave(school, id);
    assert.deepEqual(
      added.map((ip) => after?.has(ip)),
      added.map(() => true),
    );
    assert.equal((await ok("GET", `/address-lists/${id}`, { as })).entries, 10);
  });

  test("a list that a policy names is not deleted, and a policy names only lists that its administrator may use", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { schoolId, as } = await fill(school);
    const own = await ok("POST", "/address-lists", { as, body: { name: "Own" } });
    const operators = await ok("POST", "/address-lists", { body: { name: "Operator's" } });
    assert.equal(operators.schoolId, null);
    const rules = (...ids: string[]) => [{ kind: "addresses", for: "play", deny: ["192.0.2.1", ...ids.map((id) => `list:${id}`)] }];
    const target = { level: "school", id: schoolId };
    const refused = await call("POST", "/policies", { as, body: { target, rules: rules(operators.id) } });
    assert.deepEqual([refused.status, refused.body.errors[0].path], [400, "rules.0.deny.1"]);
    const policy = await ok("POST", "/policies", { as, body: { target, rules: rules(own.id) } });
    assert.equal((await call("DELETE", `/address-lists/${own.id}`, { as })).status, 409);
    await ok("PATCH", `/policies/${policy.id}`, { body: { rules: rules(operators.id) } });
    await ok("PATCH", `/policies/${policy.id}`, { as, body: { rules: [...rules(operators.id), ...rules()] } });
    assert.equal(
      (await call("DELETE", `/address-lists/${operators.id}`)).status,
      409,
      "the administrator keeps what the operator has set",
    );
    await ok("DELETE", `/address-lists/${own.id}`, { as });
    assert.equal(await nodesHave(school, own.id), null);
  });

  test("a list of a URL is fetched, asked for changes only, and keeps its content while the URL fails", async (t) => {
    const school = await open(t);
    const { ok } = school;
    await fill(school);
    let answer: Answer = (_, response) => response.setHeader("etag", '"one"').end("192.0.2.1\n");
    const { url, requests } = await startLists(t, (request, response) => {
      if (request.url?.startsWith("/first")) return response.writeHead(302, { location: "/second?token=secret" }).end();
      answer(request, response);
    });
    const created = await ok("POST", "/address-lists", { body: { name: "Feed", source: "url", url: `${url}/first?token=secret` } });
    assert.deepEqual([created.url, created.contentVersion], [`${url}/first?token=***`, 0]);
    const path = `/address-lists/${created.id}`;
    await until(async () => (await ok("GET", path)).contentVersion > 0, "the content");
    const first = await ok("GET", path);
    assert.deepEqual([first.entries, first.lastError, noticesOf(school, created.id)], [1, null, 1]);
    assert.equal((await nodesHave(school, created.id))?.has("192.0.2.1"), true);
    answer = (request, response) => response.writeHead(request.headers["if-none-match"] === '"one"' ? 304 : 500).end();
    const second = await refetched(school, created.id, (list) => list["lastFetchedAt"] !== first.lastFetchedAt);
    assert.deepEqual([second.lastError, second.contentVersion], [null, first.contentVersion]);
    for (const [failing, told] of [
      [(_, response) => response.writeHead(500).end(), /status 500/],
      [(_, response) => response.end("<html>\n<p>Sorry</p>\n</html>"), /None of the 3 lines/],
      [(_, response) => response.end(), /empty/],
      [(_, response) => response.writeHead(200, { "content-length": "1000" }).end("192.0.2.9\n"), /ECONNRESET/],
      [(request) => request.socket.destroy(), /ECONNRESET|reached/],
    ] as readonly (readonly [Answer, RegExp])[]) {
      answer = failing;
      const failed = await refetched(school, created.id, ({ lastError }) => told.test(String(lastError)));
      assert.deepEqual([failed.entries, failed.contentVersion], [1, first.contentVersion], String(told));
      assert.ok(!String(failed.lastError).includes("secret"));
    }
    answer = (_, response) => response.end("192.0.2.2\n192.0.2.4\n");
    const last = await refetched(school, created.id, ({ contentVersion }) => contentVersion !== first.contentVersion);
    assert.deepEqual([last.entries, last.lastError], [2, null]);
    assert.equal(noticesOf(school, created.id), 2);
    assert.ok(requests.length > 10);
    const stored = await school.service.db.selectFrom("address_lists").select("secret_url").executeTakeFirstOrThrow();
    assert.ok(!stored.secret_url?.includes("secret"));
  });

  test("a school's list is not fetched from a private network", async (t) => {
    const school = await open(t, { publicWebhooksOnly: true });
    const { ok } = school;
    const { as } = await fill(school);
    const { url, requests } = await startLists(t, (_, response) => response.end("192.0.2.1\n"));
    const { port } = new URL(url);
    for (const [name, private_] of [
      ["address", url],
      ["name", `http://localhost:${port}/`],
    ] as const) {
      const { id } = await ok("POST", "/address-lists", { as, body: { name, source: "url", url: private_ } });
      await until(async () => (await ok("GET", `/address-lists/${id}`)).lastError !== null, "the refusal");
      assert.match((await ok("GET", `/address-lists/${id}`)).lastError, /private network/);
      const chinese = await ok("GET", `/address-lists/${id}`, { headers: { "accept-language": "zh" } });
      assert.equal(chinese.lastError, "该地址指向内部网络。");
    }
    assert.equal(requests.length, 0);
  });

  test("a file is read when it is replaced; only operators name files, and only below the allowed directories", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-lists-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const directory = join(folder, "lists");
    mkdirSync(directory);
    const file = join(directory, "blocked.txt");
    writeFileSync(file, "192.0.2.1\n");
    writeFileSync(join(folder, "secret"), "192.0.2.66\n");
    symlinkSync(join(folder, "secret"), join(directory, "link.txt"));
    const school = await open(t, { listDirectories: [directory] });
    const untilTurn = withTurns(school.service);
    const { ok, call } = school;
    const { as } = await fill(school);
    const create = (name: string, path: string, who: CallOptions = {}) =>
      call("POST", "/address-lists", { ...who, body: { name, source: "file", file: path } });
    assert.equal((await create("one", file, { as })).status, 403);
    assert.equal((await create("one", join(folder, "secret"))).status, 403);
    for (const path of ["lists/blocked.txt", `${directory}/../secret`, `${directory}/`])
      assert.equal((await create("one", path)).status, 400, path);
    const { body: linked } = await create("linked", join(directory, "link.txt"));
    const { body: created } = await create("one", file);
    const path = `/address-lists/${created.id}`;
    await until(async () => (await ok("GET", path)).entries === 1, "the file");
    /** As if the few seconds until the next look at the file were over. */
    const passTime = async () => {
      const { db } = school.service;
      const of = db.selectFrom("address_lists").select("next_fetch_at").where("id", "=", created.id);
      const { next_fetch_at: next } = await of.executeTakeFirstOrThrow();
      assert.ok(next && next.getTime() - Date.now() <= 5000, `the next look at ${next}`);
      await db.updateTable("address_lists").set({ next_fetch_at: new Date() }).where("id", "=", created.id).execute();
    };
    writeFileSync(`${file}.new`, "192.0.2.1\n192.0.2.3\n");
    renameSync(`${file}.new`, file);
    await passTime();
    await untilTurn(async () => (await ok("GET", path)).entries === 2, "the new file");
    assert.match((await ok("GET", `/address-lists/${linked.id}`)).lastError, /none of the directories/);
    assert.equal(await nodesHave(school, linked.id), null);
    rmSync(file);
    await passTime();
    await untilTurn(async () => (await ok("GET", path)).lastError !== null, "the missing file");
    assert.equal((await ok("GET", path)).entries, 2);
    assert.equal((await call("PUT", `${path}/entries`, upload("192.0.2.1"))).status, 409, "its entries are those of the file");
  });

  test("a list of half a million addresses arrives as it is sent, and one that is too large is refused", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    await fill(school);
    const { id } = await ok("POST", "/address-lists", { body: { name: "Large" } });
    const lines = (count: number) =>
      Array.from({ length: count }, (_, i) => `${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1`).join("\n");
    const put = await ok("PUT", `/address-lists/${id}/entries`, upload(lines(500_000)));
    assert.deepEqual([put.entries, put.ranges], [500_000, 500_000]);
    assert.equal((await nodesHave(school, id))?.has("8.160.31.1"), true);
    const { list } = await ok("POST", `/address-lists/${id}/entries`, { body: { remove: ["8.160.31.1"] } });
    assert.equal(list.entries, 499_999);
    assert.equal((await nodesHave(school, id))?.has("8.160.31.1"), false);
    assert.equal((await call("PUT", `/address-lists/${id}/entries`, upload(lines(1_000_001)))).status, 409);
    assert.equal((await call("PUT", `/address-lists/${id}/entries`, upload("# comment\n".repeat(6_800_000)))).status, 413);
    const { rows } = await school.service.db
      .selectFrom("address_list_parts")
      .select((row) => row.fn.count<number>("version").distinct().as("versions"))
      .execute()
      .then((found) => ({ rows: found }));
    assert.equal(Number(rows[0]?.versions), 1, "what was refused leaves nothing");
  });
});
