/** Shows a row of figures, each with its name. */
import "./analytics.css";

export type Tile = { readonly label: string; readonly value: string };

export function FigureTiles({ tiles }: { readonly tiles: readonly Tile[] }) {
  return (
    <dl className="figure-tiles">
      {tiles.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
