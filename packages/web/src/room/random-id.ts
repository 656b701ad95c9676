/** Random ids for what a person does in a room. `crypto.randomUUID` exists over HTTPS only. */

/** 96 random bits, as 24 hexadecimal digits. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
