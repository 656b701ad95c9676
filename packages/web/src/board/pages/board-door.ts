/** Determines where a page gets what it shows of the board: what was drawn on pages, and the pictures of slides. */
import type { PageId } from "@lectern/board";
import type { Joined } from "@lectern/client";

export type SlideSize = "small" | "large";

export type BoardDoor = {
  /** What was drawn on a page up to a place in the log at least. */
  readonly page: (page: PageId, after: number) => string;
  readonly slide: (material: string, page: number, size: SlideSize) => string;
  readonly texts: (material: string) => string;
};

/** @param link any signed address of the lesson: its query is the permission */
export function roomDoor(code: string, link: string): BoardDoor {
  const { search } = new URL(link, location.href);
  const room = `/api/v1/rooms/${encodeURIComponent(code)}`;
  return {
    page: (page, after) => `${room}/pages/${page}${search}${search === "" ? "?" : "&"}after=${after}`,
    slide: (material, page, size) => `${room}/slides/${material}/${size}-${page}.webp${search}`,
    texts: (material) => `${room}/slides/${material}/texts${search}`,
  };
}

/** The address of a picture of all of the page; null: there is none. */
export function pictureOf({ page, material, whole }: NonNullable<Joined["shownPage"]>, door: BoardDoor): string | null {
  return material !== null && whole ? door.slide(material, Number(page.split(".")[1]), "small") : null;
}

/** @param hls the signed address of a recording's playlist */
export function recordingDoor(hls: string): BoardDoor {
  const { pathname, search } = new URL(hls, location.href);
  const recording = pathname.replace(/\.m3u8$/, "");
  return {
    // A replay knows by itself what was drawn.
    page: () => "",
    slide: (material, page, size) => `${recording}/slides/${material}/${size}-${page}.webp${search}`,
    texts: () => "",
  };
}

/** The page that is shown when somebody joins, asked for before the board's code is there. */
let ahead: { readonly page: PageId; readonly answer: Promise<{ readonly seq?: unknown } | null> } | null = null;

export function prefetchPage(door: BoardDoor, page: PageId): void {
  // Where it fails the page is asked for again.
  ahead = { page, answer: loadJson(door.page(page, 0)).catch(() => null) as Promise<object | null> };
}

/**
 * @param after the answer has at least this place
 * @throws Error as `loadJson`
 */
export async function loadPage(door: BoardDoor, page: PageId, after: number, signal: AbortSignal): Promise<unknown> {
  const early = ahead?.page === page ? ahead.answer : null;
  ahead = null;
  const answer = await early;
  if (typeof answer?.seq === "number" && answer.seq >= after) return answer;
  return await loadJson(door.page(page, after), signal);
}

/** @throws Error where the answer is no JSON, or a refusal */
export async function loadJson(address: string, signal: AbortSignal | null = null): Promise<unknown> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`${response.status}`);
  return await response.json();
}
