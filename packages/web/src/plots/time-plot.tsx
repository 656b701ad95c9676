/** A plot over time that updates in place (uPlot): its axes stay still while values come, and it says its unit. */
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import "./plots.css";
import { growingRange } from "./growing-range.ts";
import { describePlot, formatValue } from "./plot-text.ts";

export type PlotLine = {
  readonly label: string;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
};

export type PlotBand = {
  /** Unix seconds. */
  readonly from: number;
  readonly to: number;
};

export type TimePlotProps = {
  readonly title: string;
  /** For example `ms` or `Mbit/s`; `share` shows 0 to 1 as per cent. */
  readonly unit: string;
  /** Unix seconds, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly PlotLine[];
  /** The highest value of the axis, which then never changes. Default: it grows with the values. */
  readonly max?: number;
  /** Pixels. Default 140. */
  readonly height?: number;
  /** Plots with the same key share the cursor. */
  readonly cursorKey?: string;
  /** Spans that are marked, such as stalls. */
  readonly bands?: readonly PlotBand[];
};

const COLORS = ["--plot-1", "--plot-2", "--plot-3", "--plot-4", "--plot-5"] as const;
const LONG_SECONDS = 3 * 86_400;
const darkScheme = () => window.matchMedia("(prefers-color-scheme: dark)");

export function TimePlot(props: TimePlotProps) {
  const { title, unit, times, lines, height = 140 } = props;
  const { i18n } = useTranslation();
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const isDark = useSyncExternalStore(watchScheme, () => darkScheme().matches);
  // Only what uPlot cannot change in place makes a new one.
  const shape = JSON.stringify([lines.map(({ label }) => label), unit, props.max, height, props.cursorKey, i18n.language, isDark]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for all that is read here
  useEffect(() => {
    const box = root.current;
    if (!box) return;
    const made = new uPlot(optionsFor(box, latest, i18n.language), dataOf(latest.current), box);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height }));
    observer.observe(box);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: bands are read through `latest` when it is drawn
  useEffect(() => plot.current?.setData(dataOf({ times, lines })), [times, lines, props.bands]);
  const summary = useMemo(() => describePlot({ lines, unit, locale: i18n.language, none: "–" }), [lines, unit, i18n.language]);
  return (
    <figure className="plot">
      <figcaption>
        <strong>{title}</strong> <span className="text-muted">{summary}</span>
      </figcaption>
      <div ref={root} className="plot-box" style={{ height }} role="img" aria-label={`${title}: ${summary}`} />
    </figure>
  );
}

/** Days say more than times of day. */
function isLong(seconds: readonly number[]): boolean {
  return (seconds.at(-1) ?? 0) - (seconds[0] ?? 0) > LONG_SECONDS;
}

function watchScheme(changed: () => void): () => void {
  const scheme = darkScheme();
  scheme.addEventListener("change", changed);
  return () => scheme.removeEventListener("change", changed);
}

function dataOf({ times, lines }: Pick<TimePlotProps, "times" | "lines">): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function optionsFor(box: HTMLElement, latest: { readonly current: TimePlotProps }, locale: string): uPlot.Options {
  const { unit, lines, max, height = 140, cursorKey } = latest.current;
  const style = getComputedStyle(box);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(locale, { month: "numeric", day: "numeric" });
  const axis = {
    stroke: color("--text-muted"),
    grid: { stroke: color("--border"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui",
  };
  const range = growingRange();
  return {
    width: box.clientWidth,
    height,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { drag: { x: false, y: false }, ...(cursorKey ? { sync: { key: cursorKey } } : {}) },
    scales: { y: { range: max === undefined ? (_plot, _low, high) => range(high) : [0, max] } },
    axes: [
      {
        ...axis,
        size: 26,
        space: 80,
        values: (_plot, seconds) => seconds.map((at) => (isLong(seconds) ? day : clock).format(at * 1000)),
      },
      { ...axis, size: 58, values: (_plot, values) => values.map((value) => formatValue(value, unit, locale)) },
    ],
    series: [
      {},
      ...lines.map(({ label }, i) => ({
        label,
        stroke: color(COLORS[i % COLORS.length] ?? COLORS[0]),
        width: 1.5,
        points: { show: false },
      })),
    ],
    hooks: { drawClear: [(made) => drawBands(made, latest.current.bands ?? [], color("--plot-band"))] },
  };
}

function drawBands(plot: uPlot, bands: readonly PlotBand[], color: string): void {
  const { top, height } = plot.bbox;
  plot.ctx.save();
  plot.ctx.fillStyle = color;
  for (const { from, to } of bands) {
    const left = plot.valToPos(from, "x", true);
    plot.ctx.fillRect(left, top, Math.max(2, plot.valToPos(to, "x", true) - left), height);
  }
  plot.ctx.restore();
}
