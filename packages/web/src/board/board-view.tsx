/** Shows a page of the board as people see it: the slide below, what is drawn on it above, in whatever size there is. */
import { PAGE_HEIGHT, PAGE_WIDTH } from "@lectern/board";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";
import { BoardCanvas } from "./canvas/board-canvas.ts";
import { PageText } from "./page-text.tsx";
import type { BoardDoor } from "./pages/board-door.ts";
import type { PageLocation } from "./pages/page-location.ts";
import type { PageModel } from "./pages/page-model.ts";
import { type Size, type View, viewBox } from "./pages/view-box.ts";
import { imageLoader, useSlideImage } from "./slide-images.ts";

type BoardViewProps = {
  readonly place: PageLocation;
  readonly model: PageModel;
  readonly view: View | null;
  readonly door: BoardDoor;
  /** Told of the canvas, for those who draw on it. */
  readonly onCanvas?: (canvas: BoardCanvas | null) => void;
  /** Above the page. */
  readonly children?: ReactNode;
};

/** More pixels than that are not seen, and cost memory. */
const MAX_PIXELS = 4096;
/** A page that loads longer says so. */
const SLOW_MS = 2000;

export function BoardView({ place, model, view, door, onCanvas, children }: BoardViewProps) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useBoardCanvas(door);
  const size = useSize(frame);
  const { set, number } = place;
  const height = set.height > 0 ? set.height : PAGE_HEIGHT;
  const picture = useSlideImage(place, door);
  const background = set.pages === "board" ? set.background : null;
  const board = canvas.board;
  useEffect(() => board?.setPage({ model, height, background }), [board, model, height, background]);
  useLayoutEffect(() => board?.setFrame(size, ratioFor(size)), [board, size]);
  useLayoutEffect(() => board?.setView(view), [board, view]);
  useEffect(() => {
    onCanvas?.(board);
    return () => onCanvas?.(null);
  }, [board, onCanvas]);
  const box = viewBox(size, height, view);
  const style = { left: box.left, top: box.top, width: PAGE_WIDTH * box.scale, height: height * box.scale };
  const title = set.title === "" ? t("board.untitled") : set.title;
  return (
    <section
      className="board"
      ref={frame}
      aria-label={t("board.page", { title, number, count: set.count })}
      data-page={`${set.set}.${number}`}
    >
      <PageText {...{ place, model, door }} />
      {picture === null ? null : <img className="board-slide" src={picture} style={style} alt="" draggable={false} />}
      <canvas className="board-layer" ref={canvas.committed} />
      <canvas className="board-layer growing" ref={canvas.growing} />
      <Waiting model={model} />
      {children}
    </section>
  );
}

/** The two canvases, once they are there. */
function useBoardCanvas(door: BoardDoor) {
  const committed = useRef<HTMLCanvasElement>(null);
  const growing = useRef<HTMLCanvasElement>(null);
  const [board, setBoard] = useState<BoardCanvas | null>(null);
  const newestDoor = useRef(door);
  newestDoor.current = door;
  useLayoutEffect(() => {
    if (!committed.current || !growing.current) return;
    const image = imageLoader(
      () => newestDoor.current,
      () => made.pictureLoaded(),
    );
    const made = new BoardCanvas({ committed: committed.current, growing: growing.current, image });
    setBoard(made);
    return () => {
      setBoard(null);
      made.close();
    };
  }, []);
  return { committed, growing, board };
}

function useSize(frame: { readonly current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const read = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      setSize({ width, height });
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    // Another screen may have other pixels.
    addEventListener("resize", read);
    return () => {
      observer.disconnect();
      removeEventListener("resize", read);
    };
  }, [frame]);
  return size;
}

function ratioFor({ width, height }: Size): number {
  return Math.min(devicePixelRatio || 1, MAX_PIXELS / Math.max(1, width, height));
}

/** Nothing spins without a word. */
function Waiting({ model }: { readonly model: PageModel }) {
  const { t } = useTranslation();
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    setIsSlow(false);
    if (model.isLoaded) return;
    const timer = setTimeout(() => setIsSlow(!model.isLoaded), SLOW_MS);
    const end = model.onChange(() => {
      setIsSlow(false);
      stop();
    });
    const stop = (): void => {
      clearTimeout(timer);
      end();
    };
    return stop;
  }, [model]);
  return (
    <p className="board-waiting" role="status">
      {isSlow ? t("board.loading") : ""}
    </p>
  );
}
