/** Reads `http.publicUrl`, by which people reach the server: without a slash at its end, so that paths follow it. Empty: the configuration names none. */
export function publicOrigin(publicUrl: string): string {
  return publicUrl.replace(/\/+$/, "");
}
