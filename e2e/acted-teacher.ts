/** Provides people who act a lesson with a board: a hand that writes for a while, and a teacher who goes from page to page and uses each of the tools. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { BOARD_PIXELS, chooseTool, Stylus } from "./board-pages.ts";
import { Handwriting, line, type Place } from "./handwriting.ts";
import { until } from "./lectern.ts";

const FILE_LIMIT_MS = 300_000;

/** A person with a pen on a page that shows the board. */
export class ActedWriter {
  readonly page: Page;
  protected readonly stylus: Stylus;
  protected readonly hand: Handwriting;

  protected constructor(page: Page, stylus: Stylus, seed: number) {
    this.page = page;
    this.stylus = stylus;
    this.hand = new Handwriting(seed, BOARD_PIXELS);
  }

  /** @param seed another one writes otherwise */
  static async on(page: Page, seed: number): Promise<ActedWriter> {
    return new ActedWriter(page, await Stylus.on(page), seed);
  }

  /** The page is measured: it is asked for nothing but what the pen does. */
  async fixBoard(): Promise<void> {
    await this.stylus.fix();
  }

  async write(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      const { points, pauseMs } = this.hand.next();
      await sleep(pauseMs);
      await this.stylus.draw(points);
    }
  }

  /** Of the pen, or of the tool that is chosen. */
  async color(name: string): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).press("Enter");
  }
}

export class ActedTeacher extends ActedWriter {
  /** In a studio that shows a page of the board already. */
  static override async on(page: Page, seed: number): Promise<ActedTeacher> {
    return new ActedTeacher(page, await Stylus.on(page), seed);
  }

  /** By the pages beside the stage. @param page SET.NUMBER */
  async turnTo(page: string): Promise<void> {
    await this.page.locator(`[data-thumbnail="${page}"]`).press("Enter");
    await this.page.locator(`.board[data-page="${page}"]`).waitFor();
    this.hand.begin();
  }

  async nextPage(): Promise<void> {
    const before = await shownPage(this.page);
    await this.page.getByRole("button", { name: "Next page" }).press("Enter");
    await this.arriveFrom(before);
  }

  /** The empty page of the board: of a new one when there is none yet. */
  async openBoard(): Promise<void> {
    const before = await shownPage(this.page);
    await this.page.getByRole("button", { name: "Board", exact: true }).press("Enter");
    await this.arriveFrom(before);
  }

  async addPage(): Promise<void> {
    const before = await shownPage(this.page);
    await this.page.getByRole("button", { name: "Add page", exact: true }).press("Enter");
    await this.arriveFrom(before);
  }

  private async arriveFrom(before: string): Promise<void> {
    await until(async () => (await shownPage(this.page)) !== before, `another page than ${before}`);
    this.hand.begin();
  }

  async mark(): Promise<void> {
    await chooseTool(this.page, "Marker");
    for (const y of [40, 74, 108]) await this.stylus.draw(line({ x: 40, y }, { x: 380, y: y - 4 }, 40));
    await chooseTool(this.page, "Pen");
  }

  async shapes(): Promise<void> {
    await this.shape("Rectangle", { x: 400, y: 60 }, { x: 520, y: 140 });
    await this.shape("Arrow", { x: 300, y: 250 }, { x: 420, y: 200 });
    await this.shape("Ellipse", { x: 440, y: 190 }, { x: 600, y: 300 });
    await chooseTool(this.page, "Pen");
  }

  private async shape(name: string, from: Place, to: Place): Promise<void> {
    await chooseTool(this.page, "Shapes");
    await this.page.getByRole("button", { name, exact: true }).press("Enter");
    await this.stylus.draw(line(from, to, 30));
  }

  /** Through what was written first. */
  async erase(): Promise<void> {
    await chooseTool(this.page, "Eraser");
    await this.stylus.draw(line({ x: 100, y: 10 }, { x: 130, y: 150 }, 50));
    await this.stylus.draw(line({ x: 130, y: 150 }, { x: 300, y: 40 }, 50));
    await chooseTool(this.page, "Pen");
  }

  async undo(times: number): Promise<void> {
    for (let i = 0; i < times; i++) await this.page.getByRole("button", { name: "Undo" }).press("Enter");
  }

  async redo(times: number): Promise<void> {
    for (let i = 0; i < times; i++) await this.page.getByRole("button", { name: "Redo" }).press("Enter");
  }

  /** What lies wholly on the left half, a little to the right and down. */
  async moveHalf(): Promise<void> {
    await chooseTool(this.page, "Select");
    await this.stylus.draw(line({ x: 3, y: 3 }, { x: 330, y: 355 }, 30));
    await this.stylus.draw(line({ x: 120, y: 60 }, { x: 190, y: 95 }, 40));
    await this.page.keyboard.press("Escape");
    await chooseTool(this.page, "Pen");
  }
}

/** SET.NUMBER; empty: none. */
export async function shownPage(page: Page): Promise<string> {
  return await page.evaluate(() => document.querySelector<HTMLElement>(".board")?.dataset["page"] ?? "");
}

/** Adds a file in the studio, as a teacher does, and shows it once its pages are made. @returns its set */
export async function showFile(studio: Page, name: string, buffer: Buffer, mimeType: string): Promise<string> {
  await studio.getByRole("button", { name: "Slides", exact: true }).press("Enter");
  const drawer = studio.getByRole("dialog", { name: "Slides" });
  await drawer.locator('input[type="file"]').setInputFiles({ name, mimeType, buffer });
  await drawer
    .getByRole("button", { name: name.replace(/\.\w+$/, "") })
    .filter({ hasText: /pages/ })
    .click({ timeout: FILE_LIMIT_MS });
  await studio.locator(".board[data-page]").waitFor();
  return (await shownPage(studio)).split(".")[0] ?? "";
}
