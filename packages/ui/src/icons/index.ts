/**
 * Names all icons. Each is a constant of its own, and each group a file of its own: a page loads the files that it imports from, and a
 * bundler leaves out what no page imports. Own work, under the licence of the project.
 */

export * from "./actions.ts";
export * from "./board.ts";
export * from "./controls.ts";
export * from "./devices.ts";
export type { IconDrawing } from "./drawing.ts";
export * from "./player.ts";
export * from "./room.ts";
export * from "./school.ts";
