/** Defines icons of the console: its pages, and what is done in its lists. */
import type { IconDrawing } from "./drawing.ts";

export const ACCOUNT_ICON: IconDrawing = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0";
export const ALARM_ICON: IconDrawing = "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21.5h4";
export const AUDIT_ICON: IconDrawing = "M4.5 5v4.5H9M4.8 9.2A8 8 0 1 1 4 13M12 8.5V13l3 2";
export const BOOK_ICON: IconDrawing = "M12 6.5C10 5 7.5 4.5 4 4.5V18c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2V4.5c-3.5 0-6 .5-8 2zM12 6.5V20";
export const BROADCAST_ICON: IconDrawing =
  "M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.5 18.5a9.2 9.2 0 0 1 0-13M18.5 5.5a9.2 9.2 0 0 1 0 13";
export const CALENDAR_ICON: IconDrawing =
  "M5 5.5h14a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1zM4 10h16M8.5 3v4M15.5 3v4";
export const CHART_ICON: IconDrawing = "M4 20h16M7 16.5v-5M12 16.5V5M17 16.5V9";
export const CHECKLIST_ICON: IconDrawing =
  "M8 4.5H6a1 1 0 0 0-1 1V20a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V5.5a1 1 0 0 0-1-1h-2M9 3h6v3.5H9zM9 14l2.2 2.2L15.5 12";
export const COPY_ICON: IconDrawing =
  "M9 8.5h10a1 1 0 0 1 1 1V20a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V9.5a1 1 0 0 1 1-1zM16 8.5V4a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v11.5a1 1 0 0 0 1 1h3";
export const DOWNLOAD_ICON: IconDrawing = "M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15";
export const EMPTY_ICON: IconDrawing = "M4 13.5 6.5 5h11L20 13.5V19a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 13.5h4.5l1.5 2.5h4l1.5-2.5H20";
export const EXAM_ICON: IconDrawing =
  "M14 3H6.5a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V7.5zM14 3v4.5h4.5M9 14.5l2.2 2.2L15 12";
export const FLAG_ICON: IconDrawing = "M6 21V4M6 5c4-2.5 7.5 2 12.5 0v9c-5 2-8.5-2.5-12.5 0";
export const GAUGE_ICON: IconDrawing = "M4.5 18a9 9 0 1 1 15 0M12 14.5l4-5M12 16a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z";
export const HOME_ICON: IconDrawing = "M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-5.5h4V20";
export const KEY_ICON: IconDrawing = "M8 19a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM11.2 11.3 19.5 3M16 6.5l3 3M13.5 9l2 2";
export const LANGUAGE_ICON: IconDrawing =
  "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.5 12h17M12 3c5 5.5 5 12.5 0 18M12 3c-5 5.5-5 12.5 0 18";
export const LAYERS_ICON: IconDrawing = "M12 4 3.5 8.5 12 13l8.5-4.5zM3.5 12.5 12 17l8.5-4.5M3.5 16.5 12 21l8.5-4.5";
export const LESSON_ICON: IconDrawing = "M4 5h16v11H4zM9.5 20.5 12 16l2.5 4.5M10 8.5v4l4-2z";
export const LINK_ICON: IconDrawing =
  "M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6L11.5 7M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1.5-1.6";
export const MENU_ICON: IconDrawing = "M4 6.5h16M4 12h16M4 17.5h16";
export const PROBE_ICON: IconDrawing = "M3 12h4l2.5-7 5 14 2.5-7h4";
export const PUZZLE_ICON: IconDrawing = "M10 5.5a2 2 0 1 1 4 0V7h4v4h-1.5a2 2 0 1 0 0 4H18v5H6v-5h1.5a2 2 0 1 0 0-4H6V7h4z";
export const RECORDING_ICON: IconDrawing = "M4 5.5h16v13H4zM8 5.5v13M16 5.5v13M4 10h4M4 14h4M16 10h4M16 14h4";
export const SCHOOL_ICON: IconDrawing = "M3 9.5 12 5l9 4.5-9 4.5zM6.5 11.5V17c3 2.7 8 2.7 11 0v-5.5M21 9.5V15";
export const SEARCH_ICON: IconDrawing = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5";
export const SERVER_ICON: IconDrawing = "M4 4.5h16v6.5H4zM4 13h16v6.5H4zM7.5 7.8v.1M7.5 16.3v.1M11 7.8h5.5M11 16.3h5.5";
export const SHIELD_ICON: IconDrawing =
  "M12 3.5c2.5 2 5 2.8 8 3V12c0 4.5-3 7.5-8 9-5-1.5-8-4.5-8-9V6.5c3-.2 5.5-1 8-3zM8.5 12l2.5 2.5 4.5-4.5";
export const SIGN_IN_ICON: IconDrawing = "M10 4H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h4M15 8l4 4-4 4M19 12H9";
export const SOURCE_ICON: IconDrawing = "M5 4.5h14V13M5 4.5V19h6M15 12.5v8M11.5 17l3.5 3.5 3.5-3.5M9 8.5h6M9 12h2";
export const TASKS_ICON: IconDrawing =
  "M5 6.5l1.2 1.2L8.5 5.5M11.5 6.5H20M5 12.5l1.2 1.2 2.3-2.2M11.5 12.5H20M5 18.5l1.2 1.2 2.3-2.2M11.5 18.5H20";
