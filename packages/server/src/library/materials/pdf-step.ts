/** Renders the pages of a PDF as WebP pictures of two sizes, with their text, by poppler and ffmpeg. */
import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PAGE_WIDTHS } from "../../contracts/materials/material-messages.ts";
import { MaterialFailure } from "./problem.ts";
import { BACKGROUND, type SandboxJob, type SandboxPriority } from "./sandbox.ts";
import { runStep } from "./steps.ts";

export type PageSizePoints = { readonly width: number; readonly height: number };

/** A page that is taller is made less wide: a strip of paper would otherwise take memory without end. */
const MAX_HEIGHT = 3 * PAGE_WIDTHS.large;
/** Of libwebp. Text on slides stays sharp; a page of text takes about 60 kB, one with a photo 200 kB. */
const QUALITY = { large: 82, small: 78 } as const;
const MAX_LISTED = 1000;
/** Pages of the same size that are made together: programs start once for them. They come to people together, too. */
const BATCH = 4;
/** Of libwebp: half the time of its usual 4, for pictures that are a twentieth larger. */
const EFFORT = 2;
/** Somebody waits for the first page: it has the processor like everything else for so long. */
const FIRST_PAGE = { nice: 0, cpuSeconds: 5 } as const;

/**
 * Makes the pictures and texts of the pages that `/job/plan` lists, a line for each batch: first page, last page, width, height. poppler gives uncompressed
 * pictures, because it makes no WebP, and a PNG or JPEG would be packed and unpacked once more; it numbers them with as many digits as the document's last page has.
 */
const render = (digits: number) => `set -e
pages=/job/tmp/page-%0${digits}d.ppm
while read -r first last width height; do
  pdftoppm -q -f "$first" -l "$last" -cropbox -scale-to-x "$width" -scale-to-y "$height" /job/source.pdf /job/tmp/page
  ffmpeg -nostdin -v error -y -f image2 -start_number "$first" -i "$pages" \\
    -filter_complex "[0:v]split[a][b];[b]scale=w='min(iw,${PAGE_WIDTHS.small})':h=-1:flags=area[small]" \\
    -map '[a]' -c:v libwebp -compression_level ${EFFORT} -quality ${QUALITY.large} -f image2 -start_number "$first" /job/out/large-%d.webp \\
    -map '[small]' -c:v libwebp -compression_level ${EFFORT} -quality ${QUALITY.small} -f image2 -start_number "$first" /job/out/small-%d.webp
  rm -f /job/tmp/page-*.ppm
  page=$first
  while [ "$page" -le "$last" ]; do
    pdftotext -q -enc UTF-8 -f "$page" -l "$page" /job/source.pdf "/job/out/text-$page.txt"
    echo "page $page"
    page=$((page + 1))
  done
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
  const batches = batchesOf(sizes);
  let made = 0;
  const run = async (plan: readonly Batch[], priority: SandboxPriority): Promise<void> => {
    if (plan.length === 0) return;
    const path = join(job.folder, "plan");
    await writeFile(path, plan.map(({ first, last, width, height }) => `${first} ${last} ${width} ${height}\n`).join(""));
    if (job.user !== 0) await chown(path, job.user, job.user);
    const script = render(String(sizes.length).length);
    await runStep(job, ["sh", "-c", script], {
      priority,
      onLine: (line) => {
        const page = Number(/^page (\d+)$/.exec(line)?.[1] ?? 0);
        if (page < 1 || page > sizes.length) return;
        made = Math.max(made, page);
        onPage(page);
      },
    });
  };
  await run(batches.slice(0, 1), FIRST_PAGE).catch((error: unknown) => {
    // A first page that takes long is made like the others.
    if (!(error instanceof MaterialFailure) || error.problem !== "time-limit") throw error;
  });
  await run(
    batches.filter(({ first }) => first > made),
    BACKGROUND,
  );
}

type Batch = PageSizePoints & { readonly first: number; readonly last: number };

/** The first page alone, because somebody waits for it. */
function batchesOf(sizes: readonly PageSizePoints[]): readonly Batch[] {
  const batches: Batch[] = [];
  for (const [i, { width, height }] of sizes.entries()) {
    const before = batches.at(-1);
    const fits = before && before.first > 1 && before.width === width && before.height === height && i - before.first + 1 < BATCH;
    if (fits) batches[batches.length - 1] = { ...before, last: i + 1 };
    else batches.push({ first: i + 1, last: i + 1, width, height });
  }
  return batches;
}
