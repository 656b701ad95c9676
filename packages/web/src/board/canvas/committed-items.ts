/** Compares the items of a page with those that a layer shows: what is only added is drawn over the rest, everything else in its place again. */
import type { Item, ItemId } from "@lectern/board";

export type Difference =
  | { readonly kind: "none" }
  /** Above all others. */
  | { readonly kind: "added"; readonly items: readonly Item[] }
  /** Items as they were and as they are now: their places are drawn again. */
  | { readonly kind: "changed"; readonly items: readonly Item[] }
  /** They lie in another order. */
  | { readonly kind: "all" };

export class CommittedItems {
  private shown: readonly Item[] = [];
  private known = new Map<ItemId, Item>();

  has(id: ItemId): boolean {
    return this.known.has(id);
  }

  /** The item above all others. */
  get top(): ItemId | null {
    return this.shown.at(-1)?.id ?? null;
  }

  /** @param item above all others, which is not among them */
  add(item: Item): void {
    this.shown = [...this.shown, item];
    this.known.set(item.id, item);
  }

  /** @param item null: there is none, or it does not belong to the layer */
  isShown(id: ItemId, item: Item | null): boolean {
    const known = this.known.get(id);
    return known === undefined ? item === null : item !== null && looksSame(known, item);
  }

  take(items: readonly Item[]): Difference {
    const before = this.shown;
    const known = this.known;
    if (items.length >= before.length && before.every((item, i) => looksSame(item, items[i]))) {
      // Nearly always: one more stroke on a page with thousands.
      const added = items.slice(before.length);
      this.shown = items;
      for (const item of added) known.set(item.id, item);
      return added.length === 0 ? { kind: "none" } : { kind: "added", items: added };
    }
    this.shown = items;
    this.known = new Map(items.map((item) => [item.id, item]));
    const added = items.filter(({ id }) => !known.has(id));
    const others = added.length === 0 ? items : items.filter(({ id }) => known.has(id));
    const kept = before.filter(({ id }) => this.known.has(id));
    if (others.some(({ id }, i) => kept[i]?.id !== id)) return { kind: "all" };
    const changed = others.flatMap((item) => {
      const was = known.get(item.id);
      return was && !looksSame(was, item) ? [was, item] : [];
    });
    const gone = before.filter(({ id }) => !this.known.has(id));
    const isOnTop = added.every((item, i) => items[items.length - added.length + i] === item);
    if (changed.length === 0 && gone.length === 0 && isOnTop)
      return added.length === 0 ? { kind: "none" } : { kind: "added", items: added };
    return { kind: "changed", items: [...changed, ...gone, ...added] };
  }

  clear(): void {
    this.shown = [];
    this.known = new Map();
  }
}

/** What a person has drawn is another object once the log has it, and looks the same. */
function looksSame(one: Item, other: Item | undefined): boolean {
  if (one === other) return true;
  if (one.id !== other?.id || one.dx !== other.dx || one.dy !== other.dy || one.scale !== other.scale) return false;
  return one.content === other.content || isSameStroke(one.content, other.content);
}

function isSameStroke(one: Item["content"], other: Item["content"]): boolean {
  if (one.type !== "stroke" || other.type !== "stroke") return false;
  if (one.tool !== other.tool || one.color !== other.color || one.width !== other.width || one.ended !== other.ended) return false;
  if (one.points.length !== other.points.length) return false;
  return one.points.every(({ x, y, pressure }, i) => {
    const point = other.points[i];
    return x === point?.x && y === point.y && pressure === point.pressure;
  });
}
