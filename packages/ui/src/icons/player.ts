/** Defines icons of the player's controls. */
import type { IconDrawing } from "./drawing.ts";

export const GROW_ICON: IconDrawing = "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5";
export const PAUSE_ICON: IconDrawing = "M6 5h4v14H6zM14 5h4v14h-4z";
export const PICTURE_IN_PICTURE_ICON: IconDrawing = "M3 5h18v14H3zM12 12h7v5h-7z";
export const PLAY_ICON: IconDrawing = "M8 5v14l11-7z";
export const QUALITY_ICON: IconDrawing = "M4 7h8M17 7h3M4 12h2M11 12h9M4 17h10M19 17h1M14.5 4.5v5M8.5 9.5v5M16.5 14.5v5";
export const SOUND_ICON: IconDrawing = "M4 9v6h4l5 4V5L8 9zM16 8.5a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12";
export const SOUND_OFF_ICON: IconDrawing = "M4 9v6h4l5 4V5L8 9zM16 9.5l5 5M21 9.5l-5 5";
