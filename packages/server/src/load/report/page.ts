/** Writes the result of a load test as one HTML page that needs nothing else: figures, and curves of people, latencies and servers on one time axis. */
import type { LoadResult, Second } from "../measure/result.ts";
import { failureRows, goalRows, processRows, stepRows } from "./lines.ts";

type Curve = { readonly name: string; readonly of: (second: Second) => number | null };
type Plot = { readonly title: string; readonly curves: readonly Curve[] };

const WIDTH = 760;
const HEIGHT = 150;
const COLOURS = ["#1b6ac9", "#c8541b", "#22863a", "#8250df", "#b08800", "#d1246f", "#057a85", "#6e7781"];
/** Of the processes that used most. */
const MOST_CURVES = COLOURS.length;
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
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}: load test</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
<p>${escaped(target)} · ${escaped(startedAt.slice(0, 19).replace("T", " "))} UTC · ${seconds} s · seed ${result.seed}</p>
${ownLimits.length === 0 ? "" : `<p class="warning">This client was the bottleneck, and the figures are not the server's: ${escaped(ownLimits.join("; "))}.</p>`}
${tiles(result)}
${result.goals.length === 0 ? "" : section("Goals", goals(result))}
${section("Latency, milliseconds", htmlTable(["step", "count", "p50", "p95", "p99", "max"], stepRows(result)))}
${result.failures.length === 0 ? "" : section("Failures", htmlTable(["step", "code", "count"], failureRows(result)))}
${plotsOf(result)
  .map((plot) => section(plot.title, plotted(plot, result.timeline)))
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
  return `<div class="tiles">${figures.map(([figure, words]) => `<div class="tile"><b>${escaped(figure)}</b><span>${escaped(words)}</span></div>`).join("")}</div>`;
}

function goals(result: LoadResult): string {
  const rows = goalRows(result).map(
    ([goal = "", most = "", measured = "", verdict = ""]) =>
      `<tr><td>${escaped(goal)}<td>${escaped(most)}<td>${escaped(measured)}<td class="${verdict === "met" ? "met" : "missed"}">${escaped(verdict.toLowerCase())}`,
  );
  return `<div class="scroll"><table><tr><th>goal<th>at most<th>measured<th>${rows.join("\n")}</table></div>`;
}

function serverTable(result: LoadResult): string {
  const rows = processRows(result);
  if (rows.length === 0) return section("Servers", "<p>Their metrics could not be read.</p>");
  return section("Processes of the servers", htmlTable(["process", "cores at most", "MB at most"], rows));
}

function plotsOf({ timeline }: LoadResult): Plot[] {
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

function serverPlots(timeline: readonly Second[]): Plot[] {
  const most = new Map<string, number>();
  for (const { servers } of timeline)
    for (const { server, processes } of servers)
      for (const [name, { cores }] of Object.entries(processes)) {
        const key = `${server} ${name}`;
        most.set(key, Math.max(most.get(key) ?? 0, cores));
      }
  const busiest = [...most].sort(([, a], [, b]) => b - a).slice(0, MOST_CURVES);
  if (busiest.length === 0) return [];
  const severalServers = new Set(timeline.flatMap(({ servers }) => servers.map(({ server }) => server))).size > 1;
  const use = (key: string, second: Second) => {
    const [host = "", ...name] = key.split(" ");
    return second.servers.find(({ server }) => server === host)?.processes[name.join(" ")] ?? null;
  };
  const curves = (of: "cores" | "memoryBytes", by: number): Curve[] =>
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

function plotted({ title, curves }: Plot, timeline: readonly Second[]): string {
  const last = Math.max(1, timeline.at(-1)?.second ?? 1);
  const values = curves.flatMap(({ of }) => timeline.flatMap((second) => of(second) ?? []));
  const top = niceAbove(Math.max(0, ...values) || 1);
  const x = (second: number) => ((second / last) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - (value / top) * HEIGHT).toFixed(1);
  const drawn = curves.map(({ name, of }, i) => {
    const points = timeline.flatMap((second) => {
      const value = of(second);
      return value === null ? [] : [`${x(second.second)},${y(value)}`];
    });
    const colour = COLOURS[i % COLOURS.length] ?? "";
    const dots = points.length < 2 ? points.map((at) => `<circle r="2" fill="${colour}" cx="${at.replace(",", '" cy="')}"/>`) : [];
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.join(" ")}"/>${dots.join("")}<text x="${WIDTH + 8}" y="${10 + i * 15}" style="fill:${colour}">${escaped(name)}</text>`;
  });
  const grid = [0, 0.5, 1].map((share) => {
    const at = HEIGHT * (1 - share);
    return `<line class="grid" x1="0" x2="${WIDTH}" y1="${at}" y2="${at}"/><text x="-8" y="${at + 4}" text-anchor="end">${Number((top * share).toPrecision(3))}</text>`;
  });
  const ends = `<text x="0" y="${HEIGHT + 16}">0 s</text><text x="${WIDTH}" y="${HEIGHT + 16}" text-anchor="end">${last} s</text>`;
  return `<svg viewBox="-60 -8 ${WIDTH + 200} ${HEIGHT + 30}" role="img" aria-label="${escaped(title)}">${grid.join("")}${drawn.join("")}${ends}</svg>`;
}

function section(title: string, content: string): string {
  return `<h2>${escaped(title)}</h2>\n${content}`;
}

function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: "th" | "td") => `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}`).join("")}`;
  return `<div class="scroll"><table>${[line(head, "th"), ...rows.map((row) => line(row, "td"))].join("\n")}</table></div>`;
}

/** 1, 2 or 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
