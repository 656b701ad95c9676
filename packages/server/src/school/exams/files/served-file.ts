/** Answers with the bytes of a picture or of sound, as what they are and nothing else. */
import type { ExamPaperFile } from "../../foundation/store/exam-tables.ts";

const EXTENSIONS: Readonly<Record<ExamPaperFile["type"], string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "audio/webm": "webm",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
};

export function isServed(type: string): type is ExamPaperFile["type"] {
  return Object.hasOwn(EXTENSIONS, type);
}

export function servedFile(name: string, type: ExamPaperFile["type"], bytes: Buffer) {
  return {
    body: bytes,
    headers: {
      "content-type": type,
      // It is a photo or sound, whatever else its bytes may look like.
      "content-security-policy": "default-src 'none'; sandbox",
      "content-disposition": `inline; filename="${name}.${EXTENSIONS[type]}"`,
      "cache-control": "private, max-age=3600",
    },
  };
}
