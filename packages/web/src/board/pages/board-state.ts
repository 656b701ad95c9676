/** What the room's entries say of the board: its sets of pages, the page that is shown, and who has a pen. */
import type { Background, PageId, PageSet, Pens, Shown } from "@lectern/board";
import { PAGE_HEIGHT, SHOWN_KEY } from "@lectern/board";
import type { Room } from "../../room/use-room.ts";
import { type Body, isBody, listOf, numberOf, textOf } from "../../room/wire.ts";

type Held = Pick<Room, "held" | "one">;

/** A page of a set: its number counts from 1. */
export type PagePlace = { readonly set: PageSet; readonly number: number };

const NOTHING: Shown = { page: null, view: null };
const BACKGROUNDS: readonly Background[] = ["blank", "grid", "lines"];

/** In the order of their numbers. */
export function setsOf(room: Held): readonly PageSet[] {
  return room
    .held("page")
    .flatMap(({ key, body }) => (key && /^page\/\d+$/.test(key) ? parseSet(body) : []))
    .toSorted((one, other) => one.set - other.set);
}

export function shownOf(room: Held): Shown {
  const body = room.one(SHOWN_KEY)?.body;
  const page = body ? textOf(body, "page") : null;
  if (!body || page === null || !placeOf(page)) return NOTHING;
  const view = body["view"];
  if (!isBody(view)) return { page, view: null };
  const [x, y, scale] = [numberOf(view, "x"), numberOf(view, "y"), numberOf(view, "scale")];
  return { page, view: x === null || y === null || scale === null ? null : { x, y, scale } };
}

export function pensOf(room: Held): Pens {
  const body = room.one("page/pens")?.body ?? {};
  const people = listOf(body["people"]).filter((one) => typeof one === "string");
  return { everybody: body["everybody"] === true, people };
}

/** Staff, whom they have given a pen, and everybody where they have said so; not who looks on. */
export function hasPen(room: Held & Pick<Room, "you">): boolean {
  const { you } = room;
  if (!you || you.watches) return false;
  const { everybody, people } = pensOf(room);
  return you.role === "staff" || everybody || people.includes(you.id);
}

/** Null: the page is of no set that is known. */
export function findPage(sets: readonly PageSet[], page: PageId | null): PagePlace | null {
  const place = page === null ? null : placeOf(page);
  const set = place && sets.find((one) => one.set === place.set);
  return place && set && place.number <= set.count ? { set, number: place.number } : null;
}

export function pageId(set: PageSet, number: number): PageId {
  return `${set.set}.${number}`;
}

function placeOf(page: PageId): { readonly set: number; readonly number: number } | null {
  const [, set, number] = /^(\d+)\.(\d+)$/.exec(page) ?? [];
  return set && number && Number(number) > 0 ? { set: Number(set), number: Number(number) } : null;
}

/** @returns none or one set */
function parseSet(body: Body): PageSet[] {
  const [set, count] = [numberOf(body, "set"), numberOf(body, "count")];
  if (set === null || count === null) return [];
  const shared = { set, count, title: textOf(body, "title") ?? "", height: numberOf(body, "height") ?? PAGE_HEIGHT };
  if (textOf(body, "pages") === "slides") {
    const material = textOf(body, "material");
    return material === null ? [] : [{ ...shared, pages: "slides", material }];
  }
  const background = BACKGROUNDS.find((one) => one === body["background"]) ?? "blank";
  return [{ ...shared, pages: "board", background }];
}
