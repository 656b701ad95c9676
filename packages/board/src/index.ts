/** Defines the board: its pages and what is drawn on them. Start with `shapes.ts`. */
export * from "./history.ts";
export * from "./ink.ts";
export * from "./operations.ts";
export * from "./outline.ts";
export * from "./page.ts";
export * from "./painter.ts";
export { tracePath } from "./path-data.ts";
export * from "./points.ts";
export * from "./shapes.ts";
