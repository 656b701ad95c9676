/**
 * Provides one page as this person sees it: the fold of the log, and over it what the person has done and the log does not have yet. Own actions are
 * seen at once; they are dropped from above the log once it has them, and when the room refuses them.
 */
import { encodePoints, type Item, type ItemId, type Operation, Page } from "@lectern/board";
import { withoutKnown } from "./known-points.ts";
import type { PageFeed } from "./page-feed.ts";

/** `all`: the page is other than before. `written`: by another person, just now. `set`: everything else. */
export type PageChange = { readonly how: "all" } | { readonly how: "written" | "set"; readonly ids: readonly ItemId[] };

/** One action of this person. */
export type OwnAction = {
  /** The log has it at this place. */
  readonly stored: (seq: number) => void;
  readonly refused: () => void;
};

type Pending = { readonly operations: readonly Operation[]; seq: number | null };

/** Every stroke is drawn. */
const DRAWN = { keepsPoints: true } as const;

export class PageModel {
  /** Whether what was drawn is known. */
  isLoaded = false;
  private log = new Page(DRAWN);
  /** What this person has begun and the log may not have all of. */
  private own = new Page(DRAWN);
  /** The items of which something that is pending makes a part. */
  private making: ReadonlySet<ItemId> = new Set();
  private pending: readonly Pending[] = [];
  private seq = 0;
  private readonly listeners = new Set<(change: PageChange) => void>();
  private readonly end: () => void;
  private readonly isOwn: (id: ItemId) => boolean;

  /** @param isOwn whether an id is of this page's making */
  constructor(page: string, feed: PageFeed, isOwn: (id: ItemId) => boolean) {
    this.isOwn = isOwn;
    this.end = feed(page, {
      reset: (operations, seq) => this.reset(operations, seq),
      append: (operations, seq, since) => this.append(since < this.seq ? withoutKnown(this.log, operations) : operations, seq),
    });
  }

  /** Somebody looks at it, or it has something that the log lacks. */
  get isUsed(): boolean {
    return this.listeners.size > 0 || this.pending.length > 0;
  }

  /** In the order in which they are drawn; deleted ones say so. */
  items(): readonly Item[] {
    const stored = this.log.items();
    if (this.pending.length === 0) return stored;
    const all = this.pending.flatMap(({ operations }) => operations);
    // Of thousands of items, most are as the log has them.
    const touched = all.some(([letter]) => letter === "x") ? null : new Set(this.idsOf(all));
    const known = stored.map((item) => (touched?.has(item.id) === false ? item : (this.item(item.id) ?? item)));
    const own = this.own.items().flatMap(({ id }) => (this.log.item(id) ? [] : (this.item(id) ?? [])));
    return [...known, ...own];
  }

  item(id: ItemId): Item | null {
    const item = this.unchanged(id);
    if (item === null || this.pending.length === 0) return item;
    return this.pending.reduce((now, { operations }) => operations.reduce(changedBy, now), item);
  }

  /** Whether one item is drawn over another one, in the order of `items`. */
  isAbove(one: ItemId, other: ItemId): boolean {
    const [place, below] = [this.log.place(one), this.log.place(other)];
    // Own ones that the log does not have come last.
    if (place === null && below === null) return (this.own.place(one) ?? 0) > (this.own.place(other) ?? 0);
    return below !== null && (place === null || place > below);
  }

  /** @returns the function that ends it */
  onChange(listener: (change: PageChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What this person does is seen at once. */
  act(operations: readonly Operation[]): OwnAction {
    const one: Pending = { operations, seq: null };
    this.pending = [...this.pending, one];
    const ids = this.idsOf(operations);
    for (const operation of operations) this.make(operation);
    this.making = new Set([...this.making, ...makingIds(operations)]);
    this.tell({ how: "set", ids });
    return {
      stored: (seq) => {
        one.seq = seq;
        this.tellSet(this.settle());
      },
      refused: () => this.tellSet(this.drop([one])),
    };
  }

  close(): void {
    this.end();
    this.listeners.clear();
  }

  private unchanged(id: ItemId): Item | null {
    const stored = this.log.item(id);
    const own = this.own.item(id);
    if (!stored || !own) return stored ?? own;
    // The log may be some points behind.
    return this.making.has(id) ? { ...stored, content: own.content } : stored;
  }

  private reset(operations: readonly Operation[], seq: number): void {
    this.log = Page.of(operations, DRAWN);
    this.seq = seq;
    this.isLoaded = true;
    this.pending = this.pending.filter((one) => one.seq === null || one.seq > seq);
    this.rebuildOwn();
    this.tell({ how: "all" });
  }

  private append(operations: readonly Operation[], seq: number): void {
    this.seq = Math.max(this.seq, seq);
    const changed = new Set(operations.flatMap((operation) => this.log.apply(operation)));
    const others = [...changed].filter((id) => !this.isOwn(id));
    const isWriting = operations.some(([letter]) => letter === "s" || letter === "p");
    if (others.length > 0) this.tell({ how: isWriting ? "written" : "set", ids: others });
    // The writer's page hears of each batch once.
    this.tellSet([...[...changed].filter(this.isOwn), ...this.settle()]);
  }

  /** What the log has is not needed above it any more. @returns the items that it concerns */
  private settle(): readonly ItemId[] {
    return this.drop(this.pending.filter(({ seq }) => seq !== null && seq <= this.seq));
  }

  private drop(done: readonly Pending[]): readonly ItemId[] {
    if (done.length === 0) return [];
    const ids = done.flatMap(({ operations }) => this.idsOf(operations));
    this.pending = this.pending.filter((one) => !done.includes(one));
    this.making = new Set(this.pending.flatMap(({ operations }) => makingIds(operations)));
    if (done.some(({ seq }) => seq === null) || this.pending.length === 0) this.rebuildOwn();
    return ids;
  }

  private tellSet(ids: readonly ItemId[]): void {
    if (ids.length > 0) this.tell({ how: "set", ids: [...new Set(ids)] });
  }

  /** Of what is pending. */
  private rebuildOwn(): void {
    this.own = new Page(DRAWN);
    this.making = new Set(this.pending.flatMap(({ operations }) => makingIds(operations)));
    for (const { operations } of this.pending) for (const operation of operations) this.make(operation);
  }

  /** A stroke whose beginning the log has goes on from there. */
  private make(operation: Operation): void {
    if (!isMaking(operation)) return;
    if (operation[0] === "p" && !this.own.item(operation[1])) this.begin(operation[1]);
    this.own.apply(operation);
  }

  private begin(id: ItemId): void {
    const content = this.log.item(id)?.content;
    if (content?.type !== "stroke") return;
    const { tool, color, width, points } = content;
    this.own.apply(["s", id, tool, color, width, encodePoints(points), 0]);
  }

  private idsOf(operations: readonly Operation[]): ItemId[] {
    return operations.flatMap((operation) => {
      if (operation[0] === "x") return this.items().map(({ id }) => id);
      return typeof operation[1] === "string" ? [operation[1]] : operation[1];
    });
  }

  private tell(change: PageChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

function makingIds(operations: readonly Operation[]): ItemId[] {
  return operations.flatMap((operation) => (isMaking(operation) && typeof operation[1] === "string" ? [operation[1]] : []));
}

function isMaking([letter]: Operation): boolean {
  return letter === "s" || letter === "p" || letter === "i";
}

/** As the fold does it; see `Page`. */
function changedBy(item: Item, operation: Operation): Item {
  switch (operation[0]) {
    case "m": {
      const [, id, dx, dy, scale] = operation;
      return id === item.id ? { ...item, dx, dy, scale } : item;
    }
    case "t": {
      const [, id, to] = operation;
      if (id !== item.id) return item;
      if (typeof to !== "string") return to.type === item.content.type ? { ...item, content: to } : item;
      return item.content.type === "picture" ? item : { ...item, content: { ...item.content, color: to } };
    }
    case "d":
      return operation[1].includes(item.id) ? { ...item, deleted: true } : item;
    case "u":
      return operation[1].includes(item.id) ? { ...item, deleted: false } : item;
    case "x":
      return { ...item, deleted: true };
    default:
      return item;
  }
}
