/** Says where pictures and sound of a published paper come from: by their addresses for who is signed in, by the token for a candidate. */

export type MediaSource =
  | { readonly urlOf: (file: string) => string }
  /** Null: the server does not have it, or does not show it. */
  | { readonly load: (file: string) => Promise<Blob | null> };

/** Of staff who work with the examination, or mark it, and of people whose own answers it shows. */
export function examFileUrl(examinationId: string, file: string): string {
  return `/api/v1/exams/${encodeURIComponent(examinationId)}/paper/files/${encodeURIComponent(file)}`;
}
