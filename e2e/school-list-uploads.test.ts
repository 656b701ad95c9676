/** Uploads of address lists in parts: their limits, who may, what is no list, and how long they are kept. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Scope as TestScope } from "./lectern.ts";
import { onEachDatabase } from "./school-databases.ts";

onEachDatabase((open) => {
  const begin = async (t: TestScope) => {
    const school = await open(t);
    const { id: schoolId } = (await school.ok("GET", "/schools")).items[0];
    const { id: listId } = await school.ok("POST", "/address-lists", { body: { schoolId, name: "List" } });
    const send = (path: string, offset: number | null, csv: string, as?: string) =>
      school.call("PATCH", path, {
        csv,
        headers: {
          "content-type": "application/offset+octet-stream",
          ...(offset === null ? {} : { "upload-offset": String(offset) }),
        },
        ...(as === undefined ? {} : { as }),
      });
    const uploads = `/address-lists/${listId}/uploads`;
    const create = async (size: number) => `${uploads}/${(await school.ok("POST", uploads, { body: { size } })).id}`;
    return { ...school, schoolId, listId, send, uploads, create };
  };

  test("parts come in order; a wrong offset, a repeated part and one beyond the end change nothing", async (t) => {
    const { call, ok, send, create, listId } = await begin(t);
    const text = "192.0.2.0/24\n198.51.100.7\n";
    const path = await create(text.length);
    assert.equal((await send(path, null, "x")).status, 400);
    assert.equal((await send(path, 5, "x")).body.code, "conflict");
    assert.equal((await send(path, 0, `${text}x`)).body.code, "too-large");
    const first = await send(path, 0, text.slice(0, 10));
    assert.deepEqual([first.status, first.headers["upload-offset"], first.headers["tus-resumable"]], [204, "10", "1.0.0"]);
    const repeated = await send(path, 0, text.slice(0, 10));
    assert.deepEqual([repeated.status, repeated.body.code], [409, "conflict"]);
    assert.match(repeated.body.detail, /byte 10/);
    // Two of the same place at once: one of them counts.
    const both = await Promise.all([send(path, 10, text.slice(10, 14)), send(path, 10, text.slice(10, 14))]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [204, 409]);
    const state = await call("GET", path);
    assert.deepEqual([state.body.offset, state.body.size, state.body.done], [14, text.length, false]);
    assert.equal(state.headers["upload-length"], String(text.length));
    assert.equal((await send(path, 14, text.slice(14))).status, 204);
    const list = await ok("GET", `/address-lists/${listId}`);
    assert.deepEqual([list.entries, (await ok("GET", path)).done], [2, true]);
    assert.equal(await ok("GET", `/address-lists/${listId}/entries`), text);
    assert.equal((await send(path, text.length, "x")).body.code, "too-large");
    assert.equal((await ok("GET", `/address-lists/${listId}`)).contentVersion, list.contentVersion);
  });

  test("what is no list is refused when it is whole, and its upload is over; the list keeps its entries", async (t) => {
    const { call, ok, send, create, listId } = await begin(t);
    const good = "192.0.2.0/24\n";
    assert.equal((await send(await create(good.length), 0, good)).status, 204);
    const path = await create(13);
    const refused = await send(path, 0, "<html></html>");
    assert.deepEqual([refused.status, refused.body.code], [409, "conflict"], JSON.stringify(refused.body));
    assert.equal((await call("GET", path)).status, 404);
    assert.equal((await ok("GET", `/address-lists/${listId}`)).entries, 1);
  });

  test("size, number and time of uploads have bounds; an expired one is gone, with what had arrived", async (t) => {
    const { call, ok, send, create, uploads, service, schoolId } = await begin(t);
    for (const size of [0, -1, 64 * 1024 * 1024 + 1, 1.5, "1", null])
      assert.equal((await call("POST", uploads, { body: { size } })).status, 400);
    const paths = [];
    for (let i = 0; i < 4; i++) paths.push(await create(100));
    assert.equal((await call("POST", uploads, { body: { size: 1 } })).body.code, "conflict");
    const other = await ok("POST", "/address-lists", { body: { schoolId, name: "Other" } });
    assert.equal(
      (await call("POST", `/address-lists/${other.id}/uploads`, { body: { size: 1 } })).body.code,
      "conflict",
      "of the whole school",
    );
    assert.equal((await call("DELETE", paths[0] ?? "")).status, 204);
    const path = await create(100);
    assert.equal((await send(path, 0, "some")).status, 204);
    const { db } = service;
    await db
      .updateTable("list_uploads")
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute();
    assert.equal((await call("GET", path)).status, 404);
    assert.equal((await send(path, 4, "more")).status, 404);
    await create(100);
    const list = await ok("POST", "/address-lists", { body: { schoolId, name: "Deleted" } });
    const { id } = await ok("POST", `/address-lists/${list.id}/uploads`, { body: { size: 10 } });
    await send(`/address-lists/${list.id}/uploads/${id}`, 0, "some");
    assert.equal((await call("DELETE", `/address-lists/${list.id}`)).status, 204);
    assert.equal((await db.selectFrom("list_upload_parts").select("n").where("upload_id", "=", id).execute()).length, 0);
  });

  test("uploads that begin at once are counted one after the other", async (t) => {
    const { call, uploads } = await begin(t);
    const begun = await Promise.all(Array.from({ length: 12 }, () => call("POST", uploads, { body: { size: 1 } })));
    assert.deepEqual(begun.map(({ status }) => status).sort(), [...Array(4).fill(201), ...Array(8).fill(409)]);
  });

  test("an upload belongs to its list: other schools, roles, keys and lists do not reach it", async (t) => {
    const { call, ok, send, create, person, schoolId } = await begin(t);
    const path = await create(10);
    const { id: otherSchool } = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const stranger = (await person(otherSchool, "administrator")).token;
    const teacher = (await person(schoolId, "teacher")).token;
    const { key } = await ok("POST", "/api-keys", { body: { schoolId, name: "reader", scopes: ["policies:read"] } });
    for (const [as, status] of [
      [stranger, 404],
      [teacher, 403],
      [key, 403],
      ["wrong", 401],
    ] as const) {
      assert.equal((await send(path, 0, "some", as)).status, status);
      assert.equal((await call("DELETE", path, { as })).status, status);
    }
    const elsewhere = await ok("POST", "/address-lists", { as: stranger, body: { name: "Theirs" } });
    const uploadId = path.split("/").at(-1);
    assert.equal((await send(`/address-lists/${elsewhere.id}/uploads/${uploadId}`, 0, "some", stranger)).status, 404);
    assert.equal((await ok("GET", path)).offset, 0);
  });
});
