/** Defines what a school may send as its logo; the server checks the same. */

export const LOGO_TYPES = "image/png,image/jpeg,image/webp";
const MAX_BYTES = 128 * 1024;

/** Why a file cannot be the logo, as a key of the messages under `appearance`; null: it can. */
export function logoError({ type, size }: Pick<File, "type" | "size">): "wrongType" | "tooLarge" | null {
  if (!LOGO_TYPES.split(",").includes(type)) return "wrongType";
  return size > MAX_BYTES ? "tooLarge" : null;
}

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(""));
}
