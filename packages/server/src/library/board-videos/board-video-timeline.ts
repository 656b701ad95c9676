/** Places what the board showed in a recording: the room's log becomes events at positions of the recording, in their order. */
import { type Background, type Operation, type PageId, type PageSet, partsOfPage, type ShownView } from "@lectern/board";
import { SHOWN_KEY } from "@lectern/room";
import type { BoardLogEntry } from "../../contracts/rooms/board-log.ts";
import { lengthOf, positionOf, type RoomSpan } from "../../contracts/rooms/room-replay.ts";

/** A page as it is shown. */
export type BoardVideoPage = {
  readonly id: PageId;
  /** In units. */
  readonly height: number;
  readonly ground: { readonly material: string; readonly page: number } | { readonly background: Background };
  readonly view: ShownView["view"];
};

/** `at`: milliseconds of the recording. */
export type BoardVideoEvent = { readonly at: number } & (
  | { readonly kind: "shown"; readonly page: BoardVideoPage | null }
  | { readonly kind: "drawn"; readonly page: PageId; readonly operations: readonly Operation[] }
  /** The room's log has begun again: its pages are other ones. */
  | { readonly kind: "cleared" }
);

/** A time during which a page is shown, milliseconds of the recording. */
export type ShownSpan = { readonly from: number; readonly to: number };

/** What happened before the recording is at its beginning; what happened in a pause, where it goes on; what came after its end is left out. */
export async function* boardVideoEvents(
  entries: AsyncIterable<BoardLogEntry>,
  spans: readonly RoomSpan[],
): AsyncGenerator<BoardVideoEvent> {
  const begin = spans[0]?.at ?? 0;
  let epoch: string | null = null;
  let state = new BoardFold();
  for await (const entry of entries) {
    const position = entry.at < begin ? 0 : positionOf(spans, entry.at)?.position;
    if (position === undefined) return;
    const at = Math.round(position);
    if (epoch !== null && entry.epoch !== epoch) {
      state = new BoardFold();
      yield { at, kind: "cleared" };
      yield { at, kind: "shown", page: null };
    }
    epoch = entry.epoch;
    if (entry.kind === "stroke") yield* drawn(entry, at);
    else if (state.take(entry)) yield { at, kind: "shown", page: state.shown() };
  }
}

function* drawn({ body }: BoardLogEntry, at: number): Generator<BoardVideoEvent> {
  // The server has parsed what it stored.
  const { page, ops } = body;
  if (typeof page === "string" && Array.isArray(ops)) yield { at, kind: "drawn", page, operations: ops as Operation[] };
}

/** The sets of pages, and which page is shown. */
class BoardFold {
  private readonly sets = new Map<number, PageSet>();
  private now: ShownView = { page: null, view: null };

  /** Whether another page is shown, or the same one in another way. */
  take({ key, gone, body }: BoardLogEntry): boolean {
    if (key === SHOWN_KEY) {
      this.now = body as ShownView;
      return true;
    }
    const { set } = body;
    if (typeof set !== "number") return false;
    if (gone) this.sets.delete(set);
    else this.sets.set(set, body as PageSet);
    return this.now.page !== null && partsOfPage(this.now.page).set === set;
  }

  shown(): BoardVideoPage | null {
    const { page: id, view } = this.now;
    if (id === null) return null;
    const { set: number, number: page } = partsOfPage(id);
    const set = this.sets.get(number);
    if (!set) return null;
    const ground = set.pages === "slides" ? { material: set.material, page } : { background: set.background };
    return { id, height: set.height, ground, view };
  }
}

/** When any page is shown. */
export async function shownSpans(events: AsyncIterable<BoardVideoEvent>, spans: readonly RoomSpan[]): Promise<ShownSpan[]> {
  const found: ShownSpan[] = [];
  let since: number | null = null;
  const end = (to: number): void => {
    if (since !== null && to > since) found.push({ from: since, to });
    since = null;
  };
  for await (const event of events) {
    if (event.kind !== "shown") continue;
    if (event.page === null) end(event.at);
    else since ??= event.at;
  }
  end(lengthOf(spans));
  return found;
}
