/**
 * Reads an Excel workbook (Office Open XML, ECMA-376) in the browser as the CSV text that the server imports: its first sheet, row by row, so that the
 * number of a line is the number of the row. What a workbook says of itself may be anything: it is counted while it is unpacked, and the reader makes rows
 * and cells up to the last one that is named.
 */
import { unzip } from "@lectern/exam/unzip";
import { zipSync } from "fflate";
import readSheets from "read-excel-file/universal";

const ZIP_BEGIN = [0x50, 0x4b, 0x03, 0x04] as const;
/** 50,000 people are about 20 MB. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** A workbook of a year has some dozens of sheets. */
const MAX_FILES = 1000;
/** What is read of it. Tables name cells by these parts alone. */
const IS_READ =
  /^(?:\[Content_Types\]\.xml|(?:_rels\/|xl\/_rels\/)[^/]+|xl\/(?:workbook|styles|sharedStrings|worksheets\/[^/]+)\.xml)$/i;
/** Of Excel. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;
/** Of the rectangle with all cells: the reader fills it. */
const MAX_CELLS = 64_000_000;
const NAMED_CELL = /[\s"']r\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** A cell with a time of day only is a time of the day before spreadsheets begin to count. */
const FIRST_YEAR = 1905;
const NEEDS_QUOTES = /[",\r\n]/;

/** Whether a file is a workbook, whatever its name. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return ZIP_BEGIN.every((byte, i) => bytes[i] === byte);
}

/** @throws Error where it is no workbook, or too large */
export async function workbookAsCsv(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const isWanted = (name: string) => IS_READ.test(name);
  const parts = unzip(bytes, { isWanted, maxFiles: MAX_FILES, maxBytes: MAX_UNPACKED_BYTES });
  if (parts === "damaged") throw new Error("the file is no workbook");
  if (parts === "too-large" || ![...parts.values()].every(hasFewCells)) throw new RangeError("the workbook is too large");
  // The reader unpacks large parts in workers of its own, which the page's content policy refuses; what is stored it takes as it is.
  const stored = zipSync(Object.fromEntries(parts), { level: 0 });
  const [sheet] = await readSheets(stored.buffer, { parseNumber: (text) => text });
  return (sheet?.data ?? []).map((row) => row.map((cell) => quoted(cellText(cell))).join(",")).join("\n");
}

/** Any part may be the sheet, by what the workbook says; other parts name no cells. */
function hasFewCells(part: Uint8Array): boolean {
  let [rows, columns] = [0, 0];
  for (const [, double, single] of new TextDecoder().decode(part).matchAll(NAMED_CELL)) {
    // References of XML hide digits from this, and programs write none here.
    const [, letters = "", digits] = /^([A-Z]{0,3})(\d{1,7})$/.exec(double ?? single ?? "") ?? [];
    if (digits === undefined) return false;
    rows = Math.max(rows, Number(digits));
    columns = Math.max(columns, columnOf(letters));
  }
  return rows <= MAX_ROWS && columns <= MAX_COLUMNS && rows * columns <= MAX_CELLS;
}

function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column;
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
