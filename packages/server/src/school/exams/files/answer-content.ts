/**
 * Tells by its bytes what a file of an answer is: a photo (JPEG, PNG, WebP), or recorded sound (WebM with Opus, MP4 with AAC or Opus). The file is walked from its
 * first byte to its last: what has another format hidden behind its end, or beside its tracks, is none of them. Nothing is decoded.
 */
import type { PhotoContent, SoundContent } from "./content-types.ts";
import { type Mp3Content, mp3Content } from "./mp3-content.ts";
import { jpegContent, pngContent, webpContent } from "./photo-content.ts";
import { mp4Content, webmContent } from "./sound-content.ts";

/** A viewer decodes this many pixels: 4 bytes of memory each. */
const MAX_PIXELS = 50_000_000;

/** Null: it is no photo, is damaged, or has too many pixels. */
export function photoContent(file: Buffer): PhotoContent | null {
  const content = guarded(file, [jpegContent, pngContent, webpContent]);
  const pixels = content ? content.width * content.height : 0;
  return content && pixels > 0 && pixels <= MAX_PIXELS ? content : null;
}

/** Null: it is no sound recording, has other tracks beside it, or is damaged. */
export function soundContent(file: Buffer): SoundContent | null {
  return guarded(file, [webmContent, mp4Content]);
}

/** What teachers have of sound besides: MP3. */
export function paperSoundContent(file: Buffer): SoundContent | Mp3Content | null {
  return guarded<SoundContent | Mp3Content>(file, [webmContent, mp4Content, mp3Content]);
}

/** What is read beyond the end of a buffer is a damaged file. */
function guarded<T>(file: Buffer, readers: readonly ((file: Buffer) => T | null)[]): T | null {
  try {
    for (const read of readers) {
      const content = read(file);
      if (content) return content;
    }
    return null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
