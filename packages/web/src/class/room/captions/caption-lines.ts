/** Decides which captions are shown now: each from the moment at which the picture has come to it, for as long as it takes to read, and the two newest. */
import type { Caption } from "@lectern/room";

/** What is said is read for so long at least. */
const LEAST_MS = 3500;
const MOST_LINES = 2;
/** A larger step is no delay of the picture: its times are others than those of the captions. */
const MAX_AHEAD_MS = 60_000;
const MAX_KEPT = 50;

type Line = { caption: Caption; since: number | null; until: number };

export class CaptionLines {
  private lines: Line[] = [];

  /** @param now milliseconds that have passed since any moment */
  take(caption: Caption, now: number): void {
    const known = this.lines.find((line) => line.caption.ref === caption.ref);
    if (known) {
      known.caption = caption;
      if (known.since !== null) known.until = now + readingTime(caption);
    } else this.lines = [...this.lines, { caption, since: null, until: 0 }].slice(-MAX_KEPT);
  }

  /** @param mediaTime the stream's time that is shown, milliseconds; null: not known, and each is due when it comes */
  shown(now: number, mediaTime: number | null): readonly string[] {
    for (const line of this.lines) {
      if (line.since !== null || !isDue(line.caption, mediaTime)) continue;
      line.since = now;
      line.until = now + readingTime(line.caption);
    }
    this.lines = this.lines.filter(({ since, until }) => since === null || now < until);
    const due = this.lines.filter(({ since }) => since !== null);
    return due
      .map(({ caption }) => caption.text)
      .filter((text) => text !== "")
      .slice(-MOST_LINES);
  }

  clear(): void {
    this.lines = [];
  }
}

function isDue({ start }: Caption, mediaTime: number | null): boolean {
  return mediaTime === null || mediaTime >= start || start - mediaTime > MAX_AHEAD_MS;
}

function readingTime({ start, end }: Caption): number {
  return Math.max(LEAST_MS, end - start);
}
