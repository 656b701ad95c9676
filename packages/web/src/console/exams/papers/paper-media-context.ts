/** Tells the editor's fields to which paper pictures and sound are added. */
import { createContext } from "react";

/** The id of the paper. */
export const PaperIdContext = createContext("");

export function paperFileUrl(paperId: string, file: string): string {
  return `/api/v1/papers/${encodeURIComponent(paperId)}/files/${encodeURIComponent(file)}`;
}
