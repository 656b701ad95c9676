/**
 * Draws the board as a board video shows it. What nobody adds to any more is on a layer of its own, so that a page full of writing costs no more than a
 * new one while the pen moves.
 */
import { drawBackground, drawItem, type Item, type ItemId, Outlines, PAGE_WIDTH, Page, type PageId } from "@lectern/board";
import { type Canvas, createCanvas, type Image, loadImage } from "@napi-rs/canvas";
import { drawSlide, type ServerCanvas } from "../boards/board-sheet.ts";
import { FILM } from "./board-video-size.ts";
import type { BoardVideoEvent, BoardVideoPage } from "./board-video-timeline.ts";

/** Beside a page of another ratio. */
const BESIDE = "#18242c";
const JPEG_QUALITY = 90;
/** Pictures of materials in memory: those of the page, and those of pages before while there are no more than this. */
const MAX_IMAGES = 12;

export class VideoBoard {
  private readonly pages = new Map<PageId, Page>();
  private readonly frame = createCanvas(FILM.width, FILM.height);
  private readonly layer = createCanvas(FILM.width, FILM.height);
  /** Items on the layer; null: it is to be drawn again. */
  private settled: Set<ItemId> | null = null;
  private readonly outlines = new Outlines();
  /** By `MATERIAL/PAGE`, in the order of use; null: there is none. */
  private readonly images = new Map<string, Image | null>();
  private shown: BoardVideoPage | null = null;

  take(event: BoardVideoEvent): void {
    if (event.kind === "drawn") {
      const page = this.pages.get(event.page) ?? new Page();
      this.pages.set(event.page, page);
      const changed = event.operations.flatMap((operation) => page.apply(operation));
      if (event.page === this.shown?.id && changed.some((id) => this.settled?.has(id))) this.settled = null;
      return;
    }
    this.settled = null;
    if (event.kind === "cleared") this.pages.clear();
    else {
      if (event.page?.id !== this.shown?.id) this.outlines.clear();
      this.shown = event.page;
    }
  }

  /** Pictures that the page needs and that are not here, as `MATERIAL/PAGE`. */
  missing(): string[] {
    return this.needed().filter((name) => !this.images.has(name));
  }

  /** @param bytes null: there is no such picture */
  async give(name: string, bytes: Uint8Array | null): Promise<void> {
    this.images.set(name, bytes && (await loadImage(bytes).catch(() => null)));
  }

  /** The whole picture as a JPEG. */
  jpeg(): Buffer {
    if (this.shown) this.draw(this.shown, this.pages.get(this.shown.id)?.items() ?? []);
    else fill(this.frame);
    return this.frame.encodeSync("jpeg", JPEG_QUALITY);
  }

  /** Also says that they are used. */
  private needed(): string[] {
    const { shown } = this;
    if (!shown) return [];
    const items = this.pages.get(shown.id)?.items() ?? [];
    const put = items.flatMap(({ content, deleted }) => (content.type === "picture" && !deleted ? [nameOf(content)] : []));
    const needed = [...new Set("material" in shown.ground ? [nameOf(shown.ground), ...put] : put)].slice(0, MAX_IMAGES);
    for (const name of needed) {
      const known = this.images.get(name);
      if (known === undefined) continue;
      this.images.delete(name);
      this.images.set(name, known);
    }
    for (const name of this.images.keys()) {
      if (this.images.size <= MAX_IMAGES) break;
      if (!needed.includes(name)) this.images.delete(name);
    }
    return needed;
  }

  private draw(page: BoardVideoPage, items: readonly Item[]): void {
    const layer = this.layer.getContext("2d");
    if (this.settled === null) {
      fill(this.layer);
      this.onPage(this.layer, page, (canvas) => this.drawGround(canvas, page));
    }
    const settled = this.settled ?? new Set();
    this.settled = settled;
    const open = items.findIndex(({ id, content }) => !settled.has(id) && content.type === "stroke" && !content.ended);
    const still = open < 0 ? items : items.slice(0, open);
    this.onPage(this.layer, page, (canvas) => {
      for (const item of still) if (!settled.has(item.id)) this.drawOne(canvas, item);
    });
    for (const { id } of still) settled.add(id);
    this.frame.getContext("2d").drawImage(layer.canvas, 0, 0);
    if (open >= 0)
      this.onPage(this.frame, page, (canvas) => {
        for (const item of items.slice(open)) if (!settled.has(item.id)) this.drawOne(canvas, item);
      });
  }

  private drawOne(canvas: ServerCanvas, item: Item): void {
    const image = (material: string, page: number) => this.images.get(nameOf({ material, page })) ?? null;
    drawItem(canvas, item, { outlines: this.outlines, image });
  }

  private drawGround(canvas: ServerCanvas, { ground, height }: BoardVideoPage): void {
    drawBackground(canvas, "background" in ground ? ground.background : "blank", height);
    const slide = "material" in ground ? this.images.get(nameOf(ground)) : null;
    if (slide) drawSlide(canvas, slide, height);
  }

  /** Draws in the page's units, and nothing beside the page. */
  private onPage(on: Canvas, { height, view }: BoardVideoPage, draw: (canvas: ServerCanvas) => void): void {
    const canvas = on.getContext("2d");
    const scale = Math.min(FILM.width / PAGE_WIDTH, FILM.height / height) * (view?.scale ?? 1);
    canvas.save();
    canvas.translate(FILM.width / 2, FILM.height / 2);
    canvas.scale(scale, scale);
    canvas.translate(-(view?.x ?? PAGE_WIDTH / 2), -(view?.y ?? height / 2));
    canvas.beginPath();
    canvas.rect(0, 0, PAGE_WIDTH, height);
    canvas.clip();
    // The library's type names the browser's context, which takes other images.
    draw(canvas as unknown as ServerCanvas);
    canvas.restore();
  }
}

function fill(canvas: Canvas): void {
  const context = canvas.getContext("2d");
  context.fillStyle = BESIDE;
  context.fillRect(0, 0, FILM.width, FILM.height);
}

function nameOf({ material, page }: { readonly material: string; readonly page: number }): string {
  return `${material}/${page}`;
}
