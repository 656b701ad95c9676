/** Shows how often each part of a recording was played, as a strip, with its chapters below. */
import { formatDuration } from "@lectern/player/format-duration";
import { useTranslation } from "../../texts/use-translation.ts";
import "./analytics.css";
import { heatCells, hottest } from "./heat-cells.ts";

type HeatStripProps = {
  readonly title: string;
  readonly seconds: number;
  readonly minutes: readonly number[];
  readonly chapters: readonly { readonly seconds: number; readonly title: string }[];
};

export function HeatStrip({ title, seconds, minutes, chapters }: HeatStripProps) {
  const { t, i18n } = useTranslation();
  const cells = heatCells(minutes, seconds);
  const most = hottest(cells);
  const plays = (value: number) => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(value);
  const span = (from: number, to: number) => `${formatDuration(from)}–${formatDuration(to)}`;
  const summary = most
    ? t("analytics.mostPlayed", { span: span(most.fromSeconds, most.toSeconds), plays: plays(most.plays) })
    : t("analytics.notPlayed");
  return (
    <figure className="heat">
      <figcaption>
        <strong>{title}</strong> <span className="text-muted">{summary}</span>
      </figcaption>
      <div className="heat-strip" role="img" aria-label={`${title}: ${summary}`}>
        {cells.map(({ fromSeconds, toSeconds, plays: value, heat }) => (
          <span
            key={fromSeconds}
            title={t("analytics.playedPart", { span: span(fromSeconds, toSeconds), plays: plays(value) })}
            style={{ opacity: heat === 0 ? 0.06 : 0.15 + heat * 0.85 }}
          />
        ))}
      </div>
      <div className="heat-ends text-muted">
        <span>{formatDuration(0)}</span>
        <span>{formatDuration(seconds)}</span>
      </div>
      {chapters.length > 0 ? (
        <ol className="heat-chapters">
          {chapters.map((chapter) => (
            <li key={`${chapter.seconds} ${chapter.title}`}>
              <span className="text-muted">{formatDuration(chapter.seconds)}</span> {chapter.title}
            </li>
          ))}
        </ol>
      ) : null}
    </figure>
  );
}
