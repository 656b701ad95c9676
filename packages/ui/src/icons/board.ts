/** Defines icons of slides, boards and the tools that draw. */
import type { IconDrawing } from "./drawing.ts";

export const ARROW_ICON: IconDrawing = "M5 19L19 5M11 5h8v8";
export const BACKGROUND_ICON: IconDrawing = "M4 4h16v16H4zM4 10h16M4 15h16M10 4v16M15 4v16";
export const BOARD_ICON: IconDrawing = "M4 4h16v12H4zM7 20l2-4M17 20l-2-4M8 11c2-4 4 3 8-2";
export const ELLIPSE_ICON: IconDrawing = "M12 6c5 0 8 2.7 8 6s-3 6-8 6-8-2.7-8-6 3-6 8-6z";
export const ERASER_ICON: IconDrawing = "M8 19h12M5 14l8-9 6 6-7 8H9z";
export const FORMULA_ICON: IconDrawing = "M17 6V4H6l6 8-6 8h11v-2";
export const LASER_ICON: IconDrawing =
  "M12 12h.01M12 4v3M12 17v3M4 12h3M17 12h3M6.5 6.5l2 2M15.5 15.5l2 2M17.5 6.5l-2 2M8.5 15.5l-2 2";
export const LINE_ICON: IconDrawing = "M5 19L19 5";
export const MARKER_ICON: IconDrawing = "M9 14l-3 3v3h4l2-2M9 14l8-9 3 3-9 8zM9 14l2 2";
export const PENS_ICON: IconDrawing = "M3 19l1-3 8-8 2 2-8 8zM15 5l4 4M17 14v6M14 17h6";
export const RECTANGLE_ICON: IconDrawing = "M4 6h16v12H4z";
export const REDO_ICON: IconDrawing = "M15 7l5 5-5 5M20 12H10a5 5 0 0 0-5 5v1";
export const SELECT_ICON: IconDrawing = "M6 4l5 15 2.5-6L20 11z";
export const SHRINK_ICON: IconDrawing = "M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5";
export const SLIDES_ICON: IconDrawing = "M3 5h18v11H3zM8 20h8M12 16v4";
export const SWAP_ICON: IconDrawing = "M4 8h12l-3-3M20 16H8l3 3";
export const TEACHER_ICON: IconDrawing =
  "M3 5h18v14H3zM12 8a2.5 2.5 0 0 1 0 5 2.5 2.5 0 0 1 0-5M7.5 19c.6-2.7 2.2-4 4.5-4s3.9 1.3 4.5 4";
export const TEXT_ICON: IconDrawing = "M5 7V5h14v2M12 5v14M9 19h6";
export const UNDO_ICON: IconDrawing = "M9 7L4 12l5 5M4 12h10a5 5 0 0 1 5 5v1";
export const ZOOM_IN_ICON: IconDrawing = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4M8 11h6M11 8v6";
export const ZOOM_OUT_ICON: IconDrawing = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4M8 11h6";
