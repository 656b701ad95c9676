/** Provides random names of sessions. `crypto.randomUUID` is missing on pages without HTTPS. */

/** 128 bits in hexadecimal. */
export function randomHex(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** 120 bits in 20 letters, digits and the like. */
export function randomText(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(15))))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
