/** Determines where a screen and a camera in its corner stand in one picture. */

export type Corner = "top-left" | "top-right" | "bottom-left" | "bottom-right";
export type Size = { readonly width: number; readonly height: number };
export type Place = Size & { readonly x: number; readonly y: number };
export type Layout = {
  readonly picture: Size;
  /** Each null where it is not shown. */
  readonly screen: Place | null;
  readonly camera: Place | null;
};

/** Of the picture's width: large enough for a face. */
const CAMERA_SHARE = 0.22;
const MARGIN_SHARE = 0.015;
const NOTHING: Size = { width: 1280, height: 720 };

/** @param corner of the camera; null: it is hidden while there is a screen @param maxWidth of the picture, pixels */
export function composeLayout(screen: Size | null, camera: Size | null, corner: Corner | null, maxWidth: number): Layout {
  const main = screen ?? camera ?? NOTHING;
  const picture = scaled(main, Math.min(1, maxWidth / main.width));
  const whole = { x: 0, y: 0, ...picture };
  if (!screen) return { picture, screen: null, camera: camera && whole };
  if (!camera || corner === null) return { picture, screen: whole, camera: null };
  const margin = Math.round(picture.width * MARGIN_SHARE);
  const small = scaled(camera, (picture.width * CAMERA_SHARE) / camera.width);
  const x = corner.endsWith("left") ? margin : picture.width - small.width - margin;
  const y = corner.startsWith("top") ? margin : picture.height - small.height - margin;
  return { picture, screen: whole, camera: { x, y, ...small } };
}

/** Even, as H.264 wants it. */
function scaled({ width, height }: Size, scale: number): Size {
  const even = (value: number) => Math.max(2, 2 * Math.round((value * scale) / 2));
  return { width: even(width), height: even(height) };
}
