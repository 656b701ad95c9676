/** Tests the lists for operators on the machine: by the routes of the API, in pages, without secrets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { route } from "../../access/route.ts";
import { adminList } from "./admin-lists.ts";

const ORIGIN = "https://school.example";
const lessons = route({
  id: "listLessons",
  method: "GET",
  path: "/lessons",
  tag: "T",
  summary: "S",
  status: 200,
  refusals: [],
  access: { roles: ["operator"], scope: "lessons:read" },
  rights: ["+-------", null],
  query: z.strictObject({ limit: z.coerce.number(), cursor: z.string().optional(), search: z.string().optional() }),
  answer: z.object({
    items: z.array(z.object({ id: z.string(), stream: z.object({ name: z.string(), publishKey: z.string() }) })),
    nextCursor: z.string().nullable(),
  }),
  handle: async ({ actor, origin, query: { limit, cursor, search } }) => {
    assert.deepEqual([actor.role, limit, origin], ["operator", 200, ORIGIN]);
    const items = [{ id: `${search ?? "all"} ${cursor ?? "first"}`, stream: { name: "l-1", publishKey: "s3cret" } }];
    return { body: { items, nextCursor: cursor === undefined ? "next" : null } };
  },
});

test("a list has what the route gives an operator, page by page, without publish keys", async () => {
  const first = await adminList([lessons], { what: "lessons", cursor: null, search: "maths" }, ORIGIN);
  assert.deepEqual(first, { items: [{ id: "maths first", stream: { name: "l-1" } }], nextCursor: "next" });
  const second = await adminList([lessons], { what: "lessons", cursor: "next", search: null }, ORIGIN);
  assert.deepEqual([second.items[0]?.["id"], second.nextCursor], ["all next", null]);
});

test("what cannot be listed or searched is said in words", async () => {
  await assert.rejects(adminList([], { what: "keys", cursor: null, search: null }, ORIGIN), /no list of keys/);
  const strict = { ...lessons, query: z.strictObject({ limit: z.coerce.number() }) };
  await assert.rejects(adminList([strict], { what: "lessons", cursor: null, search: "x" }, ORIGIN), /lessons cannot be searched/);
});
