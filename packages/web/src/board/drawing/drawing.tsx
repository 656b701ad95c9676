/** Shows what a person with a pen has over the page: the pointers that draw, the row of tools, and the fields for texts and formulas. */
import { type Formula, type Item, isTouched, type Text } from "@lectern/board";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { addTranslations } from "../../i18n.ts";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BoardCanvas } from "../canvas/board-canvas.ts";
import type { PageLocation } from "../pages/page-location.ts";
import type { PageModels } from "../pages/page-models.ts";
import { panBy, unitsAt, type View, viewBox, zoomAt } from "../pages/view-box.ts";
import { DrawingSession } from "./drawing-session.ts";
import { FormulaEditor } from "./formula-editor.tsx";
import { eraserGesture, listed, selectGesture, selectionOverlay, shapeGesture } from "./gestures.ts";
import { inkGesture } from "./ink-gesture.ts";
import { DRAWING_MESSAGES } from "./messages.ts";
import { type Gesture, PointerInput, type Spot } from "./pointer-input.ts";
import { TextEditor } from "./text-editor.tsx";
import { ToolRow } from "./tool-row.tsx";
import { colorOf, type DrawingTool, ERASER_REACH, TOOL_KEYS, thicknessOf, widthOf } from "./tools.ts";
import { useLaser } from "./use-laser.ts";
import { useSharedView } from "./use-shared-view.ts";
import { WorkerPen } from "./worker-pen.ts";
import "./drawing.css";

addTranslations(DRAWING_MESSAGES);

type DrawingProps = {
  readonly room: Room;
  readonly page: string;
  readonly place: PageLocation;
  readonly models: PageModels;
  readonly canvas: BoardCanvas;
  readonly view: View | null;
  /** Where the tools are; null: over the page. */
  readonly tools: HTMLElement | null;
  /** This person sees the page so now; the others follow. */
  readonly onView: (page: string, view: View | null) => void;
};

/** What is being written. `item`: it was there before. */
type Editing =
  | { readonly kind: "text"; readonly at: Spot; readonly item: (Item & { readonly content: Text }) | null }
  | { readonly kind: "formula"; readonly at: Spot; readonly item: (Item & { readonly content: Formula }) | null };

export function Drawing({ room, page, place, models, canvas, view, tools, onView }: DrawingProps) {
  const { t } = useTranslation();
  const session = useMemo(() => new DrawingSession(models), [models]);
  useEffect(() => () => session.close(), [session]);
  useEffect(() => session.setPlace(room, page), [session, room, page]);
  const state = useSyncExternalStore(session.subscribe, session.snapshot);
  const [editing, setEditing] = useState<Editing | null>(null);
  const isStaff = room.you?.role === "staff";
  const changeView = useSharedView(room, page, isStaff ? onView : null);
  const laser = useLaser(room, page);
  const surface = useRef<HTMLDivElement>(null);
  const height = place.set.height;
  const newest = useRef({ view, height, state, changeView, laser });
  newest.current = { view, height, state, changeView, laser };
  const edit = useCallback((next: Editing) => setEditing(next), []);
  useEffect(() => startPen(session, canvas), [session, canvas]);
  usePointers(surface, session, canvas, newest, edit);
  useSelectionOverlay(session, canvas, state.selection);
  const zoom = (by: number): void => {
    const element = surface.current;
    if (!element) return;
    const frame = { width: element.clientWidth, height: element.clientHeight };
    changeView(by === 0 ? null : zoomAt(frame, height, view, by, { x: frame.width / 2, y: frame.height / 2 }));
  };
  const middle = (): Spot => {
    const element = surface.current;
    const frame = { width: element?.clientWidth ?? 0, height: element?.clientHeight ?? 0 };
    const { x, y } = unitsAt(viewBox(frame, height, view), frame.width / 3, frame.height / 3);
    return { x: Math.round(x), y: Math.round(y) };
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== surface.current) return;
    if (!handleKey(event, session, zoom, (kind) => edit({ kind, at: middle(), item: null }))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const { choice } = state;
  return (
    <>
      <div
        ref={surface}
        className={`draw-surface tool-${choice.tool}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the tools work here
        tabIndex={0}
        role="application"
        aria-label={t("drawing.surface")}
        aria-describedby="drawing-keys"
        onKeyDown={onKeyDown}
      >
        {editing?.kind === "text" ? <TextEditor {...{ session, editing, canvas }} onDone={() => setEditing(null)} /> : null}
      </div>
      <p id="drawing-keys" className="unseen">
        {t("drawing.keys")}
      </p>
      {editing?.kind === "formula" ? <FormulaEditor {...{ session, editing }} onDone={() => setEditing(null)} /> : null}
      {tools
        ? createPortal(
            <ToolRow
              {...{ session, state, isStaff, zoom }}
              isEnlarged={view !== null}
              onChosen={() => surface.current?.focus({ preventScroll: true })}
              onFormula={() => edit({ kind: "formula", at: middle(), item: null })}
            />,
            tools,
          )
        : null}
    </>
  );
}

type Newest = {
  readonly current: {
    readonly view: View | null;
    readonly height: number;
    readonly state: ReturnType<DrawingSession["snapshot"]>;
    readonly changeView: (view: View | null) => void;
    readonly laser: ReturnType<typeof useLaser>;
  };
};

function usePointers(
  surface: { readonly current: HTMLDivElement | null },
  session: DrawingSession,
  canvas: BoardCanvas,
  newest: Newest,
  edit: (editing: Editing) => void,
): void {
  useEffect(() => {
    const element = surface.current;
    if (!element) return;
    const frame = () => ({ width: element.clientWidth, height: element.clientHeight });
    const drawing = { session, canvas, pixel: () => 1 / canvas.box.scale };
    const input = new PointerInput(
      element,
      {
        begin: (sample, { isEraser }) =>
          beginGesture(isEraser ? "eraser" : newest.current.state.choice.tool, drawing, sample, edit, newest),
        hover: (sample) => {
          if (newest.current.state.choice.tool === "laser") newest.current.laser(sample);
        },
        pan: (dx, dy) => newest.current.changeView(panBy(frame(), newest.current.height, newest.current.view, dx, dy)),
        zoom: (by, at) => newest.current.changeView(zoomAt(frame(), newest.current.height, newest.current.view, by, at)),
        isEnlarged: () => newest.current.view !== null,
        unitsAt: (x, y) => unitsAt(canvas.box, x, y),
      },
      () => newest.current.state.choice.tool === "hand",
    );
    const onDoubleClick = (event: MouseEvent): void => {
      if (newest.current.state.choice.tool !== "select" || event.target !== element) return;
      const { left, top } = element.getBoundingClientRect();
      const at = unitsAt(canvas.box, event.clientX - left, event.clientY - top);
      const item = session.changeable().findLast((one) => isTouched(one, at, at, 0));
      const editing = item ? editingOf(item) : null;
      if (editing) edit(editing);
    };
    element.addEventListener("dblclick", onDoubleClick);
    return () => {
      element.removeEventListener("dblclick", onDoubleClick);
      input.close();
    };
  }, [surface, session, canvas, newest, edit]);
}

/** What is written is sent by the worker that shows it, where the room has a line for that. */
function startPen(session: DrawingSession, { liveStrokes }: BoardCanvas): void {
  const pen = new WorkerPen({
    tell: (message, transfer) => liveStrokes.tellPen(message, transfer),
    note: (message) => liveStrokes.notePen(message),
    onRefused: (error) => session.onRefused(error),
  });
  liveStrokes.startPen(
    () => new Worker(new URL("./pen-worker.ts", import.meta.url), { type: "module" }),
    (message) => {
      if (message.kind === "ready") session.setPen(pen);
      else pen.hear(message);
    },
  );
}

function beginGesture(
  tool: DrawingTool,
  drawing: Parameters<typeof inkGesture>[0],
  sample: Parameters<typeof inkGesture>[2],
  edit: (editing: Editing) => void,
  newest: Newest,
): Gesture | null {
  const { choice } = newest.current.state;
  const [color, thickness] = [colorOf(choice), thicknessOf({ ...choice, tool })];
  const at = { x: Math.round(sample.x), y: Math.round(sample.y) };
  switch (tool) {
    case "pen":
    case "marker":
      return inkGesture(drawing, { tool, color, width: widthOf(tool, thickness) }, sample);
    case "eraser":
      return eraserGesture(drawing, ERASER_REACH[thickness] * drawing.pixel(), sample);
    case "line":
    case "arrow":
    case "rectangle":
    case "ellipse":
      return shapeGesture(drawing, tool, color, widthOf(tool, thickness), sample);
    case "select":
      return selectGesture(drawing, sample);
    case "laser": {
      const { laser } = newest.current;
      laser(sample);
      return { move: (samples) => laser(samples.at(-1) ?? null), end: () => laser(null), cancel: () => laser(null) };
    }
    case "text":
    case "formula":
      // After the pointer is up, so that the field keeps the focus.
      return { move: () => {}, end: () => edit({ kind: tool, at, item: null }), cancel: () => {} };
    default:
      return null;
  }
}

function editingOf(item: Item): Editing | null {
  const { content } = item;
  const at = { x: content.type === "stroke" ? 0 : content.x, y: content.type === "stroke" ? 0 : content.y };
  if (content.type === "text") return { kind: "text", at, item: { ...item, content } };
  return content.type === "formula" ? { kind: "formula", at, item: { ...item, content } } : null;
}

/** The frame follows what is selected, also when another person moves it. */
function useSelectionOverlay(session: DrawingSession, canvas: BoardCanvas, selection: readonly string[]): void {
  useEffect(() => {
    if (selection.length === 0) return;
    const draw = () => canvas.setOverlay(selectionOverlay(session.selected()));
    draw();
    const end = session.model.onChange(draw);
    return () => {
      end();
      canvas.setOverlay(null);
    };
  }, [session, canvas, selection]);
}

/** How far the arrows move what is selected, in units. */
const STEP = 40;
const ARROWS: Readonly<Record<string, Spot>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

/** @returns whether the key means something */
function handleKey(
  event: KeyboardEvent,
  session: DrawingSession,
  zoom: (by: number) => void,
  write: (kind: "text" | "formula") => void,
): boolean {
  const { key } = event;
  const selected = session.selected();
  if (event.ctrlKey || event.metaKey) return handleCommand(event, session);
  const arrow = ARROWS[key];
  if (arrow && selected.length > 0) {
    session.act(selected.map(({ id, dx, dy, scale }) => ["m", id, dx + arrow.x, dy + arrow.y, scale]));
    return true;
  }
  if ((key === "Delete" || key === "Backspace") && selected.length > 0) {
    session.act(listed("d", session.snapshot().selection));
    session.select([]);
    return true;
  }
  if (key === "Escape" && selected.length > 0) {
    session.select([]);
    return true;
  }
  if (key === "+" || key === "=" || key === "-" || key === "0") {
    zoom(key === "-" ? 1 / 1.25 : key === "0" ? 0 : 1.25);
    return true;
  }
  const { tool } = session.snapshot().choice;
  if (key === "Enter" && (tool === "text" || tool === "formula")) {
    write(tool);
    return true;
  }
  const wanted = TOOL_KEYS[key];
  if (!wanted) return false;
  session.choose((choice) => ({ ...choice, tool: wanted }));
  return true;
}

function handleCommand({ key, shiftKey }: KeyboardEvent, session: DrawingSession): boolean {
  switch (key.toLowerCase()) {
    case "z":
      if (shiftKey) session.redo();
      else session.undo();
      return true;
    case "y":
      session.redo();
      return true;
    case "a": {
      session.choose((choice) => ({ ...choice, tool: "select" }));
      session.select(session.changeable().map(({ id }) => id));
      return true;
    }
    default:
      return false;
  }
}
