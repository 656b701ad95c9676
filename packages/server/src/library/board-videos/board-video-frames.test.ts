import assert from "node:assert/strict";
import { test } from "node:test";
import { encodePoints } from "@lectern/board";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { VideoBoard } from "./board-video-board.ts";
import { type BoardVideoRequest, boardVideoFrames, startBoardVideoThread } from "./board-video-frames.ts";
import { FILM } from "./board-video-size.ts";
import type { BoardVideoEvent, BoardVideoPage } from "./board-video-timeline.ts";

const PAGE: BoardVideoPage = { id: "1.1", height: 3600, ground: { background: "blank" }, view: null };
const across = (y: number) => encodePoints([0, 1, 2, 3].map((i) => ({ x: 1000 + 1400 * i, y, pressure: 0.5, at: 20 * i })));
const shown = (at: number, page: BoardVideoPage | null): BoardVideoEvent => ({ at, kind: "shown", page });
const stroke = (at: number, page: string, id: string, color: "red" | "blue", y: number, ended: 0 | 1 = 1): BoardVideoEvent => {
  return { at, kind: "drawn", page, operations: [["s", id, "pen", color, 300, across(y), ended]] };
};

async function* each(...events: readonly BoardVideoEvent[]): AsyncGenerator<BoardVideoEvent> {
  yield* events;
}

/** The colors of a JPEG at places of the picture. */
async function colorsAt(jpeg: Uint8Array, ...places: readonly (readonly [number, number])[]): Promise<string[]> {
  const image = await loadImage(jpeg);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  return places.map(([x, y]) => {
    const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
    if (Math.min(red, green, blue) > 230) return "white";
    return red > 150 && blue < 100 ? "red" : blue > 150 && red < 100 ? "blue" : Math.max(red, green, blue) < 60 ? "dark" : "other";
  });
}

function slide(color: string): Uint8Array {
  const canvas = createCanvas(400, 300);
  const context = canvas.getContext("2d");
  context.fillStyle = color;
  context.fillRect(0, 0, 400, 300);
  return canvas.toBuffer("image/webp");
}

/** What the board shows when all of this has happened. */
async function drawn(events: readonly BoardVideoEvent[], slides: Readonly<Record<string, Uint8Array>> = {}): Promise<Buffer> {
  const board = new VideoBoard();
  let jpeg = board.jpeg();
  for (const event of events) {
    board.take(event);
    for (const name of board.missing()) await board.give(name, slides[name] ?? null);
    jpeg = board.jpeg();
  }
  return jpeg;
}

test("a picture comes five times a second; it is drawn where something on the shown page has changed, else it is the same", async () => {
  const thread = startBoardVideoThread();
  let drawings = 0;
  const draw = (ask: BoardVideoRequest) => {
    if (ask.isDrawn) drawings++;
    return thread.ask(ask);
  };
  const events = each(
    stroke(0, "1.1", "abcd.1", "blue", 900),
    shown(300, PAGE),
    stroke(700, "1.1", "abcd.2", "red", 1800),
    stroke(900, "1.2", "abcd.3", "red", 2700),
    shown(1500, null),
  );
  const frames: Buffer[] = [];
  for await (const frame of boardVideoFrames({ events, milliseconds: 2000, slide: async () => null, draw })) frames.push(frame);
  await thread.close();
  assert.equal(frames.length, 2 * FILM.boardFps);
  assert.equal(drawings, 3, "the empty one, the page, and its stroke");
  const colors: string[] = [];
  for (const frame of frames) colors.push((await colorsAt(frame, [640, 180], [640, 360], [640, 540])).join(" "));
  const [empty, page, written] = ["dark dark dark", "blue white white", "blue red white"];
  // 300 ms are in the picture of 400 ms, 700 in that of 800.
  assert.deepEqual(colors, [empty, empty, page, page, written, written, written, written, written, written]);
  assert.equal(frames[5], frames[6], "the same bytes");
});

test("a stroke that grows, one that is deleted below another, and one that comes back are as a page drawn at once has them", async () => {
  const more = encodePoints([{ x: 6000, y: 3300, pressure: 0.5, at: 100 }], { x: 5200, y: 1800, pressure: 0.5, at: 60 });
  const steps: readonly BoardVideoEvent[] = [
    shown(0, PAGE),
    stroke(0, "1.1", "abcd.1", "blue", 900),
    stroke(0, "1.1", "abcd.2", "red", 1800, 0),
    stroke(0, "1.1", "abcd.3", "blue", 1850),
    { at: 0, kind: "drawn", page: "1.1", operations: [["p", "abcd.2", more, 1]] },
    { at: 0, kind: "drawn", page: "1.1", operations: [["d", ["abcd.1"]]] },
    {
      at: 0,
      kind: "drawn",
      page: "1.1",
      operations: [
        ["u", ["abcd.1"]],
        ["m", "abcd.3", 0, 900, 1],
      ],
    },
  ];
  const atOnce = [...steps.slice(1), ...steps.slice(0, 1)];
  const places = [
    [640, 180],
    [640, 360],
    [640, 550],
  ] as const;
  assert.deepEqual(await colorsAt(await drawn(steps.slice(0, 6)), ...places), ["white", "blue", "white"]);
  assert.deepEqual(await colorsAt(await drawn(steps), ...places), ["blue", "red", "blue"]);
  assert.deepEqual(await drawn(steps), await drawn(atOnce));
});

test("a slide of another ratio is in the middle; what is drawn beyond the page is not seen; a part of it fills the picture", async () => {
  const page: BoardVideoPage = { id: "2.1", height: 4800, ground: { material: "m", page: 1 }, view: null };
  const wide = encodePoints([0, 1, 2].map((i) => ({ x: -3000 + 6000 * i, y: 2400, pressure: 0.5, at: 20 * i })));
  const events: readonly BoardVideoEvent[] = [
    { at: 0, kind: "drawn", page: "2.1", operations: [["s", "abcd.1", "pen", "red", 300, wide, 1]] },
    shown(0, page),
  ];
  const slides = { "m/1": slide("#1020e0") };
  assert.deepEqual(await colorsAt(await drawn(events, slides), [80, 360], [640, 360], [200, 100], [1200, 100]), [
    ...["dark", "red", "blue", "dark"],
  ]);
  const part = shown(0, { ...page, view: { x: 3200, y: 1200, scale: 4 } });
  assert.deepEqual(await colorsAt(await drawn([...events, part], slides), [80, 100], [640, 700]), ["blue", "blue"]);
  assert.deepEqual(await colorsAt(await drawn(events), [200, 100]), ["white"], "a slide that is gone");
});

test("pictures of many slides are not kept", async () => {
  const board = new VideoBoard();
  const bytes = slide("#1020e0");
  const turn = (page: number): BoardVideoEvent => shown(0, { ...PAGE, id: `2.${page}`, ground: { material: "m", page } });
  let given = 0;
  for (const page of [...Array(30).keys(), 29, 0]) {
    board.take(turn(page + 1));
    for (const name of board.missing()) {
      given++;
      await board.give(name, bytes);
    }
  }
  assert.equal(given, 31, "the newest one is here, the first one is read again");
});

test("a thread that cannot draw ends the pictures with its reason", async () => {
  const thread = startBoardVideoThread();
  const operations = [["s", "abcd.1", "pen", "red", 300, across(900), 1]] as const;
  const broken = { at: 0, kind: "drawn", page: "1.1", operations: [null, ...operations] } as unknown as BoardVideoEvent;
  await assert.rejects(async () => {
    for await (const _ of boardVideoFrames({
      events: each(broken),
      milliseconds: 1000,
      slide: async () => null,
      draw: thread.ask,
    }));
  }, /null|undefined|not iterable/);
  await thread.close();
});
