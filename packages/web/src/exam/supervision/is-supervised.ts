/** Tells whether candidates of an examination are filmed. */
import type { SupervisionTerms } from "../attempt/exam-types.ts";

export function isSupervised({ camera, screen, phone }: Pick<SupervisionTerms, "camera" | "screen" | "phone">): boolean {
  return camera !== "none" || screen || phone;
}
