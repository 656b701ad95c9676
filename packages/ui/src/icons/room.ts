/** Defines icons of the class: chat, questions, reactions. */
import type { IconDrawing } from "./drawing.ts";

export const CHAT_ICON: IconDrawing = "M4 5h16v11H10l-4 4v-4H4z";
export const CAPTIONS_ICON: IconDrawing = "M3 5h18v14H3zM6 11h5M14 11h4M6 15h8M17 15h1";
export const LINES_ICON: IconDrawing = "M4 6h10M8 11h12M4 16h8";
export const MEGAPHONE_ICON: IconDrawing = "M4 10v4h3l9 4V6l-9 4zM19 9.5v5M8 14.5V19h3";
export const PIN_ICON: IconDrawing = "M9 4h6l-1 6 4 4H6l4-4zM12 14v6";
export const QUIZ_ICON: IconDrawing = "M5 20V11M12 20V4M19 20v-6";
export const REPLY_ICON: IconDrawing = "M10 6 4 12l6 6v-4c5 0 8 1 10 5 0-7-4-9-10-9z";
export const REWIND_ICON: IconDrawing = "M4 5v5h5M4.5 10a8 8 0 1 1-.4 4M12 8v4.5l3 2";
export const SEND_ICON: IconDrawing = "M4 12 20 4l-5 16-4-6zM11 14l9-10";
export const SMILE_ICON: IconDrawing = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.5M15 9.5v.5";
export const DRAW_LOTS_ICON: IconDrawing = "M5 5h14v14H5zM9 9v.5M15 9v.5M9 15v.5M15 15v.5M12 12v.5";
export const STAR_ICON: IconDrawing = "M12 3.5l2.6 5.3 5.9.9-4.3 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.3-4.1 5.9-.9z";
export const TOOLS_ICON: IconDrawing = "M4 8.5h16V19H4zM9 8.5V5.5h6v3M4 13h16M12 11.5v3";
