/** What entries of groups say to those who see them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupLinesOf, groupListOf, groupOfPerson, groupsOf } from "./group.ts";
import { entryOnWire, parseEntry } from "./wire.ts";

let seq = 0;
const entry = (key: string, body: object) => parseEntry({ epoch: "e", seq: ++seq, at: seq, kind: "group", key, ...body });
const group = (number: number, people: readonly string[], division = "d") =>
  entry(`group/${number}`, {
    division,
    group: number,
    people: people.map((person) => ({ person, name: person })),
    call: null,
    visitors: [],
  });

test("of two groups that a person was in, the newest counts: who was moved may hold an old entry of the former one", () => {
  const stale = group(1, ["a", "b"]);
  const list = groupListOf([...group(2, ["a"]), ...stale, ...group(2, ["a", "c"])], { division: "d" });
  assert.equal(groupOfPerson(list, "a")?.group, 2);
  assert.equal(groupOfPerson(list, "b")?.group, 1);
  assert.equal(groupOfPerson(list, "z"), null);
});

test("groups of an earlier division are none, and without the entry of all groups there are none", () => {
  assert.deepEqual(groupListOf(group(1, ["a"], "old"), { division: "new" }), []);
  assert.equal(groupsOf(null), null);
  const [shared] = entry("groups", { division: "d", count: 2, sizes: [1, "x"], placing: "students", since: 5, endsAt: null });
  assert.deepEqual(groupsOf(shared ?? null), {
    division: "d",
    count: 2,
    sizes: [1, 0],
    placing: "students",
    since: 5,
    endsAt: null,
  });
});

test("a group's lines are its own and those to all groups, of its division", () => {
  const lines = [{ division: "d", group: 1 }, { division: "d", group: 2 }, { division: "d" }, { division: "old", group: 1 }, {}];
  const entries = lines.flatMap((body, i) => entry(`group-chat/${i}`, body));
  assert.deepEqual(
    groupLinesOf(entries, "d", 1).map(({ key }) => key),
    ["group-chat/0", "group-chat/2"],
  );
});

test("whom an entry of a group is for is not told on the wire, but that it is for a group", () => {
  const stored = {
    kind: "group-chat",
    to: { members: ["a", "b"] },
    key: "group-chat/1",
    gone: false,
    sampled: false,
    body: { text: "x" },
    seq: 1,
    at: 1,
    mediaTime: null,
    id: "i",
    from: null,
  };
  const wire = entryOnWire("e", stored);
  assert.equal(wire.to, "group");
  assert.doesNotMatch(JSON.stringify(wire), /members/);
  assert.deepEqual(parseEntry(wire)[0]?.to, { members: [] });
});
