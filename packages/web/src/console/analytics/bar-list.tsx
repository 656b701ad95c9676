/** Bars beside each other's names: how much of the whole each has. */
import { useTranslation } from "../../texts/use-translation.ts";
import "./analytics.css";
import { useFigures } from "./figures.ts";

export type Bar = { readonly name: string; readonly value: number };

type BarListProps = { readonly title: string; readonly bars: readonly Bar[]; readonly nameOf: (name: string) => string };

/** More are summed up in one. */
const MAX_BARS = 8;

export function BarList({ title, bars, nameOf }: BarListProps) {
  const { t } = useTranslation();
  const { share } = useFigures();
  const total = bars.reduce((sum, { value }) => sum + value, 0);
  if (total === 0) return null;
  const rest = bars.slice(MAX_BARS).reduce((sum, { value }) => sum + value, 0);
  const shown = bars
    .slice(0, MAX_BARS)
    .map(({ name, value }) => ({ label: name === "" ? t("analytics.unknown") : nameOf(name), value }));
  return (
    <section className="bar-list">
      <h3>{title}</h3>
      <ul>
        {[...shown, ...(rest > 0 ? [{ label: t("analytics.others"), value: rest }] : [])].map(({ label, value }) => (
          <li key={label}>
            <span className="bar-name">{label}</span>
            <span>{share(value / total)}</span>
            <span className="bar" style={{ width: `${(value / total) * 100}%` }} />
          </li>
        ))}
      </ul>
    </section>
  );
}
