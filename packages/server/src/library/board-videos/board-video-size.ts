/** Defines the sizes of a board video of a lesson, in pixels, and its times. */

/** `boardFps`: how often the board may change. */
export const FILM = { width: 1280, height: 720, fps: 25, boardFps: 5 } as const;
/** The camera while a page is shown: in the top right corner. */
export const CORNER = { width: 320, height: 180, x: 960 } as const;
