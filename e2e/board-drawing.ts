/** Draws on the board of a real room, and tells whether everybody has the same page. */
import assert from "node:assert/strict";
import { encodePoints, type Item, type Operation, Page, type PageState, type Point } from "@lectern/board";
import type { InRoom } from "./enter-room.ts";
import { type Lectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";

type Lesson = { readonly id: string; readonly code: string };

let actions = 0;
const act = (at: Lectern, lesson: Lesson, kind: string, body: object) =>
  done(at, "POST", `/lessons/${lesson.id}/room/entries`, { id: `op-${++actions}`, kind, ...body });

/** A page as somebody sees it who comes to it now. */
export async function pageAt(at: Lectern, { code }: Lesson, { search }: InRoom, page: string, after = 0): Promise<PageState> {
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
export function draws({ client }: InRoom, id: string): () => Promise<readonly Point[]> {
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

export async function openBoard(at: Lectern): Promise<Lesson> {
  const lesson: Lesson = await done(at, "POST", "/lessons", { title: "Maths" });
  await act(at, lesson, "page", { action: "board", background: "grid" });
  await act(at, lesson, "page", { action: "show", page: "1.1" });
  return lesson;
}

export const givePen = (at: Lectern, lesson: Lesson, { client }: InRoom) =>
  act(at, lesson, "page", { action: "pens", person: client.you.id });
export const strokes = ({ client }: InRoom) => client.entries.filter(({ kind }) => kind === "stroke");

/** Those who have followed, and those who come now, see at each node the strokes as they were drawn. */
export async function sameStrokes(
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
