/** Tells the server that the watermark over the picture was removed, hidden or covered. */
import type { Tampering } from "@lectern/player";
import { api } from "../session/api.ts";
import { guestToken } from "./lesson-door.ts";

/**
 * A report that does not arrive is not sent again: playback has stopped in any case.
 * @param code of the lesson as the guest joined it
 */
export function reportTamper(lessonId: string, code: string, what: Tampering, recordingId?: string): void {
  const token = guestToken(code);
  const body = { what, ...(token ? { token } : {}), ...(recordingId ? { recordingId } : {}) };
  void api()
    .POST("/api/v1/lessons/{lessonId}/reports/tamper", { params: { path: { lessonId } }, body })
    .catch(() => {});
}
