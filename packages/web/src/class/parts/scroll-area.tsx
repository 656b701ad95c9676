/** Shows a part of the side that scrolls. It takes the focus, so that the keyboard scrolls it too. */
import type { ReactNode, Ref } from "react";

type ScrollAreaProps = {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
  readonly areaRef?: Ref<HTMLElement>;
  readonly onScroll?: () => void;
};

export function ScrollArea({ label, className = "scroll", children, areaRef, onScroll }: ScrollAreaProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the keys that scroll
    <section className={className} tabIndex={0} aria-label={label} ref={areaRef} onScroll={onScroll}>
      {children}
    </section>
  );
}
