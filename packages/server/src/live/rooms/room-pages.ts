/**
 * Provides pages of the board for newcomers. Those who ask at the same time are answered with the same bytes, and the owner is asked a few times a
 * second at most, however many come.
 */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { RoomPosition } from "@lectern/room";
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { RetryDelay } from "../../platform/retry-delay.ts";
import { type AskOwner, askOwner, RETRY } from "./owner-calls.ts";

const decompress = promisify(gunzip);

/** The state of a page as JSON. */
export class PageAnswer {
  readonly position: RoomPosition;
  readonly gzip: Buffer;
  private text: Promise<Buffer> | null = null;

  constructor(position: RoomPosition, gzip: Buffer) {
    this.position = position;
    this.gzip = gzip;
  }

  /** For clients that take no compressed answers. */
  plain(): Promise<Buffer> {
    this.text ??= decompress(this.gzip);
    return this.text;
  }
}

type Page = { answer: PageAnswer | null; reading: Promise<PageAnswer | Refusal> | null; readAt: number };

/** A page is read again after this long at the earliest. */
const READ_MS = 150;
/** A request waits so long for the owner. */
const WITHIN_MS = 5000;
/** A place beyond that is none of this room: it is not waited for. */
const MAX_AHEAD = 1000;
/** The others are read again when somebody asks. */
const MAX_PAGES = 4;
const PAGE_ID = /^\d{1,9}\.\d{1,9}$/;

export class RoomPages {
  private readonly room: string;
  private readonly ask: AskOwner;
  private readonly clock: Clock;
  /** In the order of use. */
  private readonly pages = new Map<string, Page>();

  constructor(room: string, ask: AskOwner, clock: Clock) {
    this.room = room;
    this.ask = ask;
    this.clock = clock;
  }

  /** @param after the answer has all up to this place; without an epoch, of the one that there is */
  async read(id: string, after: { readonly epoch: string | null; readonly seq: number }): Promise<PageAnswer | Refusal> {
    if (!PAGE_ID.test(id)) return new Refusal("not-found");
    const page = this.page(id);
    const { monotonic } = this.clock;
    const until = monotonic() + WITHIN_MS;
    const isEnough = ({ position }: PageAnswer): boolean =>
      position.seq >= after.seq || after.seq > position.seq + MAX_AHEAD || (after.epoch !== null && after.epoch !== position.epoch);
    if (page.answer && monotonic() - page.readAt < READ_MS && isEnough(page.answer)) return page.answer;
    while (monotonic() < until) {
      // A read that has begun before may be older than what is asked for: then there is another.
      page.reading ??= this.readLater(id, page);
      const answer = await page.reading;
      if (answer instanceof Refusal || isEnough(answer)) return answer;
    }
    return new Refusal("control-away");
  }

  private page(id: string): Page {
    const page = this.pages.get(id) ?? { answer: null, reading: null, readAt: Number.NEGATIVE_INFINITY };
    this.pages.delete(id);
    this.pages.set(id, page);
    const oldest = this.pages.size > MAX_PAGES ? this.pages.keys().next().value : undefined;
    if (oldest !== undefined) this.pages.delete(oldest);
    return page;
  }

  private async readLater(id: string, page: Page): Promise<PageAnswer | Refusal> {
    try {
      const wait = page.readAt + READ_MS - this.clock.monotonic();
      if (wait > 0) await this.pause(wait);
      const answer = await this.readNow(id);
      page.readAt = this.clock.monotonic();
      page.answer = answer instanceof Refusal ? null : answer;
      return answer;
    } finally {
      page.reading = null;
    }
  }

  /** Asks until the owner can be reached, or until requests do not wait any longer. */
  private async readNow(page: string): Promise<PageAnswer | Refusal> {
    const { monotonic } = this.clock;
    const until = monotonic() + WITHIN_MS;
    const delay = new RetryDelay(RETRY);
    for (;;) {
      const answer = await askOwner(this.ask, { kind: "page", room: this.room, page }).catch(() => null);
      if (answer instanceof Refusal) return answer;
      if (answer) return new PageAnswer({ epoch: answer.epoch, seq: answer.seq }, Buffer.from(answer.gzip, "base64"));
      if (monotonic() > until) return new Refusal("control-away");
      await this.pause(delay.next());
    }
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(milliseconds, resolve));
  }
}
