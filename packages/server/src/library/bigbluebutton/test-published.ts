/** Writes the folder of a published recording as BigBlueButton's format "presentation" lays it out, with small videos and slides made here: for tests. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";

export const PUBLISHED = {
  id: "183f0bf3a0982a127bdb8161e0c44eb696b3e75c-1700000000000",
  title: "Fractions & <thirds>",
  startedAt: 1_700_000_000_000,
  seconds: 12,
  presentation: "d2d9a672040fbde2a47a10bf6c37b6a4b5ae187f-1700000000012",
} as const;

const METADATA = `<?xml version="1.0"?>
<recording>
  <id>${PUBLISHED.id}</id>
  <state>published</state>
  <published>true</published>
  <start_time>${PUBLISHED.startedAt}</start_time>
  <end_time>${PUBLISHED.startedAt + 60_000}</end_time>
  <participants>3</participants>
  <meeting id="${PUBLISHED.id}" externalId="fractions" name="Fractions &amp; &lt;thirds&gt;" breakout="false"/>
  <meta>
    <meetingName>Fractions &amp; &lt;thirds&gt;</meetingName>
    <isBreakout>false</isBreakout>
  </meta>
  <playback>
    <format>presentation</format>
    <link>https://bbb.example.org/playback/presentation/2.3/${PUBLISHED.id}</link>
    <duration>${PUBLISHED.seconds * 1000}</duration>
  </playback>
</recording>
`;

const STYLE = "stroke-linecap:round;stroke-linejoin:round;stroke-width:8;visibility:hidden;fill:none";
const slide = (n: number): string => `presentation/${PUBLISHED.presentation}/slide-${n}.png`;
const image = (id: number, from: number, to: number, file: string): string =>
  `<image id="image${id}" class="slide" in="${from}" out="${to}" xlink:href="${file}" width="800" height="600" x="0" y="0" style="visibility:hidden"/>`;
const shape = (image: number, draw: number, name: string, times: string, style: string, form: string): string =>
  `<g id="image${image}-draw${draw}" class="shape" ${times} shape="image${image}-${name}" style="${style}">${form}</g>`;

/** A pen in three states, whose last is smoothed; a rectangle that grows, an ellipse that is undone, a text; and the slide shown a second time, with everything again. */
const DRAWN = (image: number): string =>
  [
    shape(image, 1, "pencil1", 'timestamp="2.0" undo="-1"', `stroke:#ff0000;${STYLE}`, '<path d="M100 100L200 100"/>'),
    shape(image, 2, "pencil1", 'timestamp="2.4" undo="-1"', `stroke:#ff0000;${STYLE}`, '<path d="M100 100L200 100L300 200"/>'),
    shape(image, 3, "pencil1", 'timestamp="2.8" undo="-1"', `stroke:#ff0000;${STYLE}`, '<path d="M100 100Q200 90,300 200"/>'),
    shape(
      image,
      4,
      "rect2",
      'timestamp="3.0" undo="-1"',
      `stroke:#0000ff;${STYLE}`,
      '<path d="M400 100L500 100L500 150L400 150Z"/>',
    ),
    shape(
      image,
      5,
      "rect2",
      'timestamp="3.2" undo="-1"',
      `stroke:#0000ff;${STYLE}`,
      '<path d="M400 100L600 100L600 250L400 250Z"/>',
    ),
    shape(
      image,
      6,
      "ellipse3",
      'timestamp="3.4" undo="5.0"',
      `stroke:#00aa00;${STYLE}`,
      '<path d="M100 400A100 50 0 0 1 200 350A100 50 0 0 1 300 400A100 50 0 0 1 200 450A100 50 0 0 1 100 400Z"/>',
    ),
    shape(
      image,
      7,
      "text4",
      'timestamp="4.0" undo="-1"',
      "color:#000000;word-wrap:break-word;visibility:hidden;font-family:Arial;font-size:24px",
      '<switch><foreignObject width="200" height="60" x="400" y="400"><p xmlns="http://www.w3.org/1999/xhtml" style="margin:0;padding:0">1/2 &lt; 2/3<br/>always</p></foreignObject></switch>',
    ),
  ].join("\n");

const SHAPES = `<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg id="svgfile" style="position:absolute;height:600px;width:800px" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" viewBox="0 0 800 600">
${image(1, 0, 6, slide(1))}
<g class="canvas" id="canvas1" image="image1" display="none">
${DRAWN(1)}
</g>
${image(2, 6, 8, slide(2))}
${image(3, 8, 10, "presentation/deskshare.png")}
${image(4, 10, 12, slide(1))}
<g class="canvas" id="canvas4" image="image4" display="none">
${DRAWN(4)}
</g>
</svg>
`;

const PANZOOMS = `<?xml version="1.0"?>
<recording id="panzoom_events">
  <event timestamp="0.0"><viewBox>0.0 0.0 800.0 600.0</viewBox></event>
  <event timestamp="7.0"><viewBox>200.0 150.0 400.0 300.0</viewBox></event>
  <event timestamp="10.0"><viewBox>0.0 0.0 800.0 600.0</viewBox></event>
</recording>
`;

const CHAT = `<?xml version="1.0"?>
<popcorn>
  <chattimeline in="1" direction="down" name="Li Mei" message="Good morning &amp;amp; hello" target="chat"/>
  <chattimeline in="5" direction="down" name="Ben" message="See &lt;a href=&quot;https://example.org/&quot; rel=&quot;nofollow&quot;&gt;&lt;u&gt;https://example.org/&lt;/u&gt;&lt;/a&gt;" target="chat"/>
  <chattimeline in="11" direction="down" name="Li Mei" message="再见" target="chat"/>
</popcorn>
`;

const DESKSHARE = `<?xml version="1.0"?>
<recording id="deskshare_events">
  <event start_timestamp="8.0" stop_timestamp="10.0" video_width="1280" video_height="720"/>
</recording>
`;

/** @returns the folder, named as BigBlueButton names it, below the parent */
export function writePublished(parent: string): string {
  const folder = join(parent, PUBLISHED.id);
  const slides = join(folder, "presentation", PUBLISHED.presentation);
  for (const part of [slides, join(slides, "textfiles"), join(folder, "video"), join(folder, "deskshare")])
    mkdirSync(part, { recursive: true });
  const texts = {
    "metadata.xml": METADATA,
    "shapes.svg": SHAPES,
    "panzooms.xml": PANZOOMS,
    "slides_new.xml": CHAT,
    "deskshare.xml": DESKSHARE,
  };
  for (const [name, text] of Object.entries({ ...texts, "polls.json": '[{"question":"1/2 or 2/3?"}]' }))
    writeFileSync(join(folder, name), text);
  for (const n of [1, 2, 3]) {
    const canvas = createCanvas(800, 600);
    const context = canvas.getContext("2d");
    context.fillStyle = n === 1 ? "white" : n === 2 ? "#ffe0b0" : "#b0e0ff";
    context.fillRect(0, 0, 800, 600);
    context.fillStyle = "black";
    context.font = "64px sans-serif";
    context.fillText(`Slide ${n}`, 260, 320);
    writeFileSync(join(slides, `slide-${n}.png`), canvas.toBuffer("image/png"));
    writeFileSync(join(slides, "textfiles", `slide-${n}.txt`), `Slide ${n}\n`);
  }
  const vp8 = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "200k"];
  const made = (args: readonly string[]) => execFileSync("ffmpeg", ["-v", "error", "-y", ...args], { cwd: folder });
  const seconds = String(PUBLISHED.seconds);
  made([
    "-f",
    "lavfi",
    "-i",
    "color=c=green:s=320x240:r=10",
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=440",
    "-t",
    seconds,
    ...vp8,
    "-c:a",
    "libopus",
    "video/webcams.webm",
  ]);
  made(["-f", "lavfi", "-i", "color=c=blue:s=640x360:r=5", "-t", seconds, ...vp8, "deskshare/deskshare.webm"]);
  return folder;
}
