/** Shows a field on the page, in the size and the place that the text will have. Control and Enter, or a press beside it, puts the text on the page. */
import { fontOf, heightOfLines, type Item, LIMITS, linesOf, PAGE_WIDTH, PALETTE, type Text } from "@lectern/board";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BoardCanvas } from "../canvas/board-canvas.ts";
import type { DrawingSession } from "./drawing-session.ts";
import type { Spot } from "./pointer-input.ts";
import { colorOf, thicknessOf, widthOf } from "./tools.ts";

type TextEditorProps = {
  readonly session: DrawingSession;
  readonly canvas: BoardCanvas;
  readonly editing: { readonly at: Spot; readonly item: (Item & { readonly content: Text }) | null };
  readonly onDone: () => void;
};

/** From the page's edge, in units. */
const MARGIN = 120;
const LEAST_WIDTH = 600;
/** Fonts of other devices are a little wider: a text of one line stays one line. */
const SPARE = 1.25;

export function TextEditor({ session, canvas, editing: { at, item }, onDone }: TextEditorProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(item?.content.text ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const isOver = useRef(false);
  useEffect(() => field.current?.focus(), []);
  const { choice } = session.snapshot();
  const size = item?.content.size ?? widthOf("text", thicknessOf(choice));
  const color = item?.content.color ?? colorOf(choice);
  const place = item ? { x: at.x + item.dx, y: at.y + item.dy } : at;
  const room = Math.max(LEAST_WIDTH, PAGE_WIDTH - MARGIN - place.x);
  const { scale, left, top } = canvas.box;
  const enlarged = size * (item?.scale ?? 1);
  const finish = (isKept: boolean): void => {
    if (isOver.current) return;
    isOver.current = true;
    const content = contentOf(text.trimEnd(), at, size, color, room);
    if (isKept && item && content.text === "") session.act([["d", [item.id]]]);
    else if (isKept && item && content.text !== item.content.text) session.act([["t", item.id, content]]);
    else if (isKept && !item && content.text !== "") session.put(content);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Escape") finish(false);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) finish(true);
  };
  const lines = linesOf(text, room, measureAt(enlarged)).length;
  return (
    <textarea
      ref={field}
      className="text-editor"
      aria-label={t("drawing.textField")}
      value={text}
      maxLength={LIMITS.textLength}
      style={{
        left: place.x * scale + left,
        top: place.y * scale + top,
        width: room * scale,
        height: heightOfLines(Math.max(1, lines) + 0.5, enlarged) * scale,
        font: fontOf(Math.max(10, enlarged * scale)),
        lineHeight: heightOfLines(1, 1),
        color: PALETTE[color],
      }}
      onChange={({ target }) => setText(target.value)}
      onBlur={() => finish(true)}
      onKeyDown={onKeyDown}
    />
  );
}

function contentOf(text: string, at: Spot, size: number, color: Text["color"], room: number): Text {
  const measure = measureAt(size);
  const lines = linesOf(text, room, measure);
  const isBroken = lines.length > text.split("\n").length;
  const widest = Math.max(0, ...lines.map(measure));
  const width = Math.ceil(isBroken ? room : Math.min(room, widest * SPARE));
  return { type: "text", text, color, size, ...at, width, height: Math.ceil(heightOfLines(lines.length, size)) };
}

let measuring: CanvasRenderingContext2D | null = null;

function measureAt(size: number): (text: string) => number {
  measuring ??= document.createElement("canvas").getContext("2d");
  const context = measuring;
  if (!context) return (text) => text.length * size;
  return (text) => {
    context.font = fontOf(size);
    return context.measureText(text).width;
  };
}
