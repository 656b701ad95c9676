/**
 * Defines what a board is made of. Its pages lie in sets (the slides of one material, or empty pages), and a page holds items. Everything that
 * changes a page is an operation in the room's log; the state of a page is the fold of its operations in the log's order, so the last writer wins by
 * position. Nobody merges anything.
 */

/** Every page is this wide. A unit is a quarter of a pixel on a screen that shows the page 1600 pixels wide. */
export const PAGE_WIDTH = 6400;
/** The height of an empty page: 16:9. A slide's page has the height of its ratio. */
export const PAGE_HEIGHT = 3600;

/** `SET.NUMBER`: a set's number in its room, and the page's number in the set; both count from 1. */
export type PageId = string;

/**
 * `TAG.NUMBER`. A page that draws chooses a random tag of four characters of `a–z 0–9` each time it is loaded, so its own counter is enough for ids that nobody
 * else has. The server refuses the tag of another person.
 */
export type ItemId = string;

export type Tool = "pen" | "marker";
export type ShapeKind = "line" | "arrow" | "rectangle" | "ellipse";
/** Of the palette. A page is white in the dark theme too. */
export type Color = "black" | "blue" | "red" | "green" | "orange" | "purple" | "yellow" | "white";
export type Background = "blank" | "grid" | "lines";

/** In units; `pressure` from 0 to 1; `at`: milliseconds since the stroke's first point, for writing it again as it was written. */
export type Point = { readonly x: number; readonly y: number; readonly pressure: number; readonly at: number };

export type Stroke = {
  readonly type: "stroke";
  readonly tool: Tool;
  readonly color: Color;
  /** In units. */
  readonly width: number;
  readonly points: readonly Point[];
  /** The pen was lifted: no more points follow. */
  readonly ended: boolean;
};

/** A line goes from (x, y) to (x + width, y + height), whose signs are kept; the others lie in the box. */
export type Shape = {
  readonly type: "shape";
  readonly shape: ShapeKind;
  readonly color: Color;
  readonly stroke: number;
} & Box;

export type Text = { readonly type: "text"; readonly text: string; readonly color: Color; readonly size: number } & Box;

/** `paths`: what the formula looks like, as SVG path data in its box, so that viewers need no typesetter. */
export type Formula = { readonly type: "formula"; readonly tex: string; readonly paths: string; readonly color: Color } & Box;

/** A page of a material: an image that was uploaded. */
export type Picture = { readonly type: "picture"; readonly material: string; readonly page: number } & Box;

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export type Content = Stroke | Shape | Text | Formula | Picture;

export type Item = {
  readonly id: ItemId;
  readonly content: Content;
  /** Where the item was moved, and how much it was enlarged about its first point or the first corner of its box. */
  readonly dx: number;
  readonly dy: number;
  readonly scale: number;
  readonly deleted: boolean;
};

/**
 * An operation, as it is in the log and on the wire. Points are text (`points.ts`), which counts from the last point of the stroke so far. An operation on an
 * item that is not there does nothing: two people may delete the same one.
 *
 * - `s` begins a stroke, and may hold all of it: the last field is 1 when the pen was lifted.
 * - `p` adds points to it.
 * - `i` puts any other item.
 * - `m` moves and enlarges an item: absolute, so that doing it twice does no harm.
 * - `t` changes the color of a stroke, a shape, a text or a formula, or the whole content of an item to another of the same type.
 * - `d` deletes, `u` brings back (undo of a deletion); `x` deletes everything.
 */
export type Operation =
  | readonly ["s", ItemId, Tool, Color, width: number, points: string, ended: 0 | 1]
  | readonly ["p", ItemId, points: string, ended: 0 | 1]
  | readonly ["i", ItemId, Exclude<Content, Stroke>]
  | readonly ["m", ItemId, dx: number, dy: number, scale: number]
  | readonly ["t", ItemId, Exclude<Content, Stroke> | Color]
  | readonly ["d", readonly ItemId[]]
  | readonly ["u", readonly ItemId[]]
  | readonly ["x"];

/** A set of pages, as the room's entry `page/SET` has it. */
export type PageSet = {
  readonly set: number;
  readonly title: string;
  readonly count: number;
  /** Of every page of the set, in units; a page of another ratio lies in the middle. */
  readonly height: number;
  /** The set of an earlier lesson that this one continues. */
  readonly earlier?: { readonly lesson: string; readonly set: number };
} & ({ readonly pages: "slides"; readonly material: string } | { readonly pages: "board"; readonly background: Background });

/** The body of the room's entry `page/shown`. `page` null: none, the camera is alone. */
export type ShownView = {
  readonly page: PageId | null;
  /** What part of the page the teacher shows: its middle in units, and how much it is enlarged. Null: all of it. */
  readonly view: { readonly x: number; readonly y: number; readonly scale: number } | null;
};

/** The room's entry `page/pens`: who draws besides staff. */
export type Pens = { readonly everybody: boolean; readonly people: readonly string[] };

/** What a latecomer asks for: the fold of a page up to a place in the log, as the fewest operations that make it. */
export type PageState = {
  readonly page: PageId;
  readonly epoch: string;
  readonly seq: number;
  readonly operations: readonly Operation[];
};

/** Bounds of one page, one stroke and one action; what goes beyond is refused with `board-full` or `bad-request`. */
export const LIMITS = {
  /** That were not deleted. */
  items: 10_000,
  /** Of the operations that make the items that were not deleted: an hour and a half of writing without a rest. Compressed, all of a page is one message between nodes. */
  bytesOfPage: 1_000_000,
  /** Deleted items can be brought back until so many, or so many bytes, have been deleted after them. */
  deletedItems: 2500,
  bytesDeleted: 250_000,
  pointsOfStroke: 10_000,
  operationsOfAction: 200,
  /** Of one `d` or `u`: fits into one message. */
  idsOfOperation: 800,
  textLength: 2000,
  pathsLength: 12_000,
  /** Of all open sets. */
  pages: 500,
  /** That are open. */
  sets: 100,
  /** Who have a pen, besides staff and where not everybody has. */
  pens: 50,
} as const;
