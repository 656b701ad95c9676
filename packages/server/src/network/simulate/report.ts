/** Renders the result of a simulation as lines of text, and as a self-contained HTML page with plots. */
import { escapedHtml, linePlot, type Plot } from "../../platform/line-plot.ts";
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
    ...(result.scaled
      ? ([
          ["edges that the autoscaler had at most", String(result.scaled.most)],
          [
            "hours of these edges, and with so many all the time",
            `${result.scaled.nodeHours.toFixed(1)}; ${result.scaled.fixedHours.toFixed(1)}`,
          ],
          ["viewers who moved from edges that were drained", String(result.scaled.moved)],
        ] as [string, string][])
      : []),
    [
      "watching again after a node was lost, 99 of 100 / the last, s",
      recoveryMs ? `${(recoveryMs.p99 / 1000).toFixed(1)} / ${(recoveryMs.longest / 1000).toFixed(1)}` : "none was lost",
    ],
  ];
}

const PLOT = { width: 720, height: 180 };
const PLOTS: readonly Plot<Second>[] = [
  {
    title: "Viewers",
    curves: [
      { name: "watching", of: ({ watching }) => watching },
      { name: "waiting", of: ({ waiting }) => waiting },
    ],
  },
  {
    title: "How full edges are, per cent",
    curves: [
      { name: "the fullest", of: ({ fullest }) => fullest * 100 },
      { name: "mean", of: ({ mean }) => mean * 100 },
    ],
  },
  { title: "On a node of their carrier, per cent", curves: [{ name: "share", of: ({ sameCarrier }) => sameCarrier * 100 }] },
  { title: "Nodes that are up", curves: [{ name: "nodes", of: ({ nodes }) => nodes }] },
  { title: "Egress of the origins, Mbps", curves: [{ name: "egress", of: ({ originMbps }) => originMbps }] },
];

/** Renders the HTML page. */
export function pageOf(result: Result): string {
  const rows = linesOf(result).map(([what, figure]) => `<tr><td>${escapedHtml(what)}<td>${escapedHtml(figure)}`);
  const plots = PLOTS.map((plot) => `<h2>${escapedHtml(plot.title)}</h2>${linePlot(plot, result.seconds, PLOT)}`);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapedHtml(result.title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #fff }
table { border-collapse: collapse } td { border-top: 1px solid #ddd; padding: .3rem 1rem .3rem 0 } td + td { text-align: right; font-variant-numeric: tabular-nums }
svg { width: 100%; height: auto; overflow: visible } svg text { font: 11px system-ui, sans-serif; fill: #555 } svg .grid { stroke: #ddd } h2 { font-size: 1rem; margin: 2rem 0 .5rem }
</style>
<h1>${escapedHtml(result.title)}</h1>
<table>${rows.join("\n")}</table>
${plots.join("\n")}
`;
}
