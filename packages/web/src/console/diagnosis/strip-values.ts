/**
 * Puts what a player told, and what was measured along the stream's way, on one time axis: a value for each step of each strip. Of several values
 * of a step, the worst counts.
 */
import type { Why } from "@lectern/client";
import type { TextKey } from "../../texts/use-translation.ts";

export type StripLine = {
  /** A key of the messages. */
  readonly label: TextKey;
  readonly values: readonly (number | null)[];
};

export type Strip = {
  /** A key of the messages. */
  readonly title: TextKey;
  readonly unit: string;
  readonly max?: number;
  readonly lines: readonly StripLine[];
};

/** One place that the picture passes through. */
export type StripGroup = {
  readonly place: "viewer" | "edge" | "relay" | "hop" | "origin" | "uplink";
  /** The node, or a hop as FROM → TO; empty for the viewer and the uplink. */
  readonly name: string;
  readonly strips: readonly Strip[];
};

type Axis = { readonly from: number; readonly stepMs: number; readonly length: number };
type Values = (number | null)[];
type Point = { readonly at: number; readonly value: number };
type Moment = Why["moments"][number];
type Metric = readonly [metric: string, label: TextKey];

const STEP_MS = 10_000;
/** Beside the trouble, so that it can be compared with before and after. */
const BESIDE_MS = 150_000;
const MAX_STEPS = 1000;

const NODE_LOAD: readonly Metric[] = [
  ["cpu", "why.lines.cpu"],
  ["egress", "why.lines.egress"],
  ["stolen", "monitoring.metrics.stolen"],
  ["retransmitted", "monitoring.metrics.retransmitted"],
];
const UPLINK: readonly (readonly [title: TextKey, unit: string, metric: Metric])[] = [
  ["monitoring.plots.frameRate", "fps", ["fps", "monitoring.metrics.fps"]],
  ["monitoring.plots.bitrate", "kbit/s", ["kbps", "monitoring.metrics.kbps"]],
  ["monitoring.plots.jitter", "ms", ["jitter_ms", "monitoring.metrics.jitter_ms"]],
  ["monitoring.plots.dropped", "share", ["dropped_share", "monitoring.metrics.dropped_share"]],
];

/** The axis of the trouble, with what was before and after it as far as it was measured. */
export function axisOf({ from, to, moments, tracks }: Pick<Why, "from" | "to" | "moments" | "tracks">): Axis {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const known = [
    ...moments.flatMap(({ at, intervalMs }) => [at - intervalMs, at]),
    ...tracks.flatMap(({ points }) => points.map(({ at }) => at)),
  ].filter((at) => at >= begin - BESIDE_MS && at <= end + BESIDE_MS);
  const first = known.reduce((least, at) => Math.min(least, at), begin);
  const last = known.reduce((most, at) => Math.max(most, at), end);
  const stepMs = STEP_MS * Math.max(1, Math.ceil((last - first) / STEP_MS / MAX_STEPS));
  const start = Math.floor(first / stepMs) * stepMs;
  return { from: start, stepMs, length: Math.floor((last - start) / stepMs) + 1 };
}

/** Unix seconds. */
export function timesOf({ from, stepMs, length }: Axis): readonly number[] {
  return Array.from({ length }, (_, i) => (from + i * stepMs) / 1000);
}

/** From the viewer to the publisher; places of which nothing was measured are left out. */
export function stripGroups(why: Pick<Why, "moments" | "tracks" | "edge" | "origin">, axis: Axis): readonly StripGroup[] {
  const { edge, origin, tracks } = why;
  const nodes = [...new Set(tracks.filter(({ kind }) => kind === "node").map(({ subject }) => subject))];
  const groups: readonly StripGroup[] = [
    { place: "viewer", name: "", strips: viewerStrips(why.moments, axis) },
    { place: "edge", name: edge, strips: nodeStrips(why, edge, axis) },
    ...hopGroups(why, axis),
    ...nodes
      .filter((node) => node !== edge && node !== origin)
      .map((node) => ({ place: "relay" as const, name: node, strips: nodeStrips(why, node, axis) })),
    ...(origin === edge ? [] : [{ place: "origin" as const, name: origin, strips: nodeStrips(why, origin, axis) }]),
    {
      place: "uplink",
      name: "",
      strips: UPLINK.map(([title, unit, metric]) => strip(title, unit, [metric], of(why, "stream"), axis)),
    },
  ];
  return groups
    .map(({ strips, ...rest }) => ({ ...rest, strips: strips.filter(({ lines }) => lines.length > 0) }))
    .filter(({ strips }) => strips.length > 0);
}

/** Spans of the axis in which the viewer's picture stood still, Unix seconds. */
export function stallBands(moments: readonly Moment[], axis: Axis): readonly { readonly from: number; readonly to: number }[] {
  const [first, last] = [axis.from, axis.from + (axis.length - 1) * axis.stepMs];
  return moments
    .filter(({ at, intervalMs, stallMs }) => stallMs > 0 && at > first && at - intervalMs < last)
    .map(({ at, intervalMs }) => ({ from: Math.max(first, at - intervalMs) / 1000, to: Math.min(last, at) / 1000 }));
}

/** When the picture stood still for longest, one time for each trouble, in their order; milliseconds since 1970. */
export function troubleTimes(moments: readonly Moment[], count: number): readonly number[] {
  const troubles: Moment[][] = [];
  for (const moment of moments.filter(({ stallMs }) => stallMs > 0)) {
    const before = troubles.at(-1)?.at(-1);
    if (before && moment.at - moment.intervalMs - before.at < STEP_MS) troubles.at(-1)?.push(moment);
    else troubles.push([moment]);
  }
  const lost = (trouble: readonly Moment[]) => trouble.reduce((sum, { stallMs }) => sum + stallMs, 0);
  return troubles
    .toSorted((a, b) => lost(b) - lost(a))
    .slice(0, count)
    .map((trouble) => trouble.reduce((worst, moment) => (moment.stallMs > worst.stallMs ? moment : worst)).at)
    .sort((a, b) => a - b);
}

function viewerStrips(moments: readonly Moment[], axis: Axis): readonly Strip[] {
  const line = (label: TextKey, value: (moment: Moment) => number, worse: (a: number, b: number) => number): StripLine => {
    const values: Values = new Array(axis.length).fill(null);
    for (const moment of moments) fill(values, axis, [moment.at - moment.intervalMs, moment.at - 1], value(moment), worse);
    return { label, values };
  };
  const share = (part: number, whole: number) => (whole === 0 ? 0 : Math.min(1, part / whole));
  const dropped = ({ frames, droppedFrames }: Moment) => share(droppedFrames, frames + droppedFrames);
  return [
    {
      title: "why.plots.buffer",
      unit: "s",
      lines: [
        line("why.lines.buffer", ({ bufferMs }) => bufferMs / 1000, Math.min),
        line("why.lines.stalled", ({ stallMs }) => stallMs / 1000, Math.max),
      ].filter(hasValues),
    },
    {
      title: "why.plots.device",
      unit: "share",
      lines: [
        line("why.lines.notShown", dropped, Math.max),
        line("why.lines.busy", ({ longTaskMs, intervalMs }) => share(longTaskMs, intervalMs), Math.max),
      ].filter(hasValues),
    },
  ];
}

function nodeStrips(why: Pick<Why, "tracks">, node: string, axis: Axis): readonly Strip[] {
  const tracks = of(why, "node", node);
  return [
    { ...strip("why.plots.load", "share", NODE_LOAD, tracks, axis), max: 1 },
    strip("monitoring.plots.hold", "ms", [["hold_ms", "monitoring.metrics.hold_ms"]], tracks, axis),
  ];
}

/** Hops are told as `TO<FROM STREAM`; the stream and its rungs come over the same line. */
function hopGroups(why: Pick<Why, "tracks">, axis: Axis): readonly StripGroup[] {
  const lines = Map.groupBy(of(why, "hop"), ({ subject }) => {
    const [, to = "", from = ""] = /^(.+)<(.+?) [^ ]+$/.exec(subject) ?? [];
    return `${from} → ${to}`;
  });
  return [...lines].map(([name, tracks]) => ({
    place: "hop",
    name,
    strips: [
      strip(
        "monitoring.plots.rtt",
        "ms",
        [
          ["age_ms", "monitoring.metrics.age_ms"],
          ["rtt_ms", "monitoring.metrics.rtt_ms"],
        ],
        tracks,
        axis,
      ),
      strip("monitoring.plots.loss", "share", [["loss", "monitoring.metrics.loss"]], tracks, axis),
    ],
  }));
}

function of({ tracks }: Pick<Why, "tracks">, kind: Why["tracks"][number]["kind"], subject?: string) {
  return tracks.filter((track) => track.kind === kind && (subject === undefined || track.subject === subject));
}

function strip(title: TextKey, unit: string, metrics: readonly Metric[], tracks: Why["tracks"], axis: Axis): Strip {
  const lines = metrics.map(([metric, label]) => {
    const values: Values = new Array(axis.length).fill(null);
    for (const { points } of tracks.filter((track) => track.metric === metric)) {
      const hold = holdOf(points);
      for (const { at, value } of points) fill(values, axis, [at, at + hold - 1], value, Math.max);
    }
    return { label, values };
  });
  return { title, unit, lines: lines.filter(hasValues) };
}

/** How long a value holds: values are ten seconds apart, those of long ago a minute or an hour. */
function holdOf(points: readonly Point[]): number {
  const steps = points.slice(1).map(({ at }, i) => at - (points[i]?.at ?? at));
  return steps.length === 0 ? STEP_MS : Math.min(...steps);
}

/** Sets the steps that begin in the span, or the one that it is within; where they have a value already, to the worse one. */
function fill(
  values: Values,
  { from, stepMs }: Axis,
  [begin, end]: readonly [number, number],
  value: number,
  worse: (a: number, b: number) => number,
): void {
  const last = Math.min(values.length - 1, Math.floor((end - from) / stepMs));
  const first = Math.max(0, Math.min(last, Math.ceil((begin - from) / stepMs)));
  for (let i = first; i <= last; i++) values[i] = worse(values[i] ?? value, value);
}

function hasValues({ values }: StripLine): boolean {
  return values.some((value) => value !== null);
}
