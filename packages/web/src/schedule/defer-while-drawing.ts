/**
 * Defines what can wait waits while a person draws, and is done one after the other, a frame between two: a request, an answer that is shown, a small
 * picture of a page each take a browser as long as a sample of the pen, and several of them longer than a frame has.
 */
import { onSchedule } from "./schedule.ts";

/** Words are written in one go. */
const MOST_MS = 1000;
/** After a stroke its end is shown and sent first. Shorter than from one stroke of a character to the next. */
const AFTER_MS = 25;
/** A frame. */
const EACH_MS = 17;

/** The pen was up for so long: the person looks up. Longer than from one word to the next. */
const RESTS_MS = 1500;
/** While a person writes, what is done again and again is done at one of so many moments. */
const MOMENTS = 3;

let isDrawing = false;
/** When it last was, in milliseconds of `performance.now()`. */
let drawnAt = Number.NEGATIVE_INFINITY;
/** The next one may be done then: milliseconds of `performance.now()`. */
let freeAt = 0;
let next: ReturnType<typeof setTimeout> | null = null;
const waiting = new Set<() => void>();

/** A person has put the pen down on a board of this page, or lifted it. */
export function setDrawing(draws: boolean): void {
  isDrawing = draws;
  drawnAt = performance.now();
  freeAt = drawnAt + AFTER_MS;
  wait();
}

/** Acts at once where nobody draws. @returns makes it not act any more */
export function afterDrawing(act: () => void): () => void {
  if (isDrawing) return inTurn(act);
  act();
  return () => {};
}

/** Acts where nobody draws, a frame after what was done so before. @returns makes it not act any more */
export function inTurn(act: () => void): () => void {
  const end = (): void => {
    clearTimeout(latest);
    waiting.delete(once);
  };
  const once = (): void => {
    end();
    freeAt = performance.now() + EACH_MS;
    act();
  };
  const latest = setTimeout(once, MOST_MS);
  waiting.add(once);
  if (next === null) actOrWait();
  return end;
}

/** Acts at the moments of a schedule, each time in turn; while a person writes, at a third of them. @returns ends it */
export function inTurnOnSchedule(act: () => void, periodMs: number): () => void {
  let moments = 0;
  let isWaiting = false;
  let endWait = () => {};
  const end = onSchedule(() => {
    moments++;
    // It may wait until the next moment: put off again, it would never be done.
    if (isWaiting || (isWriting() && moments < MOMENTS)) return;
    moments = 0;
    isWaiting = true;
    endWait = inTurn(() => {
      isWaiting = false;
      act();
    });
  }, periodMs);
  return () => {
    end();
    endWait();
  };
}

function isWriting(): boolean {
  return isDrawing || performance.now() - drawnAt < RESTS_MS;
}

function actOrWait(): void {
  next = null;
  const [first] = waiting;
  if (first && !isDrawing && performance.now() >= freeAt) first();
  wait();
}

function wait(): void {
  if (next !== null) clearTimeout(next);
  next = isDrawing || waiting.size === 0 ? null : setTimeout(actOrWait, Math.max(0, freeAt - performance.now()));
}
