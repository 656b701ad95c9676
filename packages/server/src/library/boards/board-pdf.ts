/** Makes a PDF of the board: a page for each of its pages, with what was drawn as lines and letters, not as a picture. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { BoardSheet, WriteBoardPdf } from "../../platform/board-sheet.ts";
import { entryFile } from "../../platform/program.ts";

/** A page; null: that was the last one. */
export type PdfAsk = BoardSheet | null;
/** The file; null: the page was drawn. */
export type PdfAnswer = Uint8Array | null;

export const boardPdf: WriteBoardPdf = async (title, sheets) => {
  const thread = new Worker(entryFile("library/boards/board-pdf-thread"), { workerData: title });
  const ended = new AbortController();
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      thread.on("error", reject);
      thread.on("exit", () => reject(new Error("the thread that writes the board's PDF has ended")));
      feed(thread, sheets, ended.signal).then(resolve, reject);
    });
  } finally {
    ended.abort();
    await thread.terminate();
  }
};

async function feed(thread: Worker, sheets: AsyncIterable<BoardSheet>, ended: AbortSignal): Promise<Buffer> {
  for await (const sheet of sheets) await ask(thread, sheet, ended);
  const file = await ask(thread, null, ended);
  if (file === null) throw new Error("the thread has written no PDF");
  return Buffer.from(file.buffer, file.byteOffset, file.byteLength);
}

async function ask(thread: Worker, sheet: PdfAsk, ended: AbortSignal): Promise<PdfAnswer> {
  const answered = once(thread, "message", { signal: ended });
  thread.postMessage(sheet);
  const [answer]: PdfAnswer[] = await answered;
  return answer ?? null;
}
