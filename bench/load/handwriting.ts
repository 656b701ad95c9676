/** Writes as a hand does: letters of a few strokes each, with a pen that gives 120 samples a second, from line to line over a page. */
import { BATCH_MS, type InkOptions, InkWriter, type Operation, PAGE_HEIGHT, PAGE_WIDTH, type Sample } from "@lectern/board";

const SAMPLE_MS = 1000 / 120;
const STROKE_MS = { least: 200, most: 700 } as const;
/** The pen is off the page. */
const LIFT_MS = { least: 40, most: 160 } as const;
const LETTER = { width: 110, height: 130, line: 280, margin: 300 } as const;
const STYLE = { tool: "pen", color: "black", width: 13 } as const;

export class Handwriting {
  private readonly nextId: () => string;
  private writer: InkWriter | null = null;
  private place = { x: LETTER.margin as number, y: LETTER.margin as number };
  private curve = curveOf(() => 0.5);
  private from = 0;
  private until = 0;
  private sampledAt = 0;
  private seed = 1;

  constructor(nextId: () => string) {
    this.nextId = nextId;
  }

  /** What is to be sent at a time; called every `BATCH_MS`. @param now milliseconds */
  next(now: number): readonly Operation[] {
    if (this.sampledAt === 0) this.sampledAt = this.until = now - BATCH_MS;
    const operations: Operation[] = [];
    for (; this.sampledAt <= now; this.sampledAt += SAMPLE_MS) {
      const ended = this.sample(this.sampledAt);
      if (ended) operations.push(ended);
    }
    const batch = this.writer?.batch();
    return batch ? [...operations, batch] : operations;
  }

  private sample(at: number): Operation | null {
    if (this.writer && at >= this.until) {
      const ended = this.writer.end();
      this.writer = null;
      this.from = at + this.between(LIFT_MS);
      return ended;
    }
    if (!this.writer && at >= this.from) {
      this.until = at + this.between(STROKE_MS);
      this.from = at;
      this.curve = curveOf(() => this.random());
      this.advance();
      const options: InkOptions = { id: this.nextId(), ...STYLE };
      this.writer = new InkWriter(options, this.sampleAt(at));
    } else this.writer?.add(this.sampleAt(at));
    return null;
  }

  private sampleAt(time: number): Sample {
    const { x, y, pressure } = this.curve((time - this.from) / 1000);
    return { x: this.place.x + x + this.random() * 2, y: this.place.y + y + this.random() * 2, pressure, time };
  }

  private advance(): void {
    let { x, y } = this.place;
    x += LETTER.width * (0.4 + this.random());
    if (x > PAGE_WIDTH - LETTER.margin) [x, y] = [LETTER.margin, y + LETTER.line];
    if (y > PAGE_HEIGHT - LETTER.margin) y = LETTER.margin;
    this.place = { x, y };
  }

  private between({ least, most }: { readonly least: number; readonly most: number }): number {
    return least + this.random() * (most - least);
  }

  /** The same each time (Park and Miller). */
  private random(): number {
    this.seed = (this.seed * 16_807) % 2_147_483_647;
    return this.seed / 2_147_483_647;
  }
}

/** Loops of about five a second, as letters have them. */
function curveOf(random: () => number): (seconds: number) => { readonly x: number; readonly y: number; readonly pressure: number } {
  const [fast, slow, tilt, phase] = [4 + 3 * random(), 1 + 2 * random(), random() - 0.5, 6 * random()];
  return (seconds) => {
    const y = (LETTER.height / 2) * Math.sin(2 * Math.PI * fast * 0.6 * seconds + phase);
    const x = 90 * seconds + 45 * Math.cos(2 * Math.PI * slow * seconds + phase) + tilt * y;
    return { x, y, pressure: 0.55 + 0.25 * Math.sin(2 * Math.PI * slow * seconds) };
  };
}
