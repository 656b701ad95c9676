/**
 * Provides a page of the board: the fold of its operations in the order of the room's log. Every copy of a page that has taken the same operations
 * has the same items, also where it began with the fewest operations that make the page.
 */
import { decodePoints, encodePoints, ORIGIN } from "./points.ts";
import { type Color, type Content, type Item, type ItemId, LIMITS, type Operation, type Point, type Stroke } from "./shapes.ts";

type Solid = Exclude<Content, Stroke>;

/** A stroke keeps its text; points are read when somebody looks at them. */
type Line = {
  readonly kind: "line";
  readonly start: Extract<Operation, readonly ["s", ...unknown[]]>;
  color: Color;
  text: string;
  count: number;
  last: Point;
  ended: boolean;
  /** Read so far: `points` of the first `read` characters of the text. */
  points: readonly Point[];
  read: number;
};

type StoredItem = {
  readonly id: ItemId;
  /** Grows with each item that is added. */
  readonly place: number;
  of: Line | { readonly kind: "solid"; content: Solid };
  dx: number;
  dy: number;
  scale: number;
  deleted: boolean;
  /** Of the operations that make it. */
  bytes: number;
  /** As it was last looked at; null: it has changed since. */
  item: Item | null;
};

export type PageOptions = { readonly keepsPoints?: boolean };

export type Size = { readonly items: number; readonly bytes: number };

/** About what `["m", id, dx, dy, scale]` takes, which any item may come to need. */
const BYTES_OF_MOVE = 40;
/** About what a list, the id and the other fields of a stroke take. */
const BYTES_OF_STROKE = 48;

export class Page {
  /** In the order of their first operations. */
  private readonly held = new Map<ItemId, StoredItem>();
  /** Those deleted, the one longest ago first. */
  private readonly deleted = new Map<ItemId, StoredItem>();
  private places = 0;
  private live: Size = { items: 0, bytes: 0 };
  private dead: Size = { items: 0, bytes: 0 };
  private readonly keepsPoints: boolean;

  /** @param keepsPoints of strokes, as soon as they are read: where all items are looked at, they are read once. Default: they are read again then */
  constructor({ keepsPoints = false }: PageOptions = {}) {
    this.keepsPoints = keepsPoints;
  }

  /** A page that was made by these operations. */
  static of(operations: readonly Operation[], options?: PageOptions): Page {
    const page = new Page(options);
    for (const operation of operations) page.apply(operation);
    return page;
  }

  /** Of the items that were not deleted. */
  get size(): Size {
    return this.live;
  }

  get isEmpty(): boolean {
    return this.held.size === 0;
  }

  /** The items in the order in which they are drawn; deleted ones, which can be brought back, say so. An item that has not changed is the same object. */
  items(): readonly Item[] {
    return [...this.held.values()].map(itemOf);
  }

  item(id: ItemId): Item | null {
    const held = this.held.get(id);
    return held ? itemOf(held) : null;
  }

  /** Where an item lies among the others: above those with lower numbers. Null: there is none. */
  place(id: ItemId): number | null {
    return this.held.get(id)?.place ?? null;
  }

  /** Takes the next operation of the log. @returns the items that are other than before */
  apply(operation: Operation): readonly ItemId[] {
    switch (operation[0]) {
      case "s":
        return this.begin(operation);
      case "p":
        return this.addPoints(operation);
      case "i":
        return this.put(operation);
      case "m":
        return this.move(operation);
      case "t":
        return this.change(operation);
      case "d":
        return this.delete(operation[1]);
      case "u":
        return this.bringBack(operation[1]);
      case "x":
        return this.delete([...this.held.keys()]);
    }
  }

  /** The fewest operations that make this page. */
  operations(): readonly Operation[] {
    const operations: Operation[] = [];
    for (const held of this.held.values()) {
      const { id, of, dx, dy, scale } = held;
      if (of.kind === "line") operations.push(["s", id, of.start[2], of.color, of.start[4], of.text, of.ended ? 1 : 0]);
      else operations.push(["i", id, of.content]);
      if (dx !== 0 || dy !== 0 || scale !== 1) operations.push(["m", id, dx, dy, scale]);
    }
    const deleted = [...this.deleted.keys()];
    for (let i = 0; i < deleted.length; i += LIMITS.idsOfOperation)
      operations.push(["d", deleted.slice(i, i + LIMITS.idsOfOperation)]);
    return operations;
  }

  private begin(start: Line["start"]): readonly ItemId[] {
    const [, id, , color, , text, ended] = start;
    const points = decodePoints(text, ORIGIN, LIMITS.pointsOfStroke);
    if (points === null) return [];
    const line: Line = {
      kind: "line",
      start,
      color,
      text,
      count: points.length,
      last: points.at(-1) ?? ORIGIN,
      ended: ended === 1,
      ...(this.keepsPoints ? { points, read: text.length } : { points: [], read: 0 }),
    };
    return this.add(id, line, BYTES_OF_STROKE + text.length);
  }

  private put([, id, content]: Extract<Operation, readonly ["i", ...unknown[]]>): readonly ItemId[] {
    return this.add(id, { kind: "solid", content }, bytesOf(content));
  }

  private add(id: ItemId, of: StoredItem["of"], bytes: number): readonly ItemId[] {
    if (this.held.has(id) || this.live.items >= LIMITS.items) return [];
    const place = this.places++;
    const held: StoredItem = { id, place, of, dx: 0, dy: 0, scale: 1, deleted: false, bytes: bytes + BYTES_OF_MOVE, item: null };
    this.held.set(id, held);
    this.live = plus(this.live, held, 1);
    return [id];
  }

  private addPoints([, id, text, ended]: Extract<Operation, readonly ["p", ...unknown[]]>): readonly ItemId[] {
    const held = this.held.get(id);
    if (held?.of.kind !== "line" || held.of.ended) return [];
    const line = held.of;
    const decoded = decodePoints(text, line.last);
    // A stroke that is full takes what it has room for, so that it does not matter in which batches points come.
    const points = decoded?.slice(0, LIMITS.pointsOfStroke - line.count) ?? null;
    if (points === null || (points.length === 0 && ended === 0)) return [];
    const added = points.length === decoded?.length ? text : encodePoints(points, line.last);
    line.text += added;
    line.count += points.length;
    line.last = points.at(-1) ?? line.last;
    line.ended = ended === 1;
    this.grow(held, added.length);
    return [id];
  }

  private move([, id, dx, dy, scale]: Extract<Operation, readonly ["m", ...unknown[]]>): readonly ItemId[] {
    const held = this.held.get(id);
    if (!held || (held.dx === dx && held.dy === dy && held.scale === scale)) return [];
    Object.assign(held, { dx, dy, scale, item: null });
    return [id];
  }

  private change([, id, to]: Extract<Operation, readonly ["t", ...unknown[]]>): readonly ItemId[] {
    const held = this.held.get(id);
    if (!held) return [];
    if (held.of.kind === "line") {
      if (typeof to !== "string") return [];
      held.of.color = to;
      held.item = null;
      return [id];
    }
    const content = changed(held.of.content, to);
    if (content === null) return [];
    held.of = { kind: "solid", content };
    this.grow(held, bytesOf(content) + BYTES_OF_MOVE - held.bytes);
    return [id];
  }

  private delete(ids: readonly ItemId[]): readonly ItemId[] {
    const gone = ids.filter((id) => this.setDeleted(id, true));
    this.forget();
    return gone;
  }

  private bringBack(ids: readonly ItemId[]): readonly ItemId[] {
    return ids.filter((id) => this.live.items < LIMITS.items && this.setDeleted(id, false));
  }

  private setDeleted(id: ItemId, deleted: boolean): boolean {
    const held = this.held.get(id);
    if (!held || held.deleted === deleted) return false;
    Object.assign(held, { deleted, item: null });
    if (deleted) this.deleted.set(id, held);
    else this.deleted.delete(id);
    this.live = plus(this.live, held, deleted ? -1 : 1);
    this.dead = plus(this.dead, held, deleted ? 1 : -1);
    return true;
  }

  /** Those that were deleted long ago cannot be brought back. */
  private forget(): void {
    for (const [id, held] of this.deleted) {
      if (this.dead.items <= LIMITS.deletedItems && this.dead.bytes <= LIMITS.bytesDeleted) return;
      this.deleted.delete(id);
      this.held.delete(id);
      this.dead = plus(this.dead, held, -1);
    }
  }

  private grow(held: StoredItem, bytes: number): void {
    held.bytes += bytes;
    held.item = null;
    if (held.deleted) {
      this.dead = { ...this.dead, bytes: this.dead.bytes + bytes };
      this.forget();
    } else this.live = { ...this.live, bytes: this.live.bytes + bytes };
  }
}

/** How much larger operations may make a page: at most. */
export function growthOf(operations: readonly Operation[]): Size {
  let [items, bytes] = [0, 0];
  for (const operation of operations) {
    const [letter] = operation;
    if (letter === "s") [items, bytes] = [items + 1, bytes + BYTES_OF_STROKE + operation[5].length + BYTES_OF_MOVE];
    else if (letter === "i") [items, bytes] = [items + 1, bytes + bytesOf(operation[2]) + BYTES_OF_MOVE];
    else if (letter === "p") bytes += operation[2].length;
    // A color may have a longer name than the one before.
    else if (letter === "t") bytes += typeof operation[2] === "string" ? operation[2].length : bytesOf(operation[2]);
  }
  return { items, bytes };
}

function itemOf(held: StoredItem): Item {
  const { id, of, dx, dy, scale, deleted } = held;
  held.item ??= { id, content: of.kind === "line" ? strokeOf(of) : of.content, dx, dy, scale, deleted };
  return held.item;
}

function strokeOf(line: Line): Stroke {
  const [, , tool, , width] = line.start;
  if (line.read < line.text.length) {
    const more = decodePoints(line.text.slice(line.read), line.points.at(-1)) ?? [];
    line.points = [...line.points, ...more];
    line.read = line.text.length;
  }
  return { type: "stroke", tool, color: line.color, width, points: line.points, ended: line.ended };
}

/** Null: the item cannot be changed to that. */
function changed(content: Solid, to: Solid | Color): Solid | null {
  if (typeof to !== "string") return content.type === to.type ? to : null;
  return content.type === "picture" ? null : { ...content, color: to };
}

function bytesOf(content: Solid): number {
  return JSON.stringify(content).length;
}

function plus(size: Size, { bytes }: StoredItem, times: 1 | -1): Size {
  return { items: size.items + times, bytes: size.bytes + times * bytes };
}
