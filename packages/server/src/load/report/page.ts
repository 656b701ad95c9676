/** Writes the result of a load test as one HTML page that needs nothing else: figures, and curves of people, latencies and servers on one time axis. */
import { type Curve, escapedHtml, linePlot, PLOT_COLOURS, type Plot } from "../../platform/line-plot.ts";
import type { LoadResult, Second } from "../measure/result.ts";
import { failureRows, goalRows, processPeaks, processRows, stepRows } from "./lines.ts";

const PLOT = { width: 760, height: 150 };
/** Of the processes that used most. */
const MOST_CURVES = PLOT_COLOURS.length;
const GIGA = 1e9;

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1f22; --soft: #59636b; --line: #d9dee2; --paper: #fff; --good: #1a7f37; --bad: #cf222e; --badpaper: #ffebe9 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9eb; --soft: #9aa4ab; --line: #343b41; --paper: #14181b; --good: #4ac26b; --bad: #ff7b72; --badpaper: #3d1a1a } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper) }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem } p { margin: .3rem 0; color: var(--soft) }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; margin: 1.2rem 0 }
.tile { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem } .tile b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums } .tile span { color: var(--soft); font-size: .85rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% } th, td { border-top: 1px solid var(--line); padding: .25rem .9rem .25rem 0; text-align: left } th { border-top: 0; color: var(--soft); font-weight: 500 }
th + th, td + td { text-align: right; font-variant-numeric: tabular-nums }
.met { color: var(--good) } .missed { color: var(--bad); font-weight: 600 } .warning { background: var(--badpaper); color: var(--bad); border-radius: .5rem; padding: .6rem .9rem }
svg { width: 100%; height: auto; overflow: visible } svg text { font: 11px system-ui, sans-serif; fill: var(--soft) } svg .grid { stroke: var(--line) }
`;

export function pageOf(result: LoadResult): string {
  const { title, target, startedAt, seconds, ownLimits } = result;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapedHtml(title)}: load test</title>
<style>${STYLE}</style>
<h1>${escapedHtml(title)}</h1>
<p>${escapedHtml(target)} · ${escapedHtml(startedAt.slice(0, 19).replace("T", " "))} UTC · ${seconds} s · seed ${result.seed}</p>
${ownLimits.length === 0 ? "" : `<p class="warning">This client was the bottleneck, and the figures are not the server's: ${escapedHtml(ownLimits.join("; "))}.</p>`}
${tiles(result)}
${result.goals.length === 0 ? "" : section("Goals", goals(result))}
${section("Latency, milliseconds", htmlTable(["step", "count", "p50", "p95", "p99", "max"], stepRows(result)))}
${result.failures.length === 0 ? "" : section("Failures", htmlTable(["step", "code", "count"], failureRows(result)))}
${plotsOf(result)
  .map((plot) => section(plot.title, linePlot(plot, result.timeline, PLOT)))
  .join("\n")}
${serverTable(result)}
</html>
`;
}

function tiles(result: LoadResult): string {
  const figures: readonly (readonly [string, string])[] = [
    [`${result.served} of ${result.people}`, "people served"],
    [String(result.refused), "refused by the server"],
    [String(result.failed), "failed"],
    [String(result.stalls), "stalls"],
    [`${result.stalledSeconds} s`, `stalled, of ${result.watchedSeconds} s watched`],
    [`${Math.max(0, ...result.timeline.map(({ own }) => own.cores)).toFixed(2)}`, "cores of this client, at most"],
  ];
  return `<div class="tiles">${figures.map(([figure, words]) => `<div class="tile"><b>${escapedHtml(figure)}</b><span>${escapedHtml(words)}</span></div>`).join("")}</div>`;
}

function goals(result: LoadResult): string {
  const rows = goalRows(result).map(
    ([goal = "", most = "", measured = "", verdict = ""]) =>
      `<tr><td>${escapedHtml(goal)}<td>${escapedHtml(most)}<td>${escapedHtml(measured)}<td class="${verdict === "met" ? "met" : "missed"}">${escapedHtml(verdict.toLowerCase())}`,
  );
  return `<div class="scroll"><table><tr><th>goal<th>at most<th>measured<th>${rows.join("\n")}</table></div>`;
}

function serverTable(result: LoadResult): string {
  const rows = processRows(result);
  if (rows.length === 0) return section("Servers", "<p>Their metrics could not be read.</p>");
  return section("Processes of the servers", htmlTable(["process", "cores at most", "MB at most"], rows));
}

function plotsOf({ timeline }: LoadResult): Plot<Second>[] {
  return [
    {
      title: "People",
      curves: [
        { name: "there", of: ({ present }) => present },
        { name: "watching", of: ({ watching }) => watching },
        { name: "in rooms", of: ({ inRooms }) => inRooms },
      ],
    },
    {
      title: "Joins and failures, a second",
      curves: [
        { name: "joins", of: ({ joins }) => joins },
        { name: "failures", of: ({ failures }) => failures },
      ],
    },
    {
      title: "First frame, chat and delay, p99 of each second, milliseconds",
      curves: [
        { name: "first frame", of: ({ firstFrameP99 }) => firstFrameP99 },
        { name: "chat", of: ({ chatP99 }) => chatP99 },
        { name: "delay", of: ({ delayP99 }) => delayP99 },
      ],
    },
    { title: "Stalls so far", curves: [{ name: "stalls", of: ({ stalls }) => stalls }] },
    { title: "Media received, Mbps", curves: [{ name: "received", of: ({ receivedMbps }) => receivedMbps }] },
    ...serverPlots(timeline),
    {
      title: "This client",
      curves: [
        { name: "cores", of: ({ own }) => own.cores },
        { name: "loop late, s", of: ({ own }) => own.lateP99 / 1000 },
      ],
    },
  ];
}

function serverPlots(timeline: readonly Second[]): Plot<Second>[] {
  const busiest = [...processPeaks(timeline)].sort(([, a], [, b]) => b.cores - a.cores).slice(0, MOST_CURVES);
  if (busiest.length === 0) return [];
  const severalServers = new Set(timeline.flatMap(({ servers }) => servers.map(({ server }) => server))).size > 1;
  const use = (key: string, second: Second) => {
    const [host = "", ...name] = key.split(" ");
    return second.servers.find(({ server }) => server === host)?.processes[name.join(" ")] ?? null;
  };
  const curves = (of: "cores" | "memoryBytes", by: number): Curve<Second>[] =>
    busiest.map(([key]) => ({
      name: severalServers ? key : key.slice(key.indexOf(" ") + 1),
      of: (second) => {
        const used = use(key, second);
        return used && used[of] / by;
      },
    }));
  return [
    { title: "Cores that the servers' processes use", curves: curves("cores", 1) },
    { title: "Memory of the servers' processes, GB", curves: curves("memoryBytes", GIGA) },
  ];
}

function section(title: string, content: string): string {
  return `<h2>${escapedHtml(title)}</h2>\n${content}`;
}

function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: "th" | "td") =>
    `<tr>${cells.map((cell) => `<${tag}>${escapedHtml(cell)}`).join("")}`;
  return `<div class="scroll"><table>${[line(head, "th"), ...rows.map((row) => line(row, "td"))].join("\n")}</table></div>`;
}
