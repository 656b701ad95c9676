/**
 * Provides handwriting for tests, the same each time: Latin letters in loops that lean, Chinese characters of a few strokes each, from line to line
 * over a page.
 */

export type Place = { readonly x: number; readonly y: number };
export type PenPoint = Place & { readonly pressure: number };

/** Samples of a pen in a second. */
export const SAMPLE_MS = 1000 / 120;
/** Letters and characters, in pixels of a board that is 640 wide. */
const SIZE = { least: 16, most: 24 } as const;
/** The pen is off the page: between two strokes of a character, and between words. */
const LIFT_MS = { least: 40, most: 90 } as const;
const GAP_MS = { least: 120, most: 260 } as const;
const LINE_HEIGHT = 34;
const MARGIN = 28;

/** Letters as a hand writes them: loops that lean, harder downwards than upwards. */
export function word(letters: number, { x, y }: Place, size = 28): PenPoint[] {
  const points: PenPoint[] = [];
  const each = 26;
  for (let i = 0; i <= letters * each; i++) {
    const turn = (i / each) * 2 * Math.PI;
    const height = 1 + 0.35 * Math.sin(i / 17) + 0.2 * Math.sin(i / 5);
    points.push({
      x: x + (i / each) * size * 0.72 + size * 0.4 * Math.sin(turn) + 0.18 * size * Math.cos(turn) * height,
      y: y - (size / 2) * height * Math.cos(turn),
      pressure: Math.min(1, Math.max(0.08, 0.42 + 0.3 * Math.sin(turn) + 0.1 * Math.sin(i / 3))),
    });
  }
  return points;
}

export function line(from: Place, to: Place, steps = 12): PenPoint[] {
  return Array.from({ length: steps + 1 }, (_, i) => ({
    x: from.x + ((to.x - from.x) * i) / steps,
    y: from.y + ((to.y - from.y) * i) / steps,
    pressure: 0.5,
  }));
}

/** A stroke, and how long the pen is off the page before it. */
export type WrittenStroke = { readonly points: readonly PenPoint[]; readonly pauseMs: number };

/** Writes on and on; a page that is full is written over from its first line. */
export class Handwriting {
  private readonly width: number;
  private readonly height: number;
  private seed: number;
  private place: Place = { x: MARGIN, y: MARGIN };
  private readonly waiting: WrittenStroke[] = [];

  /** @param seed another one writes otherwise; @param size of the page, in pixels */
  constructor(seed: number, { width, height }: { readonly width: number; readonly height: number }) {
    this.seed = seed;
    this.width = width;
    this.height = height;
  }

  /** Another page. */
  begin(): void {
    this.place = { x: MARGIN, y: MARGIN };
  }

  next(): WrittenStroke {
    const ready = this.waiting.shift();
    if (ready) return ready;
    if (this.random() < 0.4) return this.latin();
    this.waiting.push(...this.character());
    return this.next();
  }

  private latin(): WrittenStroke {
    const size = this.between(SIZE);
    const letters = 2 + Math.floor(this.random() * 4);
    const at = this.advance(letters * size * 0.72 + size);
    return { points: word(letters, { x: at.x + size / 2, y: at.y }, size), pauseMs: this.between(GAP_MS) };
  }

  /** Level, upright and slanting strokes, pressed at their beginning, some with a hook. */
  private character(): WrittenStroke[] {
    const size = this.between(SIZE);
    const at = this.advance(size * 1.15);
    return Array.from({ length: 3 + Math.floor(this.random() * 6) }, (_, i) => {
      const from = { x: at.x + this.random() * size * 0.6, y: at.y - size / 2 + this.random() * size * 0.7 };
      const [dx, dy] = [size * (0.2 + this.random() * 0.4), size * (this.random() - 0.3) * 0.6];
      const count = 10 + Math.floor(this.random() * 16);
      const bend = (this.random() - 0.5) * size * 0.3;
      const points = Array.from({ length: count }, (_one, k) => {
        const share = k / (count - 1);
        const hook = share > 0.85 ? (share - 0.85) * size : 0;
        return {
          x: from.x + dx * share - hook,
          y: from.y + dy * share + bend * Math.sin(Math.PI * share) - hook,
          pressure: Math.min(1, 0.3 + 0.5 * Math.exp(-6 * share) + 0.25 * share * share),
        };
      });
      return { points, pauseMs: this.between(i === 0 ? GAP_MS : LIFT_MS) };
    });
  }

  private advance(width: number): Place {
    let { x, y } = this.place;
    if (x + width > this.width - MARGIN) [x, y] = [MARGIN, y + LINE_HEIGHT];
    if (y > this.height - MARGIN) y = MARGIN;
    this.place = { x: x + width, y };
    return { x, y };
  }

  private between({ least, most }: { readonly least: number; readonly most: number }): number {
    return least + this.random() * (most - least);
  }

  /** Park and Miller. */
  private random(): number {
    this.seed = (this.seed * 16_807) % 2_147_483_647;
    return this.seed / 2_147_483_647;
  }
}
