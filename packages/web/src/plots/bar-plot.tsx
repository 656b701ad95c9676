/** Shows how many there are of each: a bar for each span, with its number. Screen readers get a table. */
import "./bar-plot.css";

export type Bar = { readonly label: string; readonly count: number };

type BarPlotProps = {
  readonly title: string;
  /** What is counted. */
  readonly unit: string;
  readonly bars: readonly Bar[];
};

export function BarPlot({ title, unit, bars }: BarPlotProps) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <figure className="bar-plot">
      <figcaption>{title}</figcaption>
      <div className="bar-plot-bars" aria-hidden="true">
        {bars.map(({ label, count }) => (
          <div key={label} className="bar-plot-bar" title={`${label}: ${count}`}>
            <span className="bar-plot-count">{count > 0 ? count : ""}</span>
            <span className="bar-plot-fill" style={{ height: `${(100 * count) / most}%` }} />
            <span className="bar-plot-label">{label}</span>
          </div>
        ))}
      </div>
      <table className="unseen">
        <caption>{`${title}, ${unit}`}</caption>
        <tbody>
          {bars.map(({ label, count }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
