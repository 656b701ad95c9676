/** Provides the calls of an import: a file becomes a body of CSV, is looked at, imported, followed until it has ended, and taken back. */
import type { Import, ImportPreview } from "@lectern/client";
import { api, unwrap } from "../../session/api.ts";
import { isWorkbook, workbookAsCsv } from "./spreadsheet.ts";

export type ImportKind = "people" | "timetable";

/** As large as the server takes. */
export const MAX_MEGABYTES = 16;

/** CSV in any encoding goes as it is: the server finds out which. @throws Error where a workbook cannot be read */
export async function csvOf(file: File): Promise<Blob> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return isWorkbook(bytes) ? new Blob([await workbookAsCsv(bytes)]) : file;
}

export type Chosen = {
  readonly schoolId?: string;
  /** The course of rows that name none. */
  readonly courseId?: string;
  /** Of each column; "-": it is not read. Null: as the headings say. */
  readonly columns: readonly string[] | null;
  readonly ignoreUnknown: boolean;
  readonly createCourses: boolean;
  /** People of a list without usernames get them from their names. */
  readonly makeLogins: boolean;
};

function queryOf({ columns, ...chosen }: Chosen) {
  return { ...chosen, ...(columns === null ? {} : { columns: columns.join(",") }) };
}

/** Rows as they are pasted from a spreadsheet, whose cells have tabs between, or as they are typed. */
export function pastedFile(text: string, name: string): File {
  return new File([`${text.trim()}\n`], name, { type: "text/csv" });
}

function optionsOf(csv: Blob, query: ReturnType<typeof queryOf> & { readonly skipFaulty?: boolean }) {
  return { params: { query }, body: "", bodySerializer: () => csv, headers: { "content-type": "text/csv" } };
}

export function previewOf(kind: ImportKind, csv: Blob, chosen: Chosen): Promise<ImportPreview> {
  const options = optionsOf(csv, queryOf(chosen));
  if (kind === "people") return unwrap(api().POST("/api/v1/imports/people/preview", options));
  return unwrap(api().POST("/api/v1/imports/timetable/preview", options));
}

/** Imports what is right of the file. */
export function startImport(kind: ImportKind, csv: Blob, chosen: Chosen): Promise<Import> {
  const options = optionsOf(csv, { ...queryOf(chosen), skipFaulty: true });
  if (kind === "people") return unwrap(api().POST("/api/v1/imports/people", options));
  return unwrap(api().POST("/api/v1/imports/timetable", options));
}

export function readImport(importId: string): Promise<Import> {
  return unwrap(api().GET("/api/v1/imports/{importId}", { params: { path: { importId } } }));
}

export function undoImport(importId: string) {
  return unwrap(api().POST("/api/v1/imports/{importId}/undo", { params: { path: { importId } } }));
}
