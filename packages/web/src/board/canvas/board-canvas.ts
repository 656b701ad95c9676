/**
 * Shows a page on two canvases: what is finished on the lower one, which is drawn again only where it changes, and strokes that grow on the upper one, unless a
 * worker draws them (see `LiveStrokes`). The strokes of others are played out as they were written. Frames are drawn when something changes, and only then. A page with
 * thousands of strokes appears within a few frames: their outlines take a moment to make.
 */
import {
  type Background,
  drawBackground,
  drawItem,
  InkPlayer,
  type Item,
  type ItemId,
  Outlines,
  type Point,
  type Stroke,
} from "@lectern/board";
import type { PageChange, PageModel } from "../pages/page-model.ts";
import { type CanvasViewport, type Size, type View, type ViewBox, viewBox } from "../pages/view-box.ts";
import { CommittedItems } from "./committed-items.ts";
import { clipToPage, GrowingLayer } from "./growing-layer.ts";
import { inkOf } from "./ink-box.ts";
import { type Area, areTouching, type Context, Layer, united } from "./layer.ts";
import { LiveStrokes } from "./live-strokes.ts";
import { SeenWhile } from "./seen.ts";

export type ShownPage = {
  readonly model: PageModel;
  readonly height: number;
  /** Null: a picture lies below. */
  readonly background: Background | null;
};

/** @returns null while it loads: the canvas is told by `pictureLoaded` */
export type FindImage = (material: string, page: number) => CanvasImageSource | null;

type Options = {
  readonly committed: HTMLCanvasElement;
  readonly growing: HTMLCanvasElement;
  readonly image: FindImage;
};

/** What is to be drawn again; each includes those before it. */
const NEEDS = ["nothing", "growing", "committed", "all"] as const;
type Need = (typeof NEEDS)[number];

/** A frame makes outlines for so long, of strokes that are finished. */
const OUTLINES_MS = 32;

/** The stroke that is being drawn here. `more`: its newest samples, which are not part of the page yet. */
export type LiveStroke = { readonly id: ItemId; readonly more: readonly Point[] };

export class BoardCanvas {
  /** Above everything, until it is dry. */
  readonly liveStrokes: LiveStrokes;
  private readonly committed: Layer;
  private readonly growing: GrowingLayer;
  private readonly growingSeen: SeenWhile;
  private readonly image: FindImage;
  private readonly outlines = new Outlines();
  private readonly liveOutlines = this.outlines.live(() => this.live?.more.length ?? 0);
  private readonly player = new InkPlayer();
  private readonly items = new CommittedItems();
  private page: ShownPage | null = null;
  private stopListening: (() => void) | null = null;
  private view: View | null = null;
  private at: CanvasViewport = {
    frame: { width: 0, height: 0 },
    ratio: 1,
    box: viewBox({ width: 0, height: 0 }, 1, null),
    pageHeight: 0,
  };
  private need: Need = "all";
  /** Those of the finished that come with the next frames, above all that are drawn. */
  private rest: readonly Item[] = [];
  /** What has been finished since the last frame, above all others: nearly always one more stroke on a page with thousands, which need not be looked at. */
  private added: Item[] = [];
  /** Strokes that are not finished or are still played out, and how many of their points have come. */
  private readonly growingIds = new Map<ItemId, number>();
  private live: LiveStroke | null = null;
  private request: number | null = null;
  /** Drawn above everything, such as a selection. */
  private overlay: ((context: Context, pixel: number) => void) | null = null;
  private isClosed = false;

  constructor({ committed, growing, image }: Options) {
    this.committed = new Layer(committed);
    this.growing = new GrowingLayer(growing);
    this.growingSeen = new SeenWhile(growing);
    this.image = image;
    this.liveStrokes = new LiveStrokes(growing, { place: () => this.at, committed: () => this.invalidate("growing") });
  }

  get box(): ViewBox {
    return this.at.box;
  }

  setPage(page: ShownPage | null): void {
    if (page?.model !== this.page?.model) {
      this.stopListening?.();
      this.stopListening = page?.model.onChange((change) => this.onChange(change)) ?? null;
      this.liveStrokes.clear();
      this.forgetAll();
    }
    this.page = page;
    this.place();
    this.invalidate("all");
  }

  setFrame(frame: Size, ratio: number): void {
    this.place(frame, ratio);
  }

  setView(view: View | null): void {
    this.view = view;
    this.place();
  }

  /** @param draw above everything, in the page's units; `pixel`: how many units a pixel of the screen has */
  setOverlay(draw: ((context: Context, pixel: number) => void) | null): void {
    this.overlay = draw;
    this.invalidate("growing");
  }

  /** Null: nothing is drawn here now. It is shown at once. */
  setLive(live: LiveStroke | null): void {
    this.live = live;
    if (this.need === "nothing") this.need = "growing";
    this.drawNow();
  }

  /** For what an overlay shows that is no part of the page yet. */
  drawOver(context: Context, item: Item): void {
    this.drawItem(context, item, new Outlines());
  }

  /** An image that was asked for has come. */
  pictureLoaded(): void {
    this.invalidate("all");
  }

  /** Draws what waits for the next frame. */
  drawNow(): void {
    const { need } = this;
    if (this.isClosed || this.at.frame.width === 0 || need === "nothing") return;
    this.need = "nothing";
    if (need === "all") this.drawAll(this.finished());
    if (need === "committed") this.drawCommitted(this.finished());
    if (need === "growing") this.drawAdded();
    this.added = [];
    this.drawRest();
    this.drawGrowing();
    if (this.rest.length > 0) this.invalidate("growing");
    else if ([...this.growingIds.keys()].every((id) => this.isAhead(id))) this.cancelFrame();
  }

  close(): void {
    this.isClosed = true;
    this.stopListening?.();
    this.cancelFrame();
    this.growingSeen.close();
    this.liveStrokes.close();
  }

  private onChange(change: PageChange): void {
    if (change.how === "all") {
      this.forgetAll();
      return this.invalidate("all");
    }
    const now = performance.now();
    for (const id of change.ids) {
      const item = this.page?.model.item(id) ?? null;
      const before = this.growingIds.get(id);
      const content = item && !item.deleted && item.content.type === "stroke" ? item.content : null;
      const isCommitted = this.items.has(id);
      // What is laid over live strokes would be seen below it.
      if (!isCommitted && before === undefined && content?.tool !== "pen") this.liveStrokes.commitWritten();
      const isWritten = content !== null && change.how === "written" && !isCommitted;
      if (isWritten && !this.liveStrokes.play(id, content, before ?? 0)) this.player.take(id, content.points, before ?? 0, now);
      this.liveStrokes.look(id, item);
      if (content && this.isUnfinished(id, content, now)) this.growingIds.set(id, content.points.length);
      else this.growingIds.delete(id);
      const isGrowing = this.growingIds.has(id);
      this.settle(id, isGrowing || item?.deleted ? null : item);
      // What is being drawn here is on the screen before it is part of the page; a frame for nothing costs the whole page.
      if (isGrowing ? !this.isAhead(id) : before !== undefined) this.invalidate("growing");
    }
  }

  /** No frame is made for it: it is a live stroke, or drawn with the events of this person's pen. */
  private isAhead(id: ItemId): boolean {
    return id === this.live?.id || this.liveStrokes.has(id);
  }

  /** An item is other than before. @param item null: it is not finished, or there is none */
  private settle(id: ItemId, item: Item | null): void {
    const isWaiting = this.added.some((one) => one.id === id);
    if (!isWaiting && this.items.isShown(id, item)) return;
    const top = this.added.at(-1)?.id ?? this.items.top;
    const isOnTop = top === null || this.page?.model.isAbove(id, top);
    if (item === null || isWaiting || this.items.has(id) || !isOnTop) return this.invalidate("committed");
    this.added.push(item);
    this.invalidate("growing");
  }

  /** Or it is a live stroke still. */
  private isUnfinished(id: ItemId, { points, ended }: Stroke, now: number): boolean {
    return !ended || this.liveStrokes.has(id) || this.player.shown(id, points.length, now) < points.length;
  }

  private forgetAll(): void {
    this.liveStrokes.commitAll();
    this.player.clear();
    this.outlines.clear();
    this.items.clear();
    this.rest = [];
    this.added = [];
    this.growingIds.clear();
    const now = performance.now();
    for (const { id, content, deleted } of this.page?.model.items() ?? [])
      if (content.type === "stroke" && !deleted && this.isUnfinished(id, content, now))
        this.growingIds.set(id, content.points.length);
  }

  private place(frame = this.at.frame, ratio = this.at.ratio): void {
    const { page } = this;
    const box = viewBox(frame, page?.height ?? 1, this.view);
    this.at = { frame, ratio, box, pageHeight: page?.height ?? 0 };
    const isChanged = this.committed.place(frame, ratio, box);
    if (!this.growing.place(frame, ratio, box) && !isChanged) return;
    this.liveStrokes.moved();
    this.invalidate("all");
    // A canvas that has another size is empty.
    this.drawNow();
  }

  private invalidate(need: Need): void {
    if (NEEDS.indexOf(need) > NEEDS.indexOf(this.need)) this.need = need;
    this.request ??= this.isClosed ? null : requestAnimationFrame((now) => this.onFrame(now));
  }

  private cancelFrame(): void {
    if (this.request !== null) cancelAnimationFrame(this.request);
    this.request = null;
  }

  private onFrame(now: number): void {
    this.request = null;
    for (const id of this.growingIds.keys()) {
      const item = this.page?.model.item(id) ?? null;
      if (item?.content.type === "stroke" && this.isUnfinished(id, item.content, now)) continue;
      this.growingIds.delete(id);
      this.settle(id, item?.deleted ? null : item);
    }
    this.drawNow();
    if (this.player.isPlaying(now)) this.invalidate("growing");
  }

  private finished(): readonly Item[] {
    return this.page?.model.items().filter(({ id, deleted }) => !deleted && !this.growingIds.has(id)) ?? [];
  }

  /** What grows, as far as it is shown. */
  private unfinished(): readonly Item[] {
    const now = performance.now();
    return [...this.growingIds.keys()].flatMap((id) => {
      const item = this.page?.model.item(id);
      if (item?.content.type !== "stroke" || this.liveStrokes.has(id)) return [];
      const { points } = item.content;
      const count = this.player.shown(id, points.length, now);
      if (this.live?.id === id) return [withPoints(item, item.content, [...points, ...this.live.more])];
      return count === points.length ? [item] : [withPoints(item, item.content, points.slice(0, count))];
    });
  }

  private drawAll(items: readonly Item[]): void {
    this.items.clear();
    this.items.take(items);
    this.drawWhole(items);
  }

  private drawCommitted(items: readonly Item[]): void {
    const difference = this.items.take(items);
    // What waits to be drawn may lie below what is drawn again.
    if (difference.kind === "all" || (difference.kind === "changed" && this.rest.length > 0)) this.drawWhole(items);
    else if (difference.kind === "added") this.rest = [...this.rest, ...difference.items];
    else if (difference.kind === "changed") {
      const area = difference.items.map((item) => this.committed.areaOf(inkOf(item))).reduce(united, null);
      if (area) this.committed.replace(area, (context) => this.drawArea(context, area, items));
    }
  }

  private drawAdded(): void {
    if (this.added.length === 0) return;
    for (const item of this.added) this.items.add(item);
    this.rest = [...this.rest, ...this.added];
  }

  private drawWhole(items: readonly Item[]): void {
    this.committed.redraw(this.committed.all, (context) => this.drawPaper(context));
    this.rest = items;
  }

  /** As many as a frame has time for. */
  private drawRest(): void {
    const { rest } = this;
    if (rest.length === 0) return;
    const end = performance.now() + OUTLINES_MS;
    this.committed.draw((context) => {
      clipToPage(context, this.at.pageHeight);
      const next = rest.findIndex((item) => {
        if (!this.committed.areaOf(inkOf(item))) return false;
        if (this.needsOutline(item) && performance.now() > end) return true;
        this.drawItem(context, item);
        return false;
      });
      this.rest = next < 0 ? [] : rest.slice(next);
    });
  }

  private needsOutline({ id, content }: Item): boolean {
    return content.type === "stroke" && !this.outlines.has(id, content);
  }

  private drawArea(context: Context, area: Area, items: readonly Item[]): void {
    this.drawPaper(context);
    for (const item of items) {
      const own = this.committed.areaOf(inkOf(item));
      if (own && areTouching(own, area)) this.drawItem(context, item);
    }
  }

  private drawPaper(context: Context): void {
    if (!this.page) return;
    const { background, height } = this.page;
    clipToPage(context, height);
    if (background !== null) drawBackground(context, background, height);
  }

  private drawGrowing(): void {
    const { overlay } = this;
    this.growing.show({
      items: this.unfinished(),
      pageHeight: this.at.pageHeight,
      draw: (context, item) => this.drawItem(context, item, item.id === this.live?.id ? this.liveOutlines : this.outlines),
      overlay: overlay && ((context) => overlay(context, 1 / this.box.scale)),
    });
    this.growingSeen.drawn(this.growing.isEmpty);
  }

  private drawItem(context: Context, item: Item, outlines: Pick<Outlines, "of"> = this.outlines): void {
    drawItem<CanvasImageSource>(context, item, { outlines, image: this.image });
  }
}

function withPoints(item: Item, content: Stroke, points: readonly Point[]): Item {
  return { ...item, content: { ...content, points } };
}
