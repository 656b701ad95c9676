/** Comparing secrets. */
import { createHash, timingSafeEqual } from "node:crypto";

/** In constant time, whatever the lengths. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}
