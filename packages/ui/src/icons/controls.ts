/** Defines icons of controls and states that the class has, too. */
import type { IconDrawing } from "./drawing.ts";

export const CHECK_ICON: IconDrawing = "M5 12.5l4.5 4.5L19 7.5";
export const CLOSE_ICON: IconDrawing = "M6 6l12 12M18 6 6 18";
export const DOWN_ICON: IconDrawing = "M6 9l6 6 6-6";
export const HAND_ICON: IconDrawing =
  "M7 12V6.5a1.5 1.5 0 0 1 3 0V11M10 10.5v-6a1.5 1.5 0 0 1 3 0V11M13 11V5.5a1.5 1.5 0 0 1 3 0V12M16 9.5a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-1a6 6 0 0 1-5-2.7L4.3 14a1.6 1.6 0 0 1 2.6-1.8L8 13.5";
export const LEAVE_ICON: IconDrawing = "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M9 8l-4 4 4 4M5 12h10";
export const LOCK_ICON: IconDrawing = "M6 11h12v9.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5V17";
export const MORE_ICON: IconDrawing = "M5.5 11.5v1M12 11.5v1M18.5 11.5v1";
export const PEOPLE_ICON: IconDrawing =
  "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14a6.5 6.5 0 0 1 4 6";
export const QUESTION_ICON: IconDrawing =
  "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.3 9.5a2.8 2.8 0 1 1 4.2 2.4c-1 .6-1.5 1.1-1.5 2.3M12 17v.3";
export const UP_ICON: IconDrawing = "M6 15l6-6 6 6";
export const WARNING_ICON: IconDrawing = "M12 4 2.5 20h19zM12 10v4.5M12 17.3v.2";
