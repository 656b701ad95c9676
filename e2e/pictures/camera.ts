/** Films of teachers and students for the pictures: a person before a board or a wall, who sways a little, drawn in Chromium and filmed by ffmpeg. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { ffmpegDone } from "../ffmpeg.ts";
import type { Scope } from "../lectern.ts";

const SIZE = { width: 1280, height: 720 } as const;
/** Of one way there and back: the film has no seam. */
const SECONDS = 8;
const SWAY = 14;

export type Person = {
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  readonly wall: string;
  /** What is on the board behind; without it, there is only the wall. */
  readonly board?: readonly string[];
};

/** @returns the film's file */
export async function videoPerson(
  scope: Scope,
  browser: Browser,
  directory: string,
  name: string,
  person: Person,
): Promise<string> {
  const still = join(directory, `${name}.png`);
  const page = await browser.newPage({ viewport: { width: SIZE.width + 2 * SWAY, height: SIZE.height } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${drawing(person)}`);
  await page.screenshot({ path: still });
  await page.close();
  const film = join(directory, `${name}.flv`);
  const crop = `crop=${SIZE.width}:${SIZE.height}:${SWAY}+${SWAY}*sin(2*PI*t/${SECONDS}):0`;
  await ffmpegDone(scope, [
    ...["-loop", "1", "-framerate", "25", "-i", still, "-f", "lavfi", "-i", "sine=frequency=220:sample_rate=48000"],
    ...["-t", String(SECONDS), "-vf", `${crop},format=yuv420p`, "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "baseline"],
    ...["-g", "25", "-bf", "0", "-crf", "24", "-c:a", "aac", "-b:a", "48k", "-f", "flv", film],
  ]);
  return film;
}

function drawing({ skin, hair, shirt, wall, board }: Person): string {
  const middle = board ? 1010 : (SIZE.width + 2 * SWAY) / 2;
  const lines = (board ?? []).map(
    (line, i) =>
      `<text x="120" y="${190 + i * 105}" fill="#eef3ea" font-size="72" font-family="'DejaVu Sans', 'WenQuanYi Micro Hei', sans-serif">${line}</text>`,
  );
  const slate = board
    ? `<rect x="60" y="70" width="760" height="470" rx="8" fill="#25544a" stroke="#9a7650" stroke-width="18"/>${lines.join("")}
       <rect x="60" y="548" width="760" height="16" fill="#7d5f3f"/><rect x="180" y="538" width="60" height="12" rx="4" fill="#fff"/>`
    : `<rect x="90" y="90" width="260" height="330" rx="6" fill="#dfeaf2" stroke="#fff" stroke-width="16"/>
       <rect x="960" y="150" width="210" height="160" rx="4" fill="#f6f1e4" stroke="#c9b48c" stroke-width="10"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width + 2 * SWAY}" height="${SIZE.height}">
    <rect width="100%" height="100%" fill="${wall}"/><rect y="640" width="100%" height="80" fill="#00000018"/>${slate}
    <g transform="translate(${middle} 330)">
      <path d="M-190 400 C-190 190 -110 150 0 150 C110 150 190 190 190 400 Z" fill="${shirt}"/>
      <path d="M-44 150 L0 210 L44 150 L30 96 L-30 96 Z" fill="${skin}"/>
      <ellipse cx="0" cy="0" rx="104" ry="124" fill="${skin}"/>
      <path d="M-112 6 C-126 -150 126 -150 112 6 C96 -66 40 -78 0 -78 C-40 -78 -96 -66 -112 6 Z" fill="${hair}"/>
      <circle cx="-38" cy="2" r="9" fill="#2b2422"/><circle cx="38" cy="2" r="9" fill="#2b2422"/>
      <path d="M-36 52 Q0 82 36 52" stroke="#8c4a3c" stroke-width="8" fill="none" stroke-linecap="round"/>
    </g></svg>`;
}

export const TEACHERS: Readonly<Record<"wang" | "carter" | "chen", Person>> = {
  wang: {
    skin: "#eec7a3",
    hair: "#2a211d",
    shirt: "#2f6f9f",
    wall: "#e9e2d3",
    board: ["½ + ¼ = ?", "2/4 + 1/4 = ¾", "先通分,再相加"],
  },
  carter: {
    skin: "#f3d3bd",
    hair: "#9a5b2c",
    shirt: "#4b7f52",
    wall: "#dde6e4",
    board: ["Photosynthesis", "6 CO₂ + 6 H₂O", "→ sugar + 6 O₂"],
  },
  chen: {
    skin: "#e3b48c",
    hair: "#4d4d50",
    shirt: "#7a4b62",
    wall: "#ece4dc",
    board: ["静夜思", "床前明月光", "疑是地上霜"],
  },
};

export const STUDENTS: readonly Person[] = [
  { skin: "#f0cba8", hair: "#1f1b1a", shirt: "#d98b3a", wall: "#cfdde8" },
  { skin: "#8d5a3b", hair: "#17120f", shirt: "#3f8f7d", wall: "#e8ddcf" },
  { skin: "#f5d9c4", hair: "#c08a4a", shirt: "#6a5fb0", wall: "#d9e5d6" },
];
