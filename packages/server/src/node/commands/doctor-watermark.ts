/** Checks for `lectern doctor` whether downloads can have a watermark in the picture, and whether names in Chinese can be read there. */
import { tmpdir } from "node:os";
import { tryWatermark, type WatermarkTrial } from "../../library/downloads/watermark-trial.ts";
import type { Finding } from "./doctor-operators.ts";

/** Names, in Chinese and in Latin letters. */
const SAMPLE = "王小明 李红 Müller 7KQ2XM";

export async function checkWatermark(): Promise<Finding> {
  return describeWatermark(await tryWatermark("ffmpeg", tmpdir(), SAMPLE));
}

export function describeWatermark(trial: WatermarkTrial): Finding {
  if (trial.kind === "letters")
    return { state: "good", what: "downloads can have a watermark in the picture, also with Chinese names" };
  if (trial.kind === "missing")
    return {
      state: "advice",
      what: "no font has Chinese letters: watermarks in downloads name people by their number only",
      fix: "apt-get install fonts-wqy-microhei, or another font with Chinese letters",
    };
  return {
    state: "advice",
    what: `downloads under a watermark are refused, because ffmpeg cannot draw the text (${trial.reason})`,
    fix: "install an ffmpeg with libass (filter ass) and libx264, and a font: apt-get install ffmpeg fonts-wqy-microhei",
  };
}
