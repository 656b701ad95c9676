/** Random ids for what a person does in a room. `crypto.randomUUID` exists over HTTPS only. */

/** 96 random bits, as 24 hexadecimal digits. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint32Array(3))].map((word) => word.toString(16).padStart(8, "0")).join("");
}
