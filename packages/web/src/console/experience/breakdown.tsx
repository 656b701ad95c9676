/**
 * Shows the lesson's viewers by node, carrier, region, engine and device: how much they watched, and how long pictures stood still. A name filters
 * the list.
 */
import type { Experience } from "@lectern/client";
import { formatValue } from "../../plots/plot-text.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useUrlFilter } from "../list/filters.tsx";
import { DIMENSIONS, type Dimension, filterOf, useDimensionNames } from "./dimensions.ts";
import "./experience.css";

/** More rows than this tell nothing; the list has the rest. */
const MAX_ROWS = 8;
/** From here on people notice. */
const MUCH_STALLED = 0.02;

export function Breakdown({ by }: { readonly by: Experience["by"] }) {
  const { t } = useTranslation();
  return (
    <section className="experience-bars" aria-label={t("experience.breakdown")}>
      {DIMENSIONS.filter((dimension) => by[dimension].length > 0).map((dimension) => (
        <DimensionTable key={dimension} dimension={dimension} rows={by[dimension]} />
      ))}
    </section>
  );
}

type DimensionTableProps = { readonly dimension: Dimension; readonly rows: Experience["by"][Dimension] };

function DimensionTable({ dimension, rows }: DimensionTableProps) {
  const { t, i18n } = useTranslation();
  const nameOf = useDimensionNames();
  const [, filter] = useUrlFilter(dimension);
  const all = rows.reduce((sum, { watchedMs, stallMs }) => sum + watchedMs + stallMs, 0);
  const share = (value: number | null) => (value === null ? "–" : formatValue(value, "share", i18n.language));
  return (
    <table>
      <caption>{t(`experience.by.${dimension}`)}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">{t("fields.name")}</span>
          </th>
          <th scope="col">{t("experience.ofWatched")}</th>
          <th scope="col">{t("experience.stalled")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, MAX_ROWS).map(({ name, watchedMs, stallMs, stallRatio }) => (
          <tr key={name}>
            <th scope="row">
              <button type="button" className="link-button" onClick={() => filter(filterOf(name))}>
                {nameOf(dimension, name)}
              </button>
              <Bar share={all === 0 ? 0 : (watchedMs + stallMs) / all} />
            </th>
            <td>{share(all === 0 ? null : (watchedMs + stallMs) / all)}</td>
            <td className={(stallRatio ?? 0) >= MUCH_STALLED ? "stalling" : ""}>{share(stallRatio)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Bar({ share }: { readonly share: number }) {
  return <span className="experience-bar" style={{ width: `${Math.max(1, share * 100)}%` }} />;
}
