/** Converts one picture to the WebP pictures of a page, upright and on white, with ffmpeg. */
import { PAGE_WIDTHS } from "../../contracts/materials/material-messages.ts";
import type { ImageFormat, ImageSize } from "./image-size.ts";
import type { PageSizePoints } from "./pdf-step.ts";
import type { SandboxJob } from "./sandbox.ts";
import { runStep } from "./steps.ts";

const MAX_HEIGHT = 3 * PAGE_WIDTHS.large;
/** Photos of paper and of blackboards. */
const QUALITY = 84;
/** ffmpeg's reader of each format; it would otherwise guess, and read playlists and other formats that name further files. */
const READERS: Readonly<Record<ImageFormat, string>> = {
  png: "png_pipe",
  jpeg: "jpeg_pipe",
  gif: "gif",
  webp: "webp_pipe",
  bmp: "bmp_pipe",
};
/** Filters that turn a picture upright, by its orientation in Exif 2.3. */
const TURNS: readonly string[] = [
  "",
  "",
  "hflip,",
  "hflip,vflip,",
  "vflip,",
  "transpose=0,",
  "transpose=1,",
  "transpose=3,",
  "transpose=2,",
];

/** The size of the large picture: no picture becomes larger than it is. */
export function imageSizeOf({ width, height, orientation }: ImageSize): PageSizePoints {
  const [across, down] = orientation >= 5 ? [height, width] : [width, height];
  const scale = Math.min(1, PAGE_WIDTHS.large / across, MAX_HEIGHT / down);
  return { width: Math.max(1, Math.round(across * scale)), height: Math.max(1, Math.round(down * scale)) };
}

/** Makes /job/out/large-1.webp and small-1.webp of /job/source. @throws MaterialFailure */
export async function convertImageFile(job: SandboxJob, format: ImageFormat, picture: ImageSize): Promise<void> {
  const { width, height } = imageSizeOf(picture);
  // Turned and put on white when it is small: a picture of a hundred million pixels would not fit into memory several times.
  const scale = picture.orientation >= 5 ? `${height}:${width}` : `${width}:${height}`;
  const onWhite = "format=rgba,split[front][copy];[copy]lutrgb=r=255:g=255:b=255:a=255[white];[white][front]overlay=format=auto";
  const small = `scale=w='min(iw,${PAGE_WIDTHS.small})':h=-1:flags=area`;
  const filters = `[0:v]scale=${scale}:flags=area,${TURNS[picture.orientation] ?? ""}${onWhite},format=yuv420p,split[a][b];[b]${small}[small]`;
  const webp = ["-frames:v", "1", "-c:v", "libwebp", "-compression_level", "4", "-quality", String(QUALITY)];
  await runStep(job, [
    ...[
      "ffmpeg",
      "-nostdin",
      "-v",
      "error",
      "-y",
      "-threads",
      "1",
      "-protocol_whitelist",
      "file",
      "-noautorotate",
      "-f",
      READERS[format],
    ],
    ...["-i", "/job/source", "-filter_complex", filters],
    ...["-map", "[a]", ...webp, "/job/out/large-1.webp", "-map", "[small]", ...webp, "/job/out/small-1.webp"],
  ]);
}
