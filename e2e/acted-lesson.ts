/**
 * Provides a lesson with a board while it is acted: its people on their screens, what happens to each of them, and the moments at which all see the
 * same.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { type ActedTeacher, ActedWriter } from "./acted-teacher.ts";
import { type BoardLesson, joinLesson } from "./board-lessons.ts";
import { boardOf, changePen, noteFirstBoard, sameBoard, waitedForBoard } from "./board-pages.ts";
import { DESKTOP, PHONE, type Screen } from "./stage-pages.ts";

const AWAY_MS = 10_000;
/** Before and after the time of a moment, nothing is drawn: what is recorded may be that much earlier or later. */
const CALM_MS = 1200;
/** Of a page, in pixels. */
const LEAST_INK = 10;
const SPEAKER_SEED = 4242;

const SCREENS = {
  Anna: PHONE,
  Ben: { width: 740, height: 360 },
  Cleo: { width: 820, height: 1180, deviceScaleFactor: 2, hasTouch: true },
  Dora: DESKTOP,
  Emil: { width: 1280, height: 800, colorScheme: "dark" },
} as const satisfies Record<string, Screen>;
export type Name = keyof typeof SCREENS;

/** What happens to whom. */
export type Roles = Readonly<Record<"isThere" | "reloads" | "comesLate" | "losesLine" | "isCalledOn", Name>>;

/** @property at seconds of the recording; @property pixels of the teacher's board */
export type Moment = { readonly what: string; readonly at: number; readonly pixels: Buffer };

type Options = {
  readonly t: TestContext;
  readonly taught: BoardLesson;
  readonly teacher: ActedTeacher;
  readonly roles: Roles;
  /** Of the slides. */
  readonly set: string;
  /** Of the recording, in milliseconds since 1970. */
  readonly begun: number;
  /** So long is written in each part of the lesson. */
  readonly partMs: number;
};

export class ActedLesson {
  readonly teacher: ActedTeacher;
  readonly moments: Moment[] = [];
  private readonly options: Options;
  private readonly students = new Map<Name, Page>();
  private speaker: ActedWriter | null = null;

  constructor(options: Options) {
    this.options = options;
    this.teacher = options.teacher;
  }

  /** All but who comes late. */
  async open(): Promise<void> {
    const { roles } = this.options;
    const others = new Set(Object.values(roles));
    others.delete(roles.comesLate);
    for (const name of others) await this.join(name);
  }

  async write(): Promise<void> {
    await this.teacher.write(this.options.partMs);
  }

  async speakerWrites(): Promise<void> {
    assert.ok(this.speaker, "nobody has a pen");
    await this.speaker.write(this.options.partMs);
  }

  async showSlide(number: number): Promise<void> {
    await this.teacher.turnTo(`${this.options.set}.${number}`);
  }

  async comeLate(): Promise<void> {
    await this.join(this.options.roles.comesLate);
    const { first } = await waitedForBoard(this.page("comesLate"));
    this.options.t.diagnostic(`who comes late sees the board ${Math.round(first)} ms after joining`);
  }

  async reload(): Promise<void> {
    const page = this.page("reloads");
    await page.reload();
    this.options.t.diagnostic(
      `who loads the page again sees the board ${Math.round((await waitedForBoard(page)).first)} ms after that`,
    );
  }

  async loseLine(): Promise<void> {
    const context = this.page("losesLine").context();
    await context.setOffline(true);
    await sleep(AWAY_MS);
    await context.setOffline(false);
  }

  /** The student speaks, and gets a pen. */
  async callOn(): Promise<void> {
    const name = this.options.roles.isCalledOn;
    const [studio, page] = [this.teacher.page, this.page("isCalledOn")];
    await page.getByRole("button", { name: "Raise hand" }).press("Enter");
    await studio.getByRole("button", { name: `Call on: ${name}` }).press("Enter");
    await page.getByRole("button", { name: "Speak", exact: true }).press("Enter");
    await page.getByText("You are heard.").waitFor();
    await changePen(studio, name, "Give a pen");
    this.speaker = await ActedWriter.on(page, SPEAKER_SEED);
    await this.speaker.color("Red");
  }

  async sendBack(): Promise<void> {
    const page = this.page("isCalledOn");
    await changePen(this.teacher.page, this.options.roles.isCalledOn, "Take the pen back");
    await page.getByRole("toolbar", { name: "Drawing tools" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Stop speaking" }).press("Enter");
  }

  /** Everybody sees what the teacher sees. It is remembered for the replay. */
  async compare(what: string): Promise<void> {
    const name = `moment ${this.moments.length + 1} (${what})`;
    const studio = this.teacher.page;
    const pixels = await sameBoard(studio, Object.fromEntries(this.students), name, LEAST_INK);
    assert.ok(!this.moments.at(-1)?.pixels.equals(pixels), `${name}: nothing was drawn`);
    await sleep(CALM_MS);
    const at = (Date.now() - this.options.begun) / 1000;
    assert.ok((await boardOf(studio)).equals(pixels), `${name}: the teacher's own board has changed since`);
    await sleep(CALM_MS);
    this.moments.push({ what, at, pixels });
  }

  private async join(name: Name): Promise<void> {
    const { t, taught } = this.options;
    this.students.set(name, await joinLesson(t, taught.lesson, name, SCREENS[name], noteFirstBoard));
  }

  private page(role: keyof Roles): Page {
    const name = this.options.roles[role];
    const page = this.students.get(name);
    assert.ok(page, `${name} is not there`);
    return page;
  }
}
