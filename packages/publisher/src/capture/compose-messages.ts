/** Defines what the page and the worker that composes pictures tell each other. */
import type { Corner } from "./compose-layout.ts";

export type ShownSource = "camera" | "screen";

export type ToComposer =
  | {
      readonly kind: "compose";
      readonly writable: WritableStream<VideoFrame>;
      readonly fps: number;
      readonly maxWidth: number;
      readonly corner: Corner | null;
    }
  /** Null: it is not shown any more. */
  | { readonly kind: "show"; readonly what: ShownSource; readonly readable: ReadableStream<VideoFrame> | null }
  | { readonly kind: "corner"; readonly corner: Corner | null }
  /** The page composes, and is told when: its own timers are slow in a hidden tab. */
  | { readonly kind: "tick"; readonly fps: number };

export type FromComposer = { readonly kind: "tick" };
