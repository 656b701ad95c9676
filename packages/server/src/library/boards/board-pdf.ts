/** Makes a PDF of the board: a page for each of its pages, with what was drawn as lines and letters, not as a picture. */

import type { BoardSheet, WriteBoardPdf } from "../../contracts/rooms/board-sheet.ts";
import { RequestThread } from "../../platform/request-thread.ts";

/** A page; null: that was the last one. */
export type PdfRequest = BoardSheet | null;
/** The file; null: the page was drawn. */
export type PdfAnswer = Uint8Array | null;

export const boardPdf: WriteBoardPdf = async (title, sheets) => {
  const thread = new RequestThread<PdfRequest, PdfAnswer>("library/boards/board-pdf-thread", "writes the board's PDF", title);
  try {
    for await (const sheet of sheets) await thread.ask(sheet);
    const file = await thread.ask(null);
    if (file === null) throw new Error("the thread has written no PDF");
    return Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  } finally {
    await thread.close();
  }
};
