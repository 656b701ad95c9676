/**
 * The board in real rooms: everybody has the same page, while strokes are drawn, people come late, processes die, and others try what they may not.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodePoints, type Item, type Operation, Page, type PageState, type Point } from "@lectern/board";
import { joined, type Node, startNats, startNode } from "./cluster.ts";
import { enterRoom, type InRoom } from "./enter-room.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { startPostgres } from "./postgres.ts";
import { pidOf } from "./worker-connections.ts";

type Lesson = { readonly id: string; readonly code: string };

let actions = 0;
const act = (at: Lectern, lesson: Lesson, kind: string, body: object) =>
  done(at, "POST", `/lessons/${lesson.id}/room/entries`, { id: `op-${++actions}`, kind, ...body });

/** A page as somebody sees it who comes to it now. */
async function pageAt(at: Lectern, { code }: Lesson, { search }: InRoom, page: string, after = 0): Promise<PageState> {
  const response = await fetch(`${at.http}/api/v1/rooms/${code}/pages/${page}${search}&after=${after}`);
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as PageState;
}

/** A page as somebody has it who asked for it once and has followed the room since. */
function followed(state: PageState, { client }: InRoom): readonly Item[] {
  const page = Page.of(state.operations);
  for (const { kind, seq, page: of, ops } of client.entries)
    if (kind === "stroke" && of === state.page && seq > state.seq) for (const operation of ops) page.apply(operation);
  return page.items();
}

/** Draws one stroke, a batch every 50 ms. Returns the function that ends it and gives the points, once all are acknowledged. */
function draws({ client }: InRoom, id: string): () => Promise<readonly Point[]> {
  const points: Point[] = [];
  const sent: Promise<{ readonly code?: string }>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const send = (...ops: readonly Operation[]): void => {
    // One after the other: points must not overtake each other.
    const taken = last.then(() => untilTaken(client, ops));
    last = taken;
    sent.push(taken);
  };
  const more = (): string => {
    const last = points.at(-1);
    const next = [1, 2].map((n) => ({
      x: 100 + 9 * (points.length + n),
      y: 500 + points.length,
      pressure: 0.5,
      at: 25 * (points.length + n),
    }));
    points.push(...next);
    return encodePoints(next, last);
  };
  send(["s", id, "pen", "blue", 13, more(), 0]);
  const timer = setInterval(() => send(["p", id, more(), 0]), 50);
  return async () => {
    clearInterval(timer);
    send(["p", id, "", 1]);
    for (const { code } of await Promise.all(sent)) assert.equal(code, undefined);
    return points;
  };
}

/** As a page does: what is refused because nobody could be asked is sent again. */
async function untilTaken(client: InRoom["client"], ops: readonly Operation[]): Promise<{ readonly code?: string }> {
  for (;;) {
    const answer = await client.send("stroke", { page: "1.1", ops });
    if (answer.code !== "control-away") return answer;
  }
}

async function openBoard(at: Lectern): Promise<Lesson> {
  const lesson: Lesson = await done(at, "POST", "/lessons", { title: "Maths" });
  await act(at, lesson, "page", { action: "board", background: "grid" });
  await act(at, lesson, "page", { action: "show", page: "1.1" });
  return lesson;
}

const givePen = (at: Lectern, lesson: Lesson, { client }: InRoom) =>
  act(at, lesson, "page", { action: "pens", person: client.you.id });
const strokes = ({ client }: InRoom) => client.entries.filter(({ kind }) => kind === "stroke");

/** Those who have followed, and those who come now, see at each node the strokes as they were drawn. */
async function sameForAll(
  nodes: readonly Lectern[],
  lesson: Lesson,
  viewers: readonly InRoom[],
  first: PageState,
  drawn: ReadonlyMap<string, readonly Point[]>,
) {
  for (const viewer of viewers) {
    const ended = () =>
      followed(first, viewer).filter(({ content }) => content.type === "stroke" && content.ended).length === drawn.size;
    await until(ended, "all strokes", 20_000);
    const items = followed(first, viewer);
    for (const { id, content } of items)
      assert.deepEqual(content.type === "stroke" && content.points, drawn.get(id), `the points of ${id}`);
    for (const node of nodes) {
      const state = await pageAt(node, lesson, viewer, "1.1", strokes(viewer).at(-1)?.seq);
      assert.deepEqual(Page.of(state.operations).items(), items);
    }
    assert.deepEqual(viewer.client.faults, []);
  }
}

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
  await sameForAll(
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

test("of two control nodes the owner of the board dies: the other goes on with the page as it was", async (t) => {
  const [nats, postgres] = [await startNats(t), await startPostgres(t)];
  const set = { "database.url": postgres.database() };
  const nodes = await Promise.all([startNode(t, nats, "a", "origin,control", set), startNode(t, nats, "b", "origin,control", set)]);
  const [a, b] = nodes as [Node, Node];
  await joined(nodes);
  const lesson = await openBoard(a);
  const [anna, ben] = [await enterRoom(t, a, [a, b], lesson.code, "Anna"), await enterRoom(t, b, [b], lesson.code, "Ben")];
  await givePen(a, lesson, anna);
  const first = await pageAt(b, lesson, ben, "1.1");
  const end = draws(anna, "anna.1");
  await until(() => strokes(ben).length >= 10, "the first batches at the other node");
  const halfway = await pageAt(b, lesson, ben, "1.1", strokes(ben).at(-1)?.seq);
  assert.equal(Page.of(halfway.operations).items().length, 1);
  const before = strokes(ben).length;
  await a.kill();
  await until(() => strokes(ben).length >= before + 10, "batches after the owner's death", 30_000);
  await sameForAll([b], lesson, [ben, anna], first, new Map([["anna.1", await end()]]));
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
