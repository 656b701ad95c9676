/** What breaks programs of others between two versions, and what does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findBreaking } from "./contracts/compare.ts";
import { addSchema, type Fact, readFacts, type Schema, writeFacts } from "./contracts/facts.ts";

const USER: Schema = { type: "object", required: ["id"], properties: { id: { type: "string" }, friend: { $ref: "user" } } };

function factsOf(taken: Schema, given: Schema): Map<string, Fact> {
  const facts = new Map<string, Fact>([["POST /x", { types: [], required: false }]]);
  const resolve = (name: string) => (name === "user" ? USER : undefined);
  addSchema(facts, "POST /x <", taken, true, resolve);
  addSchema(facts, "POST /x 200>", given, true, resolve);
  return facts;
}

const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  required,
});
const TAKEN = object({ title: { type: "string" }, state: { enum: ["on", "off"] }, size: { type: "integer" } }, ["title"]);
const GIVEN = object({ id: { type: "string" }, state: { enum: ["on", "off"] }, by: { anyOf: [USER, { type: "null" }] } }, [
  "id",
  "state",
  "by",
]);
const OLD = factsOf(TAKEN, GIVEN);

const broken = (taken: Schema, given: Schema) => findBreaking(OLD, factsOf(taken, given)).map(({ text }) => text);

test("what is added breaks nothing", () => {
  const taken = object(
    { ...TAKEN.properties, note: { type: "string" }, state: { enum: ["on", "off", "away"] }, size: { type: "number" } },
    ["title"],
  );
  const given = object(
    { ...GIVEN.properties, more: object({ deep: { type: "string" } }), state: { enum: ["on", "off", "away"] } },
    ["id", "state", "by", "more"],
  );
  assert.deepEqual(broken(taken, given), []);
});

test("what is taken away, wanted, or of another type breaks programs, each with its place", () => {
  assert.deepEqual(
    broken(object({ title: { type: "string" }, state: { enum: ["on"] }, size: { type: "string" } }, ["title", "size"]), GIVEN),
    ['POST /x <.state: takes no "off" any more', "POST /x <.size: takes no integer any more", "POST /x <.size: must be sent now"],
  );
  assert.deepEqual(broken(object({ ...TAKEN.properties, note: { type: "string" } }, ["title", "note"]), GIVEN), [
    "POST /x <.note: must be sent now",
  ]);
  const { id: _, ...others } = GIVEN.properties ?? {};
  assert.deepEqual(broken(TAKEN, object(others, ["state", "by"])), ["POST /x 200>.id: is gone"]);
  assert.deepEqual(
    broken(TAKEN, object({ ...GIVEN.properties, id: { type: ["string", "null"] }, by: { anyOf: [USER] } }, ["state", "by"])),
    ["POST /x 200>.id: may be null now", "POST /x 200>.id: may be left out now"],
  );
});

test("an operation that is gone is told once, by the name under which the changes note it", () => {
  assert.deepEqual(
    findBreaking(OLD, new Map()).map(({ subject, text }) => [subject, text]),
    [["POST /x", "POST /x: is gone"]],
  );
  const subjects = [
    "room chat chat/REF >.text",
    "webhook lesson.started >.data",
    "metric lectern_x >stream",
    "configuration <.http.port",
  ].map((place) => findBreaking(new Map([[place, { types: [], required: true }]]), new Map())[0]?.subject);
  assert.deepEqual(subjects, ["room chat", "webhook lesson.started", "metric lectern_x", "configuration http.port"]);
});

test("facts are read as they were written, and schemas that have themselves inside end", () => {
  assert.deepEqual([...readFacts(writeFacts(OLD))].toSorted(), [...OLD].toSorted());
  assert.ok(OLD.has("POST /x 200>.by.friend") && !OLD.has("POST /x 200>.by.friend.friend.friend"));
});
