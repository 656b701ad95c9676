/** Defines what a room's entries say of its board: the sets of pages, the page that is shown, and who has a pen. */
import { type Background, PAGE_HEIGHT, type PageSet, type Pens, partsOfPage, type ShownView } from "@lectern/board";
import type { RoomPerson } from "./entry.ts";
import { SHOWN_KEY } from "./shown-page.ts";
import { type Body, isBody, listOf, numberOf, textOf, type WireEntry } from "./wire.ts";

/** The newest entry of each key. */
type Newest = {
  readonly held: (kind: string) => readonly Pick<WireEntry, "body">[];
  readonly one: (key: string) => Pick<WireEntry, "body"> | null;
};

const NOTHING: ShownView = { page: null, view: null };
const BACKGROUNDS: readonly Background[] = ["blank", "grid", "lines"];

/** In the order of their numbers. */
export function setsOf({ held }: Pick<Newest, "held">): readonly PageSet[] {
  return held("page")
    .flatMap(({ body }) => setOf(body) ?? [])
    .sort((one, other) => one.set - other.set);
}

export function shownOf({ one }: Pick<Newest, "one">): ShownView {
  const body = one(SHOWN_KEY)?.body ?? {};
  const page = textOf(body, "page");
  if (page === null || !(partsOfPage(page).number > 0)) return NOTHING;
  const view = isBody(body["view"]) ? body["view"] : {};
  const [x, y, scale] = [numberOf(view, "x"), numberOf(view, "y"), numberOf(view, "scale")];
  return { page, view: x === null || y === null || scale === null ? null : { x, y, scale } };
}

export function pensOf({ one }: Pick<Newest, "one">): Pens {
  const body = one("page/pens")?.body ?? {};
  return { everybody: body["everybody"] === true, people: listOf(body["people"]).filter((id) => typeof id === "string") };
}

/** Staff, whom they have given a pen, and everybody where they have said so; not who looks on. */
export function hasPen({ everybody, people }: Pens, person: RoomPerson | null): boolean {
  if (!person || person.role === "watcher" || person.watches) return false;
  return person.role === "staff" || everybody || people.includes(person.id);
}

/** Null: the body is of no set. */
function setOf(body: Body): PageSet | null {
  const [set, count] = [numberOf(body, "set"), numberOf(body, "count")];
  if (set === null || count === null) return null;
  const shared = { set, count, title: textOf(body, "title") ?? "", height: numberOf(body, "height") ?? PAGE_HEIGHT };
  if (body["pages"] === "slides") {
    const material = textOf(body, "material");
    return material === null ? null : { ...shared, pages: "slides", material };
  }
  return { ...shared, pages: "board", background: BACKGROUNDS.find((one) => one === body["background"]) ?? "blank" };
}
