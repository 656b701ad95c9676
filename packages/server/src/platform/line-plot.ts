/** Draws curves over the seconds of a run as SVG, for pages that need nothing else. Their styles say how `text` and `.grid` look. */

export type Curve<Second> = { readonly name: string; readonly of: (second: Second) => number | null };
export type Plot<Second> = { readonly title: string; readonly curves: readonly Curve<Second>[] };
/** Of the curves, in the units of the drawing. */
export type PlotSize = { readonly width: number; readonly height: number };

export const PLOT_COLOURS = ["#1b6ac9", "#c8541b", "#22863a", "#8250df", "#b08800", "#d1246f", "#057a85", "#6e7781"];

export function linePlot<Second extends { readonly second: number }>(
  { title, curves }: Plot<Second>,
  timeline: readonly Second[],
  { width, height }: PlotSize,
): string {
  const last = Math.max(1, timeline.at(-1)?.second ?? 1);
  const values = curves.flatMap(({ of }) => timeline.flatMap((second) => of(second) ?? []));
  const top = niceAbove(Math.max(0, ...values) || 1);
  const x = (second: number) => ((second / last) * width).toFixed(1);
  const y = (value: number) => (height - (value / top) * height).toFixed(1);
  const drawn = curves.map(({ name, of }, i) => {
    const points = timeline.flatMap((second) => {
      const value = of(second);
      return value === null ? [] : [`${x(second.second)},${y(value)}`];
    });
    const colour = PLOT_COLOURS[i % PLOT_COLOURS.length] ?? "";
    const dots = points.length < 2 ? points.map((at) => `<circle r="2" fill="${colour}" cx="${at.replace(",", '" cy="')}"/>`) : [];
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.join(" ")}"/>${dots.join("")}<text x="${width + 8}" y="${10 + i * 15}" style="fill:${colour}">${escapedHtml(name)}</text>`;
  });
  const grid = [0, 0.5, 1].map((share) => {
    const at = height * (1 - share);
    return `<line class="grid" x1="0" x2="${width}" y1="${at}" y2="${at}"/><text x="-8" y="${at + 4}" text-anchor="end">${Number((top * share).toPrecision(3))}</text>`;
  });
  const ends = `<text x="0" y="${height + 16}">0 s</text><text x="${width}" y="${height + 16}" text-anchor="end">${last} s</text>`;
  return `<svg viewBox="-60 -8 ${width + 200} ${height + 30}" role="img" aria-label="${escapedHtml(title)}">${grid.join("")}${drawn.join("")}${ends}</svg>`;
}

/** 1, 2 or 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

export function escapedHtml(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
