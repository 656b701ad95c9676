/**
 * Provides path data of SVG (SVG 2, section 9.3), as typesetters write it: absolute, without arcs. Moves and scales it, and writes it briefly:
 * relative, in whole numbers.
 */

/** x′ = scaleX · x + x, y′ = scaleY · y + y: formulas are neither turned nor sheared. */
export type Placement = { readonly scaleX: number; readonly scaleY: number; readonly x: number; readonly y: number };

type Segment = { readonly letter: string; readonly numbers: readonly number[] };
type Corner = { readonly x: number; readonly y: number };

const LENGTHS: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, Q: 4, T: 2, C: 6, S: 4, Z: 0 };
const TOKENS = /[MLHVQTCSZ]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g;

/** Nothing lies outside of it: places are held to its edges, which is clipping for rectangles. */
export type Clip = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

export const UNMOVED: Placement = { scaleX: 1, scaleY: 1, x: 0, y: 0 };

/** First the inner, then the outer. */
export function within(outer: Placement, inner: Placement): Placement {
  return {
    scaleX: outer.scaleX * inner.scaleX,
    scaleY: outer.scaleY * inner.scaleY,
    x: outer.scaleX * inner.x + outer.x,
    y: outer.scaleY * inner.y + outer.y,
  };
}

/** @throws Error where there is something else than absolute lines and curves */
export function placed(data: string, placement: Placement, clip: Clip | null = null): string {
  let at: Corner = { x: 0, y: 0 };
  let start = at;
  let text = "";
  for (const { letter, numbers } of segmentsOf(data)) {
    if (letter === "Z") {
      text += "z";
      at = start;
      continue;
    }
    const corners = cornersOf(letter, numbers, (x, y) => cornerOf(placement, clip, x, y), at);
    const last = corners.at(-1) ?? at;
    if (letter === "M") {
      // From here on, relative to the first place of the whole text.
      text += `M${last.x} ${last.y}`;
      start = last;
    } else if (letter === "H") text += `h${last.x - at.x}`;
    else if (letter === "V") text += `v${last.y - at.y}`;
    else text += letter.toLowerCase() + brief(corners.flatMap(({ x, y }) => [x - at.x, y - at.y]));
    at = last;
  }
  return text;
}

export function rectanglePath(x: number, y: number, width: number, height: number): string {
  return `M${x} ${y}H${x + width}V${y + height}H${x}Z`;
}

function cornersOf(letter: string, numbers: readonly number[], place: (x: number, y: number) => Corner, at: Corner): Corner[] {
  const [first = 0] = numbers;
  if (letter === "H") return [{ x: place(first, 0).x, y: at.y }];
  if (letter === "V") return [{ x: at.x, y: place(0, first).y }];
  const corners: Corner[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) corners.push(place(numbers[i] ?? 0, numbers[i + 1] ?? 0));
  return corners;
}

function cornerOf({ scaleX, scaleY, ...by }: Placement, clip: Clip | null, x: number, y: number): Corner {
  const [left, top] = [scaleX * x + by.x, scaleY * y + by.y];
  const held = clip
    ? { x: Math.min(clip.right, Math.max(clip.left, left)), y: Math.min(clip.bottom, Math.max(clip.top, top)) }
    : { x: left, y: top };
  return { x: Math.round(held.x) + 0, y: Math.round(held.y) + 0 };
}

function segmentsOf(data: string): Segment[] {
  const segments: Segment[] = [];
  let letter = "";
  let numbers: number[] = [];
  const flush = (): void => {
    const length = LENGTHS[letter];
    if (length === undefined) throw new Error(`path data with ${letter || "numbers"} first`);
    segments.push({ letter, numbers });
    numbers = [];
    // More places after a move are lines.
    if (letter === "M") letter = "L";
  };
  if (data.replace(TOKENS, "").replace(/[\s,]/g, "") !== "") throw new Error("path data with other commands");
  for (const [token] of data.matchAll(TOKENS)) {
    if (token in LENGTHS) {
      letter = token;
      if (letter === "Z") flush();
    } else {
      numbers.push(Number(token));
      if (numbers.length === LENGTHS[letter]) flush();
    }
  }
  return segments;
}

/** A minus parts numbers as well as a space does. */
function brief(numbers: readonly number[]): string {
  return numbers.map((number, i) => (i === 0 || number < 0 ? String(number) : ` ${number}`)).join("");
}
