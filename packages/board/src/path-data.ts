/** Reads SVG path data (SVG 2, section 9.3) without arcs, as typesetters of formulas write it. */

/** What a path is drawn on: a 2D context of a canvas, or part of one. */
export type PathTarget = {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void;
  bezierCurveTo(cx1: number, cy1: number, cx2: number, cy2: number, x: number, y: number): void;
  closePath(): void;
};

const TOKENS = /([MLHVCSQTZ])|([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/gi;
const NUMBERS_OF: Readonly<Record<string, number>> = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, t: 2, z: 0 };

type Place = { readonly x: number; readonly y: number };

/** Draws path data from a place on. What cannot be read ends the path, as the standard has it. */
export function tracePath(target: PathTarget, data: string): void {
  const pen = new Pen(target);
  let letter = "";
  let numbers: number[] = [];
  for (const [, command, value] of data.matchAll(TOKENS)) {
    if (command !== undefined) {
      if (numbers.length > 0) return;
      letter = command;
      if (letter.toLowerCase() === "z") pen.draw(letter, []);
      continue;
    }
    numbers.push(Number(value));
    const wanted = NUMBERS_OF[letter.toLowerCase()];
    if (!wanted) return;
    if (numbers.length < wanted) continue;
    pen.draw(letter, numbers);
    numbers = [];
    // Section 9.3.3: more pairs after a move are lines.
    if (letter === "M") letter = "L";
    else if (letter === "m") letter = "l";
  }
}

class Pen {
  private readonly target: PathTarget;
  private at: Place = { x: 0, y: 0 };
  private start: Place = { x: 0, y: 0 };
  /** The last control point of a curve, which `S` and `T` mirror. */
  private control: Place | null = null;
  private last = "";

  constructor(target: PathTarget) {
    this.target = target;
  }

  draw(letter: string, numbers: readonly number[]): void {
    const kind = letter.toLowerCase();
    const from = letter === kind ? this.at : { x: 0, y: 0 };
    const place = (i: number): Place => ({ x: from.x + (numbers[i] ?? 0), y: from.y + (numbers[i + 1] ?? 0) });
    if (kind === "z") {
      this.target.closePath();
      this.at = this.start;
    } else if (kind === "m") {
      this.start = this.at = place(0);
      this.target.moveTo(this.at.x, this.at.y);
    } else if (kind === "h") this.line({ x: from.x + (numbers[0] ?? 0), y: this.at.y });
    else if (kind === "v") this.line({ x: this.at.x, y: from.y + (numbers[0] ?? 0) });
    else if (kind === "l") this.line(place(0));
    else if (kind === "q") this.quadratic(place(0), place(2));
    else if (kind === "t") this.quadratic(this.mirrored("qt"), place(0));
    else if (kind === "c") this.cubic(place(0), place(2), place(4));
    else this.cubic(this.mirrored("cs"), place(0), place(2));
    this.last = kind;
  }

  private line(to: Place): void {
    this.at = to;
    this.target.lineTo(to.x, to.y);
  }

  private quadratic(control: Place, to: Place): void {
    [this.control, this.at] = [control, to];
    this.target.quadraticCurveTo(control.x, control.y, to.x, to.y);
  }

  private cubic(first: Place, second: Place, to: Place): void {
    [this.control, this.at] = [second, to];
    this.target.bezierCurveTo(first.x, first.y, second.x, second.y, to.x, to.y);
  }

  /** @param kinds curves whose control point is mirrored */
  private mirrored(kinds: string): Place {
    const { at, control } = this;
    return control && kinds.includes(this.last) ? { x: 2 * at.x - control.x, y: 2 * at.y - control.y } : at;
  }
}
