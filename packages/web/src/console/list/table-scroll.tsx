/** Shows a table that is wider than a phone: it scrolls by itself, also by the keyboard. */
import type { ReactNode } from "react";

export function TableScroll({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users must be able to scroll it
    <section className="table-scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
