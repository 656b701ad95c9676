/** Renders the result of a simulation as lines of text, and as a self-contained HTML page with plots. */
import type { Result, Second } from "./result.ts";

export function linesOf(result: Result): [what: string, figure: string][] {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const { recoveryMs } = result;
  return [
    ["nodes", String(result.nodes)],
    ["viewers", String(result.viewers)],
    ["decisions", String(result.decisions)],
    ["times that somebody was told that all is full", String(result.rejected)],
    ["still waiting at the end", String(result.left)],
    ["nodes that were ever fuller than they can bear", String(result.overLimit)],
    ["the fullest edge, at its fullest", percent(result.fullest)],
    [
      "kept on their carrier, of those whose carrier had room",
      percent(result.carrierHadRoom > 0 ? result.carrierKept / result.carrierHadRoom : 1),
    ],
    [
      "copies that origins sent at once, at most; edges with the streams, times paths",
      `${result.copies}; ${result.edgesTimesPaths}`,
    ],
    ["egress of the origins, at most, Mbps", result.originMbps.toFixed(0)],
    [
      "watching again after a node was lost, 99 of 100 / the last, s",
      recoveryMs ? `${(recoveryMs.p99 / 1000).toFixed(1)} / ${(recoveryMs.longest / 1000).toFixed(1)}` : "none was lost",
    ],
  ];
}

const WIDTH = 720;
const HEIGHT = 180;
const PLOTS: readonly { readonly title: string; readonly lines: Readonly<Record<string, (second: Second) => number>> }[] = [
  { title: "Viewers", lines: { watching: ({ watching }) => watching, waiting: ({ waiting }) => waiting } },
  {
    title: "How full edges are, per cent",
    lines: { "the fullest": ({ fullest }) => fullest * 100, mean: ({ mean }) => mean * 100 },
  },
  { title: "On a node of their carrier, per cent", lines: { share: ({ sameCarrier }) => sameCarrier * 100 } },
  { title: "Egress of the origins, Mbps", lines: { egress: ({ originMbps }) => originMbps } },
];
const COLOURS = ["#1b6ac9", "#c8541b"];

/** Renders the HTML page. */
export function pageOf(result: Result): string {
  const rows = linesOf(result).map(([what, figure]) => `<tr><td>${escaped(what)}<td>${escaped(figure)}`);
  const plots = PLOTS.map(({ title, lines }) => plotOf(title, result.seconds, lines));
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(result.title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #fff }
table { border-collapse: collapse } td { border-top: 1px solid #ddd; padding: .3rem 1rem .3rem 0 } td + td { text-align: right; font-variant-numeric: tabular-nums }
svg { width: 100%; height: auto; overflow: visible } svg text { font: 11px system-ui, sans-serif; fill: #555 } h2 { font-size: 1rem; margin: 2rem 0 .5rem }
</style>
<h1>${escaped(result.title)}</h1>
<table>${rows.join("\n")}</table>
${plots.join("\n")}
`;
}

function plotOf(title: string, seconds: readonly Second[], lines: Readonly<Record<string, (second: Second) => number>>): string {
  const last = Math.max(1, seconds.at(-1)?.second ?? 1);
  const most = Math.max(1e-9, ...Object.values(lines).flatMap((of) => seconds.map(of)));
  const top = niceAbove(most);
  const x = (second: number) => ((second / last) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - (value / top) * HEIGHT).toFixed(1);
  const curves = Object.entries(lines).map(([name, of], i) => {
    const points = seconds.map((second) => `${x(second.second)},${y(of(second))}`).join(" ");
    const label = `<text x="${WIDTH + 6}" y="${12 + i * 16}" style="fill:${COLOURS[i]}">${escaped(name)}</text>`;
    return `<polyline fill="none" stroke="${COLOURS[i]}" stroke-width="1.5" points="${points}"/>${label}`;
  });
  const grid = [0, 0.5, 1].map(
    (share) =>
      `<line x1="0" x2="${WIDTH}" y1="${HEIGHT * (1 - share)}" y2="${HEIGHT * (1 - share)}" stroke="#ddd"/><text x="-6" y="${HEIGHT * (1 - share) + 4}" text-anchor="end">${Number((top * share).toPrecision(3))}</text>`,
  );
  const ends = `<text x="0" y="${HEIGHT + 16}">0 s</text><text x="${WIDTH}" y="${HEIGHT + 16}" text-anchor="end">${last} s</text>`;
  return `<h2>${escaped(title)}</h2><svg viewBox="-60 -10 ${WIDTH + 150} ${HEIGHT + 40}" role="img" aria-label="${escaped(title)}">${grid.join("")}${curves.join("")}${ends}</svg>`;
}

/** 1, 2 or 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
