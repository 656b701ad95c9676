/** A list of tabs. Arrows move between them, as the tabs pattern of WAI-ARIA says. */
import type { KeyboardEvent, ReactNode } from "react";

type TabListProps<Name extends string> = {
  /** Begins the ids of the tabs, `ID-NAME`; the panel has the id `ID-panel`. */
  readonly id: string;
  readonly label: string;
  readonly names: readonly Name[];
  readonly active: Name;
  readonly onChange: (name: Name) => void;
  readonly face: (name: Name) => ReactNode;
};

export function TabList<Name extends string>({ id, label, names, active, onChange, face }: TabListProps<Name>) {
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = names[(names.indexOf(active) + step + names.length) % names.length] ?? active;
    onChange(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${id}-${name}`}
          aria-selected={name === active}
          aria-controls={`${id}-panel`}
          tabIndex={name === active ? 0 : -1}
          onClick={() => onChange(name)}
        >
          {face(name)}
        </button>
      ))}
    </div>
  );
}

/** What the chosen tab of a list shows. */
export function TabPanel({ id, active, children }: { id: string; active: string; children: ReactNode }) {
  return (
    <div className="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${active}`}>
      {children}
    </div>
  );
}
