/** Provides lessons in which everybody publishes and watches the others. */
import type { Lesson } from "@lectern/client";

export function isSmallLesson({ mode }: { readonly mode: Lesson["mode"] }): boolean {
  return mode === "small" || mode === "one-to-one";
}
