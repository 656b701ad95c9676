/** Defines what the entries of kind `page` say: the sets of pages, the page that is shown, and who draws. */
import { LIMITS, type PageId, type PageSet, type Pens, partsOfPage, type ShownView } from "@lectern/board";
import { type NewRoomEntry, PENS_KEY, type RetainedEntries, type RoomPerson, SHOWN_KEY } from "@lectern/room";

const NOTHING_SHOWN: ShownView = { page: null, view: null };
const NO_PENS: Pens = { everybody: false, people: [] };

/** Changes as actions of a group are decided. */
export class BoardState {
  readonly sets = new Map<number, PageSet>();
  shown: ShownView = NOTHING_SHOWN;
  pens: Pens = NO_PENS;

  constructor(retained: Pick<RetainedEntries, "ofKind">) {
    for (const { key, body } of retained.ofKind("page")) {
      // The server itself has written them.
      if (key === SHOWN_KEY) this.shown = body as ShownView;
      else if (key === PENS_KEY) this.pens = body as Pens;
      else if (typeof body["set"] === "number") this.sets.set(body["set"], body as PageSet);
    }
  }

  hasPage(id: PageId): boolean {
    const { set, number } = partsOfPage(id);
    return number <= (this.sets.get(set)?.count ?? 0);
  }

  /** Whether so many more pages have room. */
  hasRoomFor(pages: number, sets: number): boolean {
    const count = [...this.sets.values()].reduce((sum, set) => sum + set.count, 0);
    return count + pages <= LIMITS.pages && this.sets.size + sets <= LIMITS.sets;
  }

  mayDraw({ id, role }: RoomPerson): boolean {
    return role === "staff" || (role !== "watcher" && (this.pens.everybody || this.pens.people.includes(id)));
  }

  put(set: PageSet): NewRoomEntry {
    this.sets.set(set.set, set);
    return entryOf(`page/${set.set}`, set);
  }

  close(set: number): NewRoomEntry[] {
    this.sets.delete(set);
    const gone = { ...entryOf(`page/${set}`, { set }), gone: true };
    const isShown = this.shown.page !== null && partsOfPage(this.shown.page).set === set;
    return isShown ? [gone, this.show(NOTHING_SHOWN)] : [gone];
  }

  show(shown: ShownView): NewRoomEntry {
    this.shown = shown;
    return entryOf(SHOWN_KEY, shown);
  }

  give(pens: Pens): NewRoomEntry {
    this.pens = pens;
    return entryOf(PENS_KEY, pens);
  }
}

function entryOf(key: string, body: Readonly<Record<string, unknown>>): NewRoomEntry {
  return { kind: "page", to: "all", key, body };
}
