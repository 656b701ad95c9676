/** Defines what a pen or a marker does between its going down and its going up. */
import { exact, FULL_STROKE, InkWriter, type ItemId, type Point, type Sample } from "@lectern/board";
import type { Ink } from "../canvas/live-stroke-messages.ts";
import type { DrawingContext } from "./gestures.ts";
import type { Gesture } from "./pointer-input.ts";
import type { WorkerPen } from "./worker-pen.ts";

/** Makes strokes of samples, one after the other. */
type Hand = {
  readonly begin: (id: ItemId, first: Sample) => void;
  /** Nothing can be added to the stroke: the pen goes on with another one. */
  readonly isFull: () => boolean;
  readonly add: (sample: Sample) => void;
  /** What was added is on the screen from now on. */
  readonly show: () => void;
  readonly end: () => void;
  /** Gives what it has for the next batch. Null: another sends it. */
  readonly collect: (() => void) | null;
};

/** A stroke is on the screen with the event that brings its samples, and in the next batch that is sent. */
export function inkGesture(drawing: DrawingContext, ink: Ink, first: Sample): Gesture {
  const { session, canvas } = drawing;
  const pen = session.sendingPen();
  const hand = pen && canvas.liveStrokes.takes(ink) ? handOfWorker(drawing, pen, ink, first) : handOfPage(drawing, ink, first);
  const ids: ItemId[] = [];
  const begin = (sample: Sample): void => {
    const id = session.newId();
    ids.push(id);
    hand.begin(id, sample);
  };
  let isOver = false;
  /** @returns false: it was over before, since the page was turned */
  const lift = (): boolean => {
    if (isOver) return false;
    isOver = true;
    session.setInHand(null);
    hand.end();
    return true;
  };
  const finish = (): void => {
    if (lift()) session.keepInverse([["d", ids]]);
  };
  const inHand = { collect: hand.collect, finish };
  begin(first);
  session.setInHand(inHand);
  return {
    move: (samples) => {
      if (isOver) return;
      for (const sample of samples) {
        if (hand.isFull()) {
          hand.end();
          begin(sample);
        }
        hand.add(sample);
      }
      session.setInHand(inHand);
      hand.show();
    },
    end: finish,
    cancel: () => {
      if (lift()) session.sendHere([["d", ids]]);
    },
  };
}

/** The worker that shows the ink sends it, too: the page has a stroke once the pen is lifted. */
function handOfWorker({ session, canvas: { liveStrokes } }: DrawingContext, pen: WorkerPen, ink: Ink, first: Sample): Hand {
  const pointOf = pointsAfter(first);
  let id: ItemId = "";
  let count = 0;
  let more: Point[] = [];
  const show = (): void => {
    if (more.length > 0) liveStrokes.more(id, more);
    more = [];
  };
  return {
    begin: (next, sample) => {
      id = next;
      count = 1;
      more = [pointOf(sample)];
      liveStrokes.begin(id, ink, false);
      session.write(pen, id, ink, () => liveStrokes.end(next));
      show();
    },
    // No more points than samples are made.
    isFull: () => count >= FULL_STROKE,
    add: (sample) => {
      count++;
      more.push(pointOf(sample));
    },
    show,
    end: () => {
      show();
      pen.lift();
    },
    collect: null,
  };
}

/** This page makes and sends the batches. */
function handOfPage(drawing: DrawingContext, ink: Ink, first: Sample): Hand {
  const { session, canvas } = drawing;
  const view = canvas.liveStrokes.takes(ink) ? asWetInk(drawing, ink) : onBoard(drawing);
  const pointOf = pointsAfter(first);
  let writer: InkWriter;
  let more: Point[] = [];
  const collect = (): void => {
    const operation = writer.batch();
    if (!operation) return;
    session.sendHere([operation]);
    view.keep();
  };
  return {
    begin: (id, sample) => {
      writer = new InkWriter({ id, ...ink }, sample);
      more = [];
      view.begin(id);
      if (view.isOfPage) collect();
      view.more(view.isOfPage ? [] : [pointOf(sample)]);
    },
    isFull: () => writer.isFull,
    add: (sample) => {
      writer.add(sample);
      more.push(pointOf(sample));
    },
    show: () => {
      view.more(more);
      more = [];
    },
    end: () => {
      session.sendHere([writer.end()]);
      view.end();
    },
    collect,
  };
}

/** Times of points count from the first sample. */
function pointsAfter(first: Sample): (sample: Sample) => Point {
  return ({ x, y, pressure, time }) => exact({ x, y, pressure, at: time - first.time });
}

/** Where a stroke is seen while it is in hand, of which this page makes the batches. */
type StrokeView = {
  /** Shows only what has begun on the page. */
  readonly isOfPage: boolean;
  /** Nothing of it is part of the page yet. */
  readonly begin: (id: ItemId) => void;
  /** @param samples that are not part of the page */
  readonly more: (samples: readonly Point[]) => void;
  /** All that has come is part of the page, samples as the points that were made of them. */
  readonly keep: () => void;
  readonly end: () => void;
};

/** On the board's own canvas. */
function onBoard({ canvas }: DrawingContext): StrokeView {
  const live: { id: ItemId; more: readonly Point[] } = { id: "", more: [] };
  return {
    isOfPage: true,
    begin: (id) => Object.assign(live, { id, more: [] }),
    more: (samples) => {
      live.more = [...live.more, ...samples];
      canvas.setLive(live);
    },
    keep: () => {
      live.more = [];
    },
    end: () => canvas.setLive(null),
  };
}

/** By a worker. */
function asWetInk({ session, canvas: { liveStrokes } }: DrawingContext, ink: Ink): StrokeView {
  let id: ItemId = "";
  let kept = 0;
  const keep = (): void => {
    const content = session.model.item(id)?.content;
    if (content?.type !== "stroke") return;
    liveStrokes.keep(id, content.points.slice(kept));
    kept = content.points.length;
  };
  return {
    isOfPage: false,
    begin: (next) => {
      id = next;
      kept = 0;
      liveStrokes.begin(id, ink, true);
    },
    more: (samples) => liveStrokes.more(id, samples),
    keep,
    end: () => {
      keep();
      liveStrokes.end(id);
    },
  };
}
