/** Notes what those who supervise want to know: the page left, full screen left, a long text pasted. The session leaves out what the examination does not note. */
import type { FactKind } from "@lectern/exam";

/** Shorter texts are the candidate's own, moved from one place to another. */
const LARGE_PASTE_LETTERS = 100;

/** @returns the function that ends it */
export function watchFacts(note: (fact: FactKind, detail?: string) => void): () => void {
  const ends = new AbortController();
  const on = { signal: ends.signal };
  let wasFull = document.fullscreenElement !== null;
  document.addEventListener("visibilitychange", () => note(document.hidden ? "page-left" : "page-back"), on);
  document.addEventListener(
    "fullscreenchange",
    () => {
      const isFull = document.fullscreenElement !== null;
      if (wasFull && !isFull) note("full-screen-left");
      wasFull = isFull;
    },
    on,
  );
  document.addEventListener(
    "paste",
    ({ clipboardData }) => {
      const letters = [...(clipboardData?.getData("text") ?? "")].length;
      if (letters >= LARGE_PASTE_LETTERS) note("large-paste", String(letters));
    },
    on,
  );
  return () => ends.abort();
}
