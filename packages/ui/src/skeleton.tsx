/** Shows the place of rows that are loading, as high as they will be. */
import "./skeleton.css";

/** @param label what is loading, for screen readers */
export function SkeletonRows({ rows = 6, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div className="skeleton-rows" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no other name
        <span key={row} className="skeleton" />
      ))}
    </div>
  );
}
