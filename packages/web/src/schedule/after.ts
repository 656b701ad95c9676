/** Makes a call once, later, unless it is cancelled. */

/** @returns the function that cancels it */
export function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}
