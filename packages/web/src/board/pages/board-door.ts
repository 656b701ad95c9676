/** Where a page gets what it shows of the board: what was drawn on pages, and the pictures of slides. */
import type { PageId } from "@lectern/board";

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

/** @throws Error where the answer is no JSON, or a refusal */
export async function loadJson(address: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`${response.status}`);
  return await response.json();
}
