/** Shows tabs that swap what stands below them (WAI-ARIA Authoring Practices, "Tabs"): arrow keys, Home and End move along them. */
import { type KeyboardEvent, type ReactNode, useRef } from "react";

type TabListProps<Name extends string> = {
  /** Begins the ids of the tabs, `ID-NAME`, and of what they show: see `TabPanel`. */
  readonly id: string;
  /** Names the row for screen readers. */
  readonly label: string;
  /** Default: `tab-row`. */
  readonly className?: string;
  readonly names: readonly Name[];
  readonly selected: Name;
  readonly onSelect: (name: Name) => void;
  /** What a tab shows. */
  readonly face: (name: Name) => ReactNode;
  /** Whether each tab has a panel of its own, which stays when another is selected. Default: one for all. */
  readonly hasOwnPanels?: boolean;
};

export function TabList<Name extends string>({
  id,
  label,
  className = "tab-row",
  names,
  selected,
  onSelect,
  face,
  hasOwnPanels = false,
}: TabListProps<Name>) {
  const row = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent): void => {
    const at = names.indexOf(selected);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const next = to === undefined ? undefined : names.at(to % names.length);
    if (next === undefined) return;
    event.preventDefault();
    // On televisions, arrow keys move along the page.
    event.stopPropagation();
    onSelect(next);
    row.current?.querySelectorAll("button")[names.indexOf(next)]?.focus();
  };
  return (
    <div className={className} role="tablist" aria-label={label} ref={row} onKeyDown={onKey}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${id}-${name}`}
          aria-selected={name === selected}
          aria-controls={hasOwnPanels ? `${id}-${name}-panel` : `${id}-panel`}
          tabIndex={name === selected ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {face(name)}
        </button>
      ))}
    </div>
  );
}

type TabPanelProps = {
  /** Of the list. */
  readonly id: string;
  readonly selected: string;
  readonly className?: string;
  readonly children: ReactNode;
};

/** What the selected tab of a list shows. */
export function TabPanel({ id, selected, className = "tab-panel", children }: TabPanelProps) {
  return (
    <div className={className} role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${selected}`}>
      {children}
    </div>
  );
}
