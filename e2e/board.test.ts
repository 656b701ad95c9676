/**
 * The board in real rooms: everybody has the same page, while strokes are drawn, people come late, processes die, and others try what they may not.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Operation, Page } from "@lectern/board";
import { draws, givePen, openBoard, pageAt, sameStrokes, strokes } from "./board-drawing.ts";
import { enterRoom, type InRoom } from "./enter-room.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { pidOf } from "./worker-connections.ts";

test("the owner of the room is killed in the middle of strokes: no point is missing or doubled, for who followed and for who comes late", async (t) => {
  const server = await sharedLectern({ workers: "2" });
  const lesson = await openBoard(server);
  const [anna, ben] = [
    await enterRoom(t, server, [server], lesson.code, "Anna"),
    await enterRoom(t, server, [server], lesson.code, "Ben"),
  ];
  for (const one of [anna, ben]) await givePen(server, lesson, one);
  const first = await pageAt(server, lesson, ben, "1.1");
  const ends = [draws(anna, "anna.1"), draws(ben, "ben0.1")];
  await until(() => strokes(ben).length >= 10, "the first batches");
  process.kill(pidOf(server, "control"), "SIGKILL");
  const before = strokes(ben).length;
  await until(() => strokes(ben).length >= before + 10, "batches after the owner's death", 30_000);
  const late = await enterRoom(t, server, [server], lesson.code, "Chen");
  const [ofAnna, ofBen] = await Promise.all(ends.map((end) => end()));
  await sameStrokes(
    [server],
    lesson,
    [anna, ben],
    first,
    new Map([
      ["anna.1", ofAnna!],
      ["ben0.1", ofBen!],
    ]),
  );
  assert.equal(
    strokes(late).every(({ from, name, id }) => from === undefined && name === undefined && id === undefined),
    true,
  );
});

test("who may not draw does not, whatever is sent, and the board goes on for the others", async (t) => {
  const server = await sharedLectern({ workers: "2" });
  const lesson = await openBoard(server);
  const [anna, mallory] = [
    await enterRoom(t, server, [server], lesson.code, "Anna"),
    await enterRoom(t, server, [server], lesson.code, "Mallory"),
  ];
  await givePen(server, lesson, anna);
  const sends = async (who: InRoom, body: Record<string, unknown>, kind = "stroke") => (await who.client.send(kind, body)).code;
  const stroke: Operation = ["s", "anna.1", "pen", "red", 13, "CCCC", 1];
  assert.equal(await sends(anna, { page: "1.1", ops: [stroke] }), undefined);
  assert.equal(await sends(mallory, { page: "1.1", ops: [["s", "mall.1", "pen", "red", 13, "CCCC", 1]] }), "refused-by-rule");
  assert.equal(await sends(mallory, { page: "1.1", points: "CCCC" }, "laser"), "refused-by-rule");
  assert.equal(await sends(mallory, { action: "pens", person: mallory.client.you.id }, "page"), "refused-by-rule");
  await givePen(server, lesson, mallory);
  assert.equal(await sends(mallory, { page: "1.1", ops: [["p", "anna.1", "CCCC", 1]] }), "conflict");
  assert.equal(await sends(mallory, { page: "1.1", ops: [["d", ["anna.1"]]] }), "refused-by-rule");
  assert.equal(await sends(mallory, { page: "1.1", ops: [["x"]] }), "refused-by-rule");
  assert.equal(await sends(mallory, { page: "1.1000", ops: [["u", ["mall.1"]]] }), "not-found");
  const long = "AAAA".repeat(3900);
  assert.equal(await sends(mallory, { page: "1.1", ops: [["s", "mall.1", "pen", "red", 13, long, 1]] }), undefined);
  assert.equal(await sends(mallory, { page: "1.1", ops: Array.from({ length: 201 }, () => ["u", ["mall.1"]]) }), "bad-request");
  const { length } = mallory.client.entries;
  const closed = mallory.client.connections;
  void mallory.client.send("stroke", { page: "1.1", ops: "x".repeat(17_000) }, "too-large");
  await until(() => mallory.client.connections > closed, "the connection that sent too much is broken");
  mallory.client.close();
  assert.equal(await sends(anna, { page: "1.1", ops: [["m", "anna.1", 5, 5, 1]] }), undefined);
  const items = Page.of((await pageAt(server, lesson, anna, "1.1", length)).operations).items();
  assert.deepEqual(
    items.map(({ id, dx }) => [id, dx]),
    [
      ["anna.1", 5],
      ["mall.1", 0],
    ],
  );
});
