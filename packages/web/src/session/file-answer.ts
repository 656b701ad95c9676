/** Takes a file from an answer of the API that was asked for as a blob. */

type FileAnswer = { readonly data?: unknown; readonly response: Response };

/** Null: the server does not have it. @throws Error: it was refused */
export function fileOf({ data, response }: FileAnswer): Blob | null {
  if (response.status === 404) return null;
  if (!data) throw new Error(`the file was refused with ${response.status}`);
  return data as Blob;
}
