/**
 * Shows a map of regions as tiles: provinces where they lie, when there is one among the regions, and other regions in a row below. Each tile says
 * its figures in words too.
 */
import { useTranslation } from "../texts/use-translation.ts";
import "./plots.css";
import { PROVINCES, provinceOf } from "./province-tiles.ts";

export type RegionFigures = {
  /** As nodes and viewers' places name it; empty: not known. */
  readonly region: string;
  /** A line of text, for example `2 nodes, 40 %`. */
  readonly text: string;
  readonly level: "good" | "busy" | "bad";
};

type ProvinceMapProps = {
  readonly label: string;
  readonly regions: readonly RegionFigures[];
  /** The name of what has no region. */
  readonly unknown: string;
};

export function ProvinceMap({ label, regions, unknown }: ProvinceMapProps) {
  const { i18n } = useTranslation();
  const byCode = new Map(regions.map((figures) => [provinceOf(figures.region)?.code ?? "", figures]));
  const elsewhere = regions.filter(({ region }) => provinceOf(region) === null);
  const provinces = elsewhere.length < regions.length ? PROVINCES : [];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the arrow keys
    <section className="province-map" aria-label={label} tabIndex={0}>
      <ul className="province-grid" aria-label={label}>
        {provinces.map(({ code, zh, en, column, row }) => {
          const figures = byCode.get(code);
          const place = { gridColumn: column + 1, gridRow: row + 1 };
          const name = i18n.language.startsWith("zh") ? zh : en;
          return (
            <li key={code} className={`tile ${figures?.level ?? "empty"}`} style={place} aria-hidden={figures === undefined}>
              <span className="tile-name">{name}</span>
              <abbr className="tile-code" title={name}>
                {code}
              </abbr>
              {figures ? <span className="tile-figures">{figures.text}</span> : null}
            </li>
          );
        })}
      </ul>
      {elsewhere.length > 0 ? (
        <ul className="province-row" aria-label={unknown}>
          {elsewhere.map(({ region, text, level }) => (
            <li key={region} className={`tile ${level}`}>
              <span className="tile-name">{region || unknown}</span>
              <span className="tile-figures">{text}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
