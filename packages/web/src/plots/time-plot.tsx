/** Shows a plot over time that updates in place (uPlot): its axes stay still while values come, and it says its unit. */
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import uPlot from "uplot";
import { useTranslation } from "../texts/use-translation.ts";
import "uplot/dist/uPlot.min.css";
import "./plots.css";
import { growingRange } from "./growing-range.ts";
import { isolatedValues } from "./isolated-values.ts";
import { describePlot, formatValue, plotKeys, plotSuffix } from "./plot-text.ts";

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
  /** The place in `times` that the cursor is at, whose values the caption says. Default: the newest. */
  readonly at?: number | null;
  /** Called with a place when the pointer moves over it. */
  readonly onCursor?: (at: number) => void;
  /** IANA name. Default: the browser's. */
  readonly timeZone?: string;
};

const COLORS = ["--plot-1", "--plot-2", "--plot-3", "--plot-4", "--plot-5"] as const;
const LONG_SECONDS = 3 * 86_400;
/** What is shown around a single time. */
const AROUND_ONE_SECONDS = 600;
const darkScheme = () => window.matchMedia("(prefers-color-scheme: dark)");

export function TimePlot(props: TimePlotProps) {
  const { title, unit, times, lines, at = null, height = 140 } = props;
  const { i18n } = useTranslation();
  const root = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const isDark = useSyncExternalStore(watchScheme, () => darkScheme().matches);
  // Only what uPlot cannot change in place makes a new one.
  const labels = lines.map(({ label }) => label);
  const shape = JSON.stringify([labels, unit, props.max, height, props.cursorKey, props.timeZone, i18n.language, isDark]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for all that is read here
  useEffect(() => {
    const box = root.current;
    if (!box) return;
    const made = new uPlot(optionsFor(box, latest, i18n.language), dataOf(latest.current), box);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: box.clientWidth, height });
      moveCursor(made, latest.current.at ?? null);
    });
    observer.observe(box);
    const point = ({ offsetX }: PointerEvent) => latest.current.onCursor?.(made.posToIdx(offsetX));
    for (const type of ["pointermove", "pointerdown"] as const) made.over.addEventListener(type, point);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: bands are read through `latest` when it is drawn
  useEffect(() => plot.current?.setData(dataOf({ times, lines })), [times, lines, props.bands]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new plot, or one with new times, has no cursor yet
  useEffect(() => moveCursor(plot.current, at), [at, times, shape]);
  const { keys, summary } = useMemo(() => {
    const described = { lines, unit, locale: i18n.language, none: "–", at };
    return { keys: plotKeys(described), summary: describePlot(described) };
  }, [lines, unit, i18n.language, at]);
  return (
    <figure className="plot">
      <figcaption>
        <strong>{title}</strong> <PlotKeys labels={labels} keys={keys} unit={unit} />
      </figcaption>
      <div ref={root} className="plot-box" style={{ height }} role="img" aria-label={`${title}: ${summary}`} />
    </figure>
  );
}

type PlotKeysProps = { readonly labels: readonly string[]; readonly keys: readonly string[]; readonly unit: string };

/** The newest values; of several lines, each with its colour. */
function PlotKeys({ labels, keys, unit }: PlotKeysProps) {
  return (
    <span className="plot-keys text-muted">
      {keys.map((text, i) => (
        <span key={labels[i]}>
          {keys.length > 1 ? <span className="plot-swatch" style={{ background: `var(${colorOf(i)})` }} /> : null}
          {text}
        </span>
      ))}
      {plotSuffix(unit)}
    </span>
  );
}

function colorOf(line: number): string {
  return COLORS[line % COLORS.length] ?? COLORS[0];
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

function moveCursor(plot: uPlot | null, at: number | null): void {
  const time = at === null ? undefined : plot?.data[0][at];
  if (plot && time !== undefined && plot.cursor.idx !== at) plot.setCursor({ left: plot.valToPos(time, "x"), top: 0 });
}

function dataOf({ times, lines }: Pick<TimePlotProps, "times" | "lines">): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function optionsFor(box: HTMLElement, latest: { readonly current: TimePlotProps }, locale: string): uPlot.Options {
  const { unit, lines, max, height = 140, cursorKey, timeZone } = latest.current;
  const style = getComputedStyle(box);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const zone = timeZone ? { timeZone } : {};
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", ...zone });
  const exactClock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", ...zone });
  const day = new Intl.DateTimeFormat(locale, { month: "numeric", day: "numeric", ...zone });
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
    // The last time reaches beyond the axis.
    padding: [8, 32, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, ...(cursorKey ? { sync: { key: cursorKey } } : {}) },
    scales: {
      x: { range: ({ data: [times] }, low, high) => timeRange(times.length, low, high) },
      y: { range: max === undefined ? (_plot, _low, high) => range(high) : [0, max] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 80,
        values: (_plot, seconds, _axis, _space, step) => {
          const format = isLong(seconds) ? day : step < 60 ? exactClock : clock;
          return seconds.map((at) => format.format(at * 1000));
        },
      },
      { ...axis, size: 58, values: (_plot, values) => values.map((value) => formatValue(value, unit, locale)) },
    ],
    series: [
      {},
      ...lines.map(({ label }, i) => ({
        label,
        stroke: color(colorOf(i)),
        width: 1.5,
        points: { show: true, size: 5, filter: (plot: uPlot, i: number) => isolatedValues([...(plot.data[i] ?? [])]) },
      })),
    ],
    hooks: { drawClear: [(made) => drawBands(made, latest.current.bands ?? [], color("--plot-band"))] },
  };
}

/** uPlot makes an axis of years for a single time. */
function timeRange(times: number, low: number, high: number): [number, number] {
  return times === 1 ? [low - AROUND_ONE_SECONDS, low + AROUND_ONE_SECONDS] : [low, high];
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
