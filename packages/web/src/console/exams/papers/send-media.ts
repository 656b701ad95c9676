/** Sends a picture or sound to a paper. A large picture, and one of a camera, goes as a smaller JPEG, without what the camera noted of place and device. */
import type { Media } from "@lectern/exam";
import { scaledPhoto } from "../../../exam/files/scaled-photo.ts";
import { api, unwrap } from "../../../session/api.ts";

export const MEDIA_TYPES = "image/jpeg,image/png,image/webp,audio/mpeg,audio/mp4,audio/webm,.mp3,.m4a,.webm";
/** Drawings keep their sharp lines: a PNG that is no larger goes as it is. */
const MAX_DRAWING_BYTES = 1024 * 1024;
const DRAWINGS: readonly string[] = ["image/png", "image/webp"];

/** @throws ApiError */
export async function addedMedia(paperId: string, file: File): Promise<Media> {
  const isDrawing = DRAWINGS.includes(file.type) && file.size <= MAX_DRAWING_BYTES;
  const body = file.type.startsWith("image/") && !isDrawing ? await scaledPhoto(file) : file;
  const added = await unwrap(
    api().POST("/api/v1/papers/{paperId}/files", {
      params: { path: { paperId } },
      body: file.name,
      bodySerializer: () => body,
      headers: { "content-type": "text/plain" },
    }),
  );
  const { id, width, height } = added;
  if (width !== null && height !== null) return { kind: "picture", file: id, alt: "", width, height };
  return { kind: "sound", file: id, title: file.name.replace(/\.[^.]+$/, "") };
}
