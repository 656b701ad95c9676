/** Makes a JPEG of a photo that fits what an examination takes: upright, at most 2400 pixels wide and high, without what the camera noted of place and device. */
import { LIMITS } from "@lectern/exam";

const MAX_PIXELS = 2400;
const QUALITIES = [0.85, 0.7, 0.5] as const;
const TYPE = "image/jpeg";

/** @param turns of 90° clockwise @throws Error: the browser cannot read it as a picture */
export async function scaledPhoto(photo: Blob, turns: 0 | 1 | 2 | 3 = 0): Promise<Blob> {
  const image = await createImageBitmap(photo, { imageOrientation: "from-image" });
  try {
    const scale = Math.min(1, MAX_PIXELS / Math.max(image.width, image.height));
    const [width, height] = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))];
    const isSideways = turns % 2 === 1;
    const canvas = document.createElement("canvas");
    canvas.width = isSideways ? height : width;
    canvas.height = isSideways ? width : height;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser draws no pictures");
    // What is transparent in a PNG is paper.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.translate(canvas.width / 2, canvas.height / 2);
    context.rotate((turns * Math.PI) / 2);
    context.drawImage(image, -width / 2, -height / 2, width, height);
    return await jpegOf(canvas);
  } finally {
    image.close();
  }
}

async function jpegOf(canvas: HTMLCanvasElement): Promise<Blob> {
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, TYPE, quality));
    if (blob && blob.type === TYPE && blob.size <= LIMITS.photoBytes) return blob;
  }
  throw new Error("this browser makes no picture that is small enough");
}
