/** What a pen or a marker does between its going down and its going up. */
import { exact, InkWriter, type ItemId, type Point, type Sample } from "@lectern/board";
import type { Ink } from "../canvas/wet-ink-messages.ts";
import type { DrawingContext } from "./gestures.ts";
import type { Gesture } from "./pointer-input.ts";

/** Where a stroke is seen while it is in hand. */
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

/** A stroke is on the screen with the event that brings its samples, and in the next batch that is sent. */
export function inkGesture(drawing: DrawingContext, ink: Ink, first: Sample): Gesture {
  const { session, canvas } = drawing;
  const view = canvas.wet.takes(ink) ? asWetInk(drawing, ink) : onBoard(drawing);
  const ids: ItemId[] = [];
  let writer: InkWriter;
  const begin = (sample: Sample): void => {
    const id = session.newId();
    ids.push(id);
    writer = new InkWriter({ id, ...ink }, sample);
    view.begin(id);
    if (view.isOfPage) collect();
    view.more(view.isOfPage ? [] : [pointOf(sample)]);
  };
  const collect = (): void => {
    const operation = writer.batch();
    if (!operation) return;
    session.sendHere([operation]);
    view.keep();
  };
  const end = (): void => {
    session.sendHere([writer.end()]);
    view.end();
  };
  const pointOf = ({ x, y, pressure, time }: Sample): Point => exact({ x, y, pressure, at: time - first.time });
  let isOver = false;
  /** @returns false: it was over before, since the page was turned */
  const lift = (): boolean => {
    if (isOver) return false;
    isOver = true;
    session.setInHand(null);
    end();
    return true;
  };
  const finish = (): void => {
    if (lift()) session.keepInverse([["d", ids]]);
  };
  const inHand = { collect, finish };
  begin(first);
  session.setInHand(inHand);
  return {
    move: (samples) => {
      if (isOver) return;
      let more: Point[] = [];
      for (const sample of samples) {
        if (writer.isFull) {
          end();
          begin(sample);
          more = [];
        }
        writer.add(sample);
        more.push(pointOf(sample));
      }
      session.setInHand(inHand);
      view.more(more);
    },
    end: finish,
    cancel: () => {
      if (lift()) session.sendHere([["d", ids]]);
    },
  };
}

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
function asWetInk({ session, canvas: { wet } }: DrawingContext, ink: Ink): StrokeView {
  let id: ItemId = "";
  let kept = 0;
  const keep = (): void => {
    const content = session.model.item(id)?.content;
    if (content?.type !== "stroke") return;
    wet.keep(id, content.points.slice(kept));
    kept = content.points.length;
  };
  return {
    isOfPage: false,
    begin: (next) => {
      id = next;
      kept = 0;
      wet.begin(id, ink);
    },
    more: (samples) => wet.more(id, samples),
    keep,
    end: () => {
      keep();
      wet.end(id);
    },
  };
}
