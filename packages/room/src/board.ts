/**
 * Defines the board: its sets of pages (`page`), what is drawn on them (`stroke`), and where a pointer shines (`laser`). What they mean is
 * `@lectern/board`'s.
 */
import { BACKGROUNDS, decodePoints, isPageId, LIMITS, type Operation, PAGE_WIDTH, parseOperations } from "@lectern/board";
import {
  BOOLEAN,
  choice,
  ID,
  integer,
  list,
  NUMBER,
  nullable,
  number,
  object,
  optional,
  parsed,
  STRING,
  string,
  withDefault,
} from "./fields.ts";
import { kind } from "./kind.ts";
import { SHOWN_KEY } from "./shown-page.ts";

export const PENS_KEY = "page/pens";

/** A view may lie beside the page, or show more than it. */
const MAX_COORDINATE = 10 * PAGE_WIDTH;
const MAX_SCALE = 20;
const MAX_SET = 1_000_000;
const MAX_ID = 64;
/** About a second of a pointer. */
const MAX_LASER_POINTS = 100;
const MAX_LASER_TEXT = 2000;

const set = integer(1, MAX_SET);
const pageId = string({ check: isPageId, mistake: "is not SET.NUMBER" });
const coordinate = number(-PAGE_WIDTH, MAX_COORDINATE);
const id = string({ min: 1, max: MAX_ID });

export const PAGE = /* @__PURE__ */ kind(() => ({
  kind: "page",
  sends: {
    actions: {
      open: { material: id },
      board: { background: withDefault(choice(BACKGROUNDS), "blank") },
      continue: { lesson: id },
      add: { set },
      show: {
        page: nullable(pageId),
        view: withDefault(nullable(object({ x: coordinate, y: coordinate, scale: number(1, MAX_SCALE) })), null),
      },
      background: { set, background: choice(BACKGROUNDS) },
      close: { set },
      pens: { everybody: optional(BOOLEAN), person: optional(id), on: withDefault(BOOLEAN, true) },
    },
    needsOneOf: { pens: { names: ["everybody", "person"], mistake: "names nobody" } },
  },
  entries: [
    {
      key: "page/SET",
      fields: {
        set: NUMBER,
        title: STRING,
        count: NUMBER,
        /** Of every page, in units. */
        height: NUMBER,
        pages: choice(["slides", "board"]),
        /** Of slides. */
        material: optional(STRING),
        /** Of empty pages. */
        background: optional(choice(BACKGROUNDS)),
        /** The set of another lesson that this one continues. */
        earlier: optional(object({ lesson: STRING, set: NUMBER })),
      },
      gone: { set: NUMBER },
    },
    {
      key: SHOWN_KEY,
      fields: { page: nullable(STRING), view: nullable(object({ x: NUMBER, y: NUMBER, scale: NUMBER })) },
    },
    { key: PENS_KEY, fields: { everybody: BOOLEAN, people: list(ID, { max: LIMITS.pens }) } },
  ],
}));

const operations = parsed<readonly Operation[]>((value) => {
  const read = parseOperations(value);
  return "mistake" in read ? read : { value: read };
});

export const STROKE = /* @__PURE__ */ kind(() => ({
  kind: "stroke",
  sends: { fields: { page: pageId, ops: operations } },
  entries: [{ key: null, fields: { page: pageId, ops: operations } }],
}));

const laserPoints = string({
  max: MAX_LASER_TEXT,
  check: (points) => decodePoints(points, undefined, MAX_LASER_POINTS) !== null,
  mistake: "are no points",
});

export const LASER = /* @__PURE__ */ kind(() => ({
  kind: "laser",
  sends: { fields: { page: pageId, points: laserPoints } },
  entries: [],
}));
