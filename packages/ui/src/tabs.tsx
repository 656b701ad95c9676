/** Tabs that swap what stands below them. Arrow keys move along them (WAI-ARIA Authoring Practices, "Tabs"). */

import { type KeyboardEvent, useRef } from "react";
import { Icon } from "./icon.tsx";
import type { IconDrawing } from "./icons/drawing.ts";

export type Tab<Name extends string> = { readonly name: Name; readonly label: string; readonly icon?: IconDrawing };

type TabsProps<Name extends string> = {
  /** Names the row for screen readers. */
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly selected: Name;
  readonly onSelect: (name: Name) => void;
  /** The id of the element that the tabs swap. */
  readonly panelId: string;
};

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

export function Tabs<Name extends string>({ label, tabs, selected, onSelect, panelId }: TabsProps<Name>) {
  const row = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    const at = tabs.findIndex(({ name }) => name === selected);
    const next = tabs[(at + (step ?? 0) + tabs.length) % tabs.length];
    if (step === undefined || !next) return;
    event.preventDefault();
    onSelect(next.name);
    row.current?.querySelectorAll("button")[tabs.indexOf(next)]?.focus();
  };
  return (
    <div className="tab-row" role="tablist" aria-label={label} ref={row} onKeyDown={onKey}>
      {tabs.map(({ name, label: text, icon }) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === selected}
          aria-controls={panelId}
          tabIndex={name === selected ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {icon ? <Icon drawing={icon} /> : null}
          {text}
        </button>
      ))}
    </div>
  );
}
