/** Defines icons of cameras, microphones and screens, and of publishing them. */
import type { IconDrawing } from "./drawing.ts";

export const CAMERA_ICON: IconDrawing = "M4 7h10v10H4zM14 11l6-3v8l-6-3";
export const CAMERA_OFF_ICON: IconDrawing = "M4 7h8M14 9v8H4V8M14 11l6-3v8l-3-1.5M4 4l16 16";
export const CONNECTION_ICON: IconDrawing = "M5 19v-3M10 19v-7M15 19V8M20 19V4";
export const MICROPHONE_ICON: IconDrawing =
  "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3";
export const MICROPHONE_OFF_ICON: IconDrawing =
  "M9.5 9v2.5a2.5 2.5 0 0 0 4 2M14.5 10V6.5a2.5 2.5 0 0 0-4.9-.7M6.5 11.5a5.5 5.5 0 0 0 9 4.2M17.5 11.5a5 5 0 0 1-.4 2M12 17v3M4 4l16 16";
export const SCREEN_ICON: IconDrawing = "M3 5h18v12H3zM9 21h6M12 17v4M12 14V9M9.5 11 12 8.5 14.5 11";
export const SCREEN_OFF_ICON: IconDrawing = "M3 5h18v12H3zM9 21h6M12 17v4M9 8.5l6 5M15 8.5l-6 5";
export const STOP_ICON: IconDrawing = "M7 7h10v10H7z";
export const TURN_CAMERA_ICON: IconDrawing = "M5 10a7.5 7.5 0 0 1 13-3l2 2M20 4v5h-5M19 14a7.5 7.5 0 0 1-13 3l-2-2M4 20v-5h5";
