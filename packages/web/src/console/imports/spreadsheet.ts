/**
 * Reads an Excel workbook (Office Open XML, ECMA-376) in the browser as the CSV text that the server imports: its first sheet, row by row, so that the
 * number of a line is the number of the row. A workbook is a ZIP file, which may unpack to anything: what it says of its size is checked first.
 */
import { unzipSync, zipSync } from "fflate";
import readSheets from "read-excel-file/universal";

const ZIP_BEGIN = [0x50, 0x4b, 0x03, 0x04] as const;
/** 50,000 people are about 20 MB. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** A cell with a time of day only is a time of the day before spreadsheets begin to count. */
const FIRST_YEAR = 1905;
const NEEDS_QUOTES = /[",\r\n]/;

/** Whether a file is a workbook, whatever its name. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return ZIP_BEGIN.every((byte, i) => bytes[i] === byte);
}

/** @throws Error where it is no workbook, or too large */
export async function workbookAsCsv(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  let unpacked = 0;
  const parts = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (!/\.(?:xml|rels)$/.test(name)) return false;
      unpacked += originalSize;
      if (unpacked > MAX_UNPACKED_BYTES) throw new RangeError("the workbook is too large");
      return true;
    },
  });
  // The reader unpacks large parts in workers of its own, which the page's content policy refuses; what is stored it takes as it is.
  const stored = zipSync(parts, { level: 0 });
  const [sheet] = await readSheets(stored.buffer, { parseNumber: (text) => text });
  return (sheet?.data ?? []).map((row) => row.map((cell) => quoted(cellText(cell))).join(",")).join("\n");
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  return cell instanceof Date ? dateText(cell) : String(cell).trim();
}

/** The reader gives dates and times as the wall clock says, in UTC. */
function dateText(date: Date): string {
  const [day = "", time = ""] = date.toISOString().split("T");
  const clock = time.slice(0, 5);
  if (date.getUTCFullYear() < FIRST_YEAR) return clock;
  return clock === "00:00" ? day : `${day} ${clock}`;
}

function quoted(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
