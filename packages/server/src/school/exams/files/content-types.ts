/** Defines what a file of an answer is found to be by its bytes. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export const SOUND_TYPES = ["audio/webm", "audio/mp4"] as const;
export type PhotoContent = { readonly type: (typeof PHOTO_TYPES)[number]; readonly width: number; readonly height: number };
export type SoundContent = {
  readonly type: (typeof SOUND_TYPES)[number];
  /** By the times of its packets. */
  readonly seconds: number;
};
