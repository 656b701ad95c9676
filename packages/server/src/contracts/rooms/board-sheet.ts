/** Defines a page of the board and all that is needed to draw it: from the school, which knows what was drawn, to the library, which makes files of it. */
import type { Background, Operation } from "@lectern/board";

export type BoardSheet = {
  /** In units of the board; the width is `PAGE_WIDTH`. */
  readonly height: number;
  /** The picture of a slide, or what an empty page has. */
  readonly ground: { readonly slide: Uint8Array } | { readonly background: Background };
  readonly operations: readonly Operation[];
  /** By `MATERIAL/PAGE`: pictures that were put on the page. */
  readonly pictures: ReadonlyMap<string, Uint8Array>;
};

/**
 * Makes a PDF of the board, with what was drawn as lines and letters.
 * @param sheets are read as fast as they are drawn
 * @throws what the sheets throw, and where a page cannot be drawn
 */
export type WriteBoardPdf = (title: string, sheets: AsyncIterable<BoardSheet>) => Promise<Buffer>;
