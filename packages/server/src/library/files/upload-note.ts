/**
 * The note beside a recorded file about its upload: which parts the object storage has, or that it has the whole file. The note outlives
 * the local copy of the file.
 */
import { readFile } from "node:fs/promises";
import { writeAtomically } from "../../platform/write-atomically.ts";

/** A part of a multipart upload that the storage has. */
export type UploadedPart = { readonly number: number; readonly etag: string; readonly from: number; readonly to: number };

export type UploadNote =
  | { readonly upload: string | null; readonly parts: readonly UploadedPart[] }
  | { readonly stored: { readonly bytes: number; readonly at: number } };

export function uploadNotePath(path: string): string {
  return `${path}.upload`;
}

/** The size in bytes of a file that is completely in the storage; null for any other. */
export async function storedBytes(path: string): Promise<number | null> {
  const note = await readUploadNote(path);
  return note && "stored" in note ? note.stored.bytes : null;
}

export async function readUploadNote(path: string): Promise<UploadNote | null> {
  const text = await readFile(uploadNotePath(path), "utf8").catch(() => null);
  if (text === null) return null;
  try {
    const note = JSON.parse(text) as Partial<Record<"stored" | "parts", unknown>> | null;
    return note?.stored || Array.isArray(note?.parts) ? (note as UploadNote) : null;
  } catch {
    return null;
  }
}

export async function writeUploadNote(path: string, note: UploadNote): Promise<void> {
  await writeAtomically(uploadNotePath(path), JSON.stringify(note));
}
