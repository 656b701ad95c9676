/**
 * Stores the state of a recorded file's upload in a JSON file beside it: the parts that the object storage has, or that it has the whole
 * file. The state outlives the local copy of the file.
 */
import { readFile } from "node:fs/promises";
import { writeAtomically } from "../../platform/write-atomically.ts";

/** A part of a multipart upload that the storage has. */
export type UploadedPart = { readonly number: number; readonly etag: string; readonly from: number; readonly to: number };

export type UploadState =
  | { readonly upload: string | null; readonly parts: readonly UploadedPart[] }
  | { readonly stored: { readonly bytes: number; readonly at: number } };

export function uploadStatePath(path: string): string {
  return `${path}.upload`;
}

/** The size in bytes of a file that is completely in the storage; null for any other. */
export async function storedBytes(path: string): Promise<number | null> {
  const state = await readUploadState(path);
  return state && "stored" in state ? state.stored.bytes : null;
}

export async function readUploadState(path: string): Promise<UploadState | null> {
  const text = await readFile(uploadStatePath(path), "utf8").catch(() => null);
  if (text === null) return null;
  try {
    const state = JSON.parse(text) as Partial<Record<"stored" | "parts", unknown>> | null;
    return state?.stored || Array.isArray(state?.parts) ? (state as UploadState) : null;
  } catch {
    return null;
  }
}

export async function writeUploadState(path: string, state: UploadState): Promise<void> {
  await writeAtomically(uploadStatePath(path), JSON.stringify(state));
}
