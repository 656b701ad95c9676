/** Shows a plot of refusals over time: a column for each minute or hour, with the reasons above each other in their colours. */
import { Title } from "@mantine/core";
import { DateTime } from "../../../schedule/dates.ts";
import { type Translate, useTranslation } from "../../../texts/use-translation.ts";
import { useTimeZone } from "../../school/school-time.ts";
import { reasonName } from "../rules/refused-request.ts";
import { type RefusalSeries, SPANS, type Span, scaleTop } from "./refusal-series.ts";

const WIDTH = 600;
const HEIGHT = 160;
/** Between two columns, as a part of a column. */
const GAP = 0.2;

type RefusalPlotProps = {
  readonly title: string;
  readonly series: readonly RefusalSeries[];
  readonly span: Span;
  /** Of the first column, milliseconds since 1970. */
  readonly start: number;
};

export function RefusalPlot({ title, series, span, start }: RefusalPlotProps) {
  const { t } = useTranslation();
  const top = scaleTop(series);
  const total = series.reduce((sum, one) => sum + one.total, 0);
  const figures = series.map((one) => t("refusals.figure", { name: nameOf(one, t), count: one.total })).join(", ");
  const summary = t("refusals.summary", { title, span: t(`refusals.spans.${span}`), total, list: figures });
  return (
    <figure className="plot">
      <figcaption>
        <Title order={2} size="h4">
          {title}: {total}
        </Title>
        <small className="text-muted">{t(`refusals.unit.${span}`)}</small>
      </figcaption>
      <div className="plot-area">
        <span className="plot-scale" aria-hidden="true">
          <span>{top}</span>
          <span>{top / 2}</span>
          <span>0</span>
        </span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={summary}>
          {[0, HEIGHT / 2].map((y) => (
            <line key={y} className="plot-grid" x1={0} x2={WIDTH} y1={y} y2={y} vectorEffect="non-scaling-stroke" />
          ))}
          <Columns series={series} span={span} start={start} top={top} />
        </svg>
        <Times span={span} start={start} />
      </div>
      {total === 0 ? (
        <p className="text-muted">{t("refusals.none")}</p>
      ) : (
        <ul className="plot-legend">
          {series.map((one, index) => (
            <li key={nameOf(one, t)} className={`series-${index}`}>
              <span>{t("refusals.figure", { name: nameOf(one, t), count: one.total })}</span>
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

function Columns({ series, span, start, top }: Omit<RefusalPlotProps, "title"> & { readonly top: number }) {
  const { t } = useTranslation();
  const shownTime = useShownTime(span);
  const { columns, stepMs } = SPANS[span];
  const width = WIDTH / columns;
  const numbers = Array.from({ length: columns }, (_, column) => column);
  return numbers.map((column) => {
    const parts = series.map((one, index) => ({ index, count: one.counts[column] ?? 0, name: nameOf(one, t) }));
    const shown = parts.filter(({ count }) => count > 0);
    if (shown.length === 0) return null;
    const list = shown.map(({ name, count }) => t("refusals.figure", { name, count })).join(", ");
    const heights = shown.map(({ count }) => (count / top) * HEIGHT);
    return (
      <g key={start + column * stepMs}>
        <title>{t("refusals.bar", { from: shownTime(start + column * stepMs), list })}</title>
        {shown.map(({ index }, part) => (
          <rect
            key={index}
            className={`series-${index}`}
            fill="currentColor"
            x={(column + GAP / 2) * width}
            y={HEIGHT - heights.slice(0, part + 1).reduce((sum, height) => sum + height, 0)}
            width={(1 - GAP) * width}
            height={heights[part]}
          />
        ))}
      </g>
    );
  });
}

function Times({ span, start }: Pick<RefusalPlotProps, "span" | "start">) {
  const shownTime = useShownTime(span);
  const { columns, stepMs } = SPANS[span];
  return (
    <span className="plot-times" aria-hidden="true">
      {[0, 1 / 2, 1].map((part) => (
        <span key={part}>{shownTime(start + part * columns * stepMs)}</span>
      ))}
    </span>
  );
}

/** In the school's zone: the hour, or for longer times the day. */
function useShownTime(span: Span): (time: number) => string {
  const { i18n } = useTranslation();
  const zone = useTimeZone();
  const isLong = span === "d7" || span === "d30";
  const format = isLong ? DateTime.DATE_MED : ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const);
  return (time) => DateTime.fromMillis(time, { zone }).setLocale(i18n.language).toLocaleString(format);
}

function nameOf({ reason }: RefusalSeries, t: Translate): string {
  return reason === null ? t("refusals.other") : reasonName(reason, t);
}
