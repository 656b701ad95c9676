/** Moves along the tiles of the wall by the keyboard. */

/** What a key does on the wall. `next-page` and `previous-page` where the wall has more. */
type WallMove = { readonly to: number } | "next-page" | "previous-page" | null;

/** @param at the tile that has the focus; @param count of the tiles that are shown */
export function tileMove(key: string, at: number, columns: number, count: number): WallMove {
  const within = (to: number): WallMove => (to >= 0 && to < count ? { to } : null);
  switch (key) {
    case "ArrowRight":
      return at === count - 1 ? "next-page" : within(at + 1);
    case "ArrowLeft":
      return at === 0 ? "previous-page" : within(at - 1);
    case "ArrowDown":
      return within(at + columns) ?? (at < count - 1 ? { to: count - 1 } : null);
    case "ArrowUp":
      return within(at - columns);
    case "Home":
      return within(0);
    case "End":
      return within(count - 1);
    case "PageDown":
      return "next-page";
    case "PageUp":
      return "previous-page";
    default:
      return null;
  }
}
