/**
 * Text and times that strangers send: what cannot be stored is refused with the field that has it, and what looks alike is stored alike.
 * Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

onPostgresFirst((open) => {
  test("NUL and lone surrogates are refused wherever they are sent", async (t) => {
    const { call, ok } = await open(t);
    const { code } = await ok("POST", "/lessons", { body: { title: "Open" } });
    for (const bad of ["a\0b", "\ud800"]) {
      const inAddress = bad === "a\0b" ? "a%00b" : "%ED%A0%80";
      const answers = [
        await call("POST", "/sessions", { as: null, body: { login: bad, password: PASSWORD } }),
        await call("POST", "/sessions", { as: null, body: { login: "x", password: bad } }),
        await call("POST", "/password-resets", { as: null, body: { login: bad } }),
        await call("POST", `/lessons/${code}/join`, { as: null, body: { name: bad } }),
        await call("POST", `/lessons/${code}/join`, { as: null, body: { name: "Mei", token: bad } }),
        await call("POST", "/lessons", { body: { title: bad } }),
        await call("POST", "/lessons", { body: { title: "x", [bad]: 1 } }),
        await call("POST", "/imports/people", { csv: "login,name\nx,a\0b\n" }),
      ];
      for (const { status, body } of answers) assert.deepEqual([status, body.code], [400, "bad-request"], JSON.stringify(body));
      for (const path of [
        "/calendars/@",
        "/invitations/@",
        "/users?search=@",
        "/lessons?cursor=@",
        "/audit?action=@",
        "/audit?targetId=@",
      ]) {
        const { status, body } = await call("GET", path.replace("@", inAddress));
        assert.ok(
          status === 400 || status === 404 || (bad === "\ud800" && status === 200),
          `${path}: ${status} ${JSON.stringify(body)}`,
        );
      }
    }
    const named = await call("POST", "/courses", { body: { name: "x", description: "a\0" } });
    assert.deepEqual(
      named.body.errors.map(({ path }: { path: string }) => path),
      ["description"],
    );
  });

  test("a name is one visible line, and the same name in two Unicode forms is one name", async (t) => {
    const { call, ok } = await open(t);
    for (const name of ["a\nb", "\u202eegroeG", "a\u2066b", "\u0007", "\u200b", "\u3164", "a\u2028b"])
      assert.equal((await call("POST", "/courses", { body: { name } })).status, 400, JSON.stringify(name));
    assert.equal((await ok("POST", "/courses", { body: { name: "Cafe\u0301" } })).name, "Café");
    assert.equal((await call("POST", "/courses", { body: { name: "Café" } })).body.code, "conflict");
    for (const name of ["שלום", "محمد", "数学 👩\u200d🏫"])
      assert.equal((await ok("POST", "/courses", { body: { name } })).name, name);
  });

  test("times are those of the years 1970 to 9999", async (t) => {
    const { call, ok } = await open(t);
    const create = (startsAt: string) => call("POST", "/lessons", { body: { title: "Far", startsAt } });
    for (const at of ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00", "2026-02-30T00:00:00Z"])
      assert.equal((await create(at)).status, 400, at);
    for (const at of ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]) assert.equal((await create(at)).status, 201, at);
    for (const path of ["/lessons?from=0000-01-01T00:00:00Z", "/audit?to=0000-01-01T00:00:00Z"])
      assert.equal((await call("GET", path)).status, 400, path);
    const { items } = await ok("GET", "/lessons");
    assert.equal(items.length, 2);
  });

  test("an address that cannot be decoded, and a body of a hundred thousand levels, are refused", async (t) => {
    const { call } = await open(t);
    const undecodable = await call("GET", "/lessons/%zz");
    assert.deepEqual([undecodable.status, undecodable.body.code], [400, "bad-request"]);
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const headers = { "content-type": "application/json" };
    assert.equal((await call("POST", "/lessons", { csv: `{"title":${deep}}`, headers })).status, 400);
  });
});
