/** Provides the fields that take photos and sound, which are loaded when a paper has such questions. */
import { lazy } from "react";

const photos = () => import("./photos-field.tsx");
const sound = () => import("./sound-field.tsx");

export const PhotosField = lazy(async () => ({ default: (await photos()).PhotosField }));
export const SoundField = lazy(async () => ({ default: (await sound()).SoundField }));

/** So that they are there when the network is not. */
export async function loadFileFields(): Promise<void> {
  await Promise.all([photos(), sound()]);
}
