/** Renders the pages of a PDF as WebP pictures of two sizes, with their text, by poppler and ffmpeg. */
import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PAGE_WIDTHS } from "../../platform/materials/material-messages.ts";
import { MaterialFailure } from "./problem.ts";
import type { SandboxJob } from "./sandbox.ts";
import { runStep } from "./steps.ts";

export type PageSizePoints = { readonly width: number; readonly height: number };

/** A page that is taller is made less wide: a strip of paper would otherwise take memory without end. */
const MAX_HEIGHT = 3 * PAGE_WIDTHS.large;
/** Of libwebp. Text on slides stays sharp; a page of text takes about 60 kB, one with a photo 200 kB. */
const QUALITY = { large: 82, small: 78 } as const;
const MAX_LISTED = 1000;

/**
 * Makes the pictures and texts of the pages that `/job/plan` lists, a line each: number, width, height. poppler gives uncompressed pictures, because
 * it makes no WebP, and a PNG or JPEG would be packed and unpacked once more.
 */
const RENDER = `set -e
while read -r page width height; do
  pdftoppm -q -f "$page" -l "$page" -singlefile -cropbox -scale-to-x "$width" -scale-to-y "$height" /job/source.pdf /job/tmp/page
  ffmpeg -nostdin -v error -y -i /job/tmp/page.ppm \\
    -filter_complex "[0:v]split[a][b];[b]scale=w='min(iw,${PAGE_WIDTHS.small})':h=-1:flags=area[small]" \\
    -map '[a]' -c:v libwebp -compression_level 4 -quality ${QUALITY.large} "/job/out/large-$page.webp" \\
    -map '[small]' -c:v libwebp -compression_level 4 -quality ${QUALITY.small} "/job/out/small-$page.webp"
  rm -f /job/tmp/page.ppm
  pdftotext -q -enc UTF-8 -f "$page" -l "$page" /job/source.pdf "/job/out/text-$page.txt"
  echo "page $page"
done </job/plan
`;

/** The sizes of the pages of /job/source.pdf, as they are shown. @throws MaterialFailure */
export async function pdfPages(job: SandboxJob, maxPages: number): Promise<PageSizePoints[]> {
  const { stdout } = await runStep(job, ["pdfinfo", "-f", "1", "-l", String(Math.min(maxPages, MAX_LISTED)), "/job/source.pdf"]);
  const pages = Number(/^Pages:\s+(\d+)$/m.exec(stdout)?.[1] ?? 0);
  if (pages === 0) throw new MaterialFailure("nothing-in-it", "no pages");
  if (pages > maxPages) throw new MaterialFailure("too-many-pages", String(pages));
  const turned = new Map(
    [...stdout.matchAll(/^Page\s+(\d+) rot:\s+(\d+)$/gm)].map(([, page, by]) => [page, Number(by) % 180 !== 0]),
  );
  const sizes = [...stdout.matchAll(/^Page\s+(\d+) size:\s+([\d.]+) x ([\d.]+) pts/gm)].map(([, page, a = "0", b = "0"]) => {
    const [width, height] = turned.get(page) ? [Number(b), Number(a)] : [Number(a), Number(b)];
    return { width, height };
  });
  if (sizes.length !== pages || sizes.some(({ width, height }) => !(width > 0 && height > 0)))
    throw new MaterialFailure("damaged", `${sizes.length} sizes of ${pages} pages`);
  return sizes;
}

/** The size of the large picture of a page, in pixels. */
export function pixelSize({ width, height }: PageSizePoints): PageSizePoints {
  const scale = Math.min(PAGE_WIDTHS.large / width, MAX_HEIGHT / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Makes the pictures and the texts in /job/out. @param onPage gets the number of each page that is done @throws MaterialFailure */
export async function renderPages(
  job: SandboxJob,
  sizes: readonly PageSizePoints[],
  onPage: (page: number) => void,
): Promise<void> {
  const plan = sizes.map((size, i) => `${i + 1} ${size.width} ${size.height}\n`).join("");
  const path = join(job.folder, "plan");
  await writeFile(path, plan);
  if (job.user !== 0) await chown(path, job.user, job.user);
  await runStep(job, ["sh", "-c", RENDER], (line) => {
    const page = Number(/^page (\d+)$/.exec(line)?.[1] ?? 0);
    if (page >= 1 && page <= sizes.length) onPage(page);
  });
}
