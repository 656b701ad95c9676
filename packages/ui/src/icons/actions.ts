/** Defines icons of what is done with pages, rows and files. */
import type { IconDrawing } from "./drawing.ts";

export const ADD_ICON: IconDrawing = "M12 5v14M5 12h14";
export const CLOCK_ICON: IconDrawing = "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.5V12l3 2";
export const LEFT_ICON: IconDrawing = "M15 6l-6 6 6 6";
export const MAIL_ICON: IconDrawing = "M3.5 6h17v12.5h-17zM3.5 7.5 12 13.5l8.5-6";
export const PEN_ICON: IconDrawing = "M4.5 19.5l1-4.5L16.5 4l3.5 3.5L9 18.5zM14 6.5 17.5 10";
export const REPEAT_ICON: IconDrawing =
  "M17 3.5 20 6.5l-3 3M20 6.5H8a4 4 0 0 0-4 4V12M7 20.5 4 17.5l3-3M4 17.5h12a4 4 0 0 0 4-4V12";
export const RIGHT_ICON: IconDrawing = "M9 6l6 6-6 6";
export const SETTINGS_ICON: IconDrawing =
  "M4 7h9M17.5 7H20M4 17h2.5M11 17h9M15.2 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8.8 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z";
export const TRASH_ICON: IconDrawing = "M4.5 7h15M9 7V4.5h6V7M6.5 7l1 13.5h9l1-13.5M10.5 11v5.5M13.5 11v5.5";
export const UPLOAD_ICON: IconDrawing = "M12 15V4M7.5 8.5 12 4l4.5 4.5M4.5 19.5h15";
