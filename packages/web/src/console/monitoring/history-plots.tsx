/** Plots of one subject's metrics over the same time, with a choice of how far back they show. */
import { SegmentedControl, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { TimePlot } from "../../plots/time-plot.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { type SeriesKind, SPANS, type Span, useHistory } from "./use-history.ts";

export type PlotSpec = {
  /** The metrics of the plot, each a line. Their names in the messages are `monitoring.metrics.NAME`. */
  readonly metrics: readonly string[];
  /** A key of the messages below `monitoring.plots`. */
  readonly title: string;
  /** As `TimePlot` takes it. */
  readonly unit: string;
  readonly max?: number;
};

type HistoryPlotsProps = {
  readonly kind: SeriesKind;
  readonly subject: string;
  readonly plots: readonly PlotSpec[];
  readonly span: Span;
};

export function HistoryPlots({ kind, subject, plots, span }: HistoryPlotsProps) {
  const { t } = useTranslation();
  const query = useHistory(kind, subject, [...new Set(plots.flatMap(({ metrics }) => metrics))], span);
  if (query.isError) return <p role="alert">{t("offline")}</p>;
  if (!query.data) return <p role="status">{t("monitoring.loading")}</p>;
  const { times, values } = query.data;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      {plots.map(({ title, unit, metrics, ...rest }) => (
        <TimePlot
          key={title}
          title={t(`monitoring.plots.${title}`)}
          unit={unit}
          times={times}
          lines={metrics.map((metric) => ({
            label: t(`monitoring.metrics.${metric}`, { defaultValue: metric }),
            values: values.get(metric) ?? [],
          }))}
          cursorKey={`${kind} ${subject}`}
          {...rest}
        />
      ))}
    </SimpleGrid>
  );
}

/** The choice of a page, which begins with two hours. */
export function useSpan() {
  const { t } = useTranslation();
  const [span, setSpan] = useState<Span>("2h");
  const choice = (
    <SegmentedControl
      aria-label={t("monitoring.span")}
      value={span}
      onChange={(value) => isSpan(value) && setSpan(value)}
      data={Object.keys(SPANS).map((value) => ({ value, label: t(`monitoring.spans.${value}`) }))}
    />
  );
  return { span, choice };
}

function isSpan(value: string): value is Span {
  return value in SPANS;
}
