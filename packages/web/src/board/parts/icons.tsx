/** The icons of the board, 24 px, drawn in the colour of the text beside them. */

const DRAWINGS = {
  swap: "M4 8h12l-3-3M20 16H8l3 3",
  grow: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  shrink: "M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  marker: "M9 14l-3 3v3h4l2-2M9 14l8-9 3 3-9 8zM9 14l2 2",
  eraser: "M8 19h12M5 14l8-9 6 6-7 8H9z",
  line: "M5 19L19 5",
  arrow: "M5 19L19 5M11 5h8v8",
  rectangle: "M4 6h16v12H4z",
  ellipse: "M12 6c5 0 8 2.7 8 6s-3 6-8 6-8-2.7-8-6 3-6 8-6z",
  text: "M5 7V5h14v2M12 5v14M9 19h6",
  formula: "M17 6V4H6l6 8-6 8h11v-2",
  select: "M6 4l5 15 2.5-6L20 11z",
  laser: "M12 12h.01M12 4v3M12 17v3M4 12h3M17 12h3M6.5 6.5l2 2M15.5 15.5l2 2M17.5 6.5l-2 2M8.5 15.5l-2 2",
  undo: "M9 7L4 12l5 5M4 12h10a5 5 0 0 1 5 5v1",
  redo: "M15 7l5 5-5 5M20 12H10a5 5 0 0 0-5 5v1",
  clear: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  add: "M12 5v14M5 12h14",
  next: "M9 5l7 7-7 7",
  previous: "M15 5l-7 7 7 7",
  slides: "M3 5h18v11H3zM8 20h8M12 16v4",
  board: "M4 4h16v12H4zM7 20l2-4M17 20l-2-4M8 11c2-4 4 3 8-2",
  camera: "M4 7h10v10H4zM14 11l6-3v8l-6-3",
  zoomIn: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4M8 11h6M11 8v6",
  zoomOut: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4M8 11h6",
  background: "M4 4h16v16H4zM4 10h16M4 15h16M10 4v16M15 4v16",
  close: "M6 6l12 12M18 6L6 18",
  upload: "M12 16V5M7 9l5-5 5 5M5 19h14",
  pens: "M3 19l1-3 8-8 2 2-8 8zM15 5l4 4M17 14v6M14 17h6",
  more: "M5 11v2M12 11v2M19 11v2",
  hand: "M8 13V6a1.5 1.5 0 0 1 3 0v5M11 11V5a1.5 1.5 0 0 1 3 0v6M14 11V7a1.5 1.5 0 0 1 3 0v8a5 5 0 0 1-5 5h-1a5 5 0 0 1-4-2l-3-4a1.5 1.5 0 0 1 2.5-1.7L8 13",
  check: "M5 12.5l4.5 4.5L19 7.5",
} as const;

export type BoardIconName = keyof typeof DRAWINGS;

export function BoardIcon({ name }: { readonly name: BoardIconName }) {
  return (
    <svg className="board-icon" viewBox="0 0 24 24" width={24} height={24} aria-hidden="true">
      <path d={DRAWINGS[name]} />
    </svg>
  );
}
