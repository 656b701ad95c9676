/** Tabs as in the WAI-ARIA tabs pattern: arrow keys move between them. A panel that was opened once stays, hidden, with what was typed in it. */
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";

export type Tab<Name extends string> = {
  readonly name: Name;
  readonly label: string;
  /** A number beside the label; 0: none. */
  readonly count: number;
  /** What the number means, for screen readers. */
  readonly countLabel: string;
  readonly panel: ReactNode;
};

type TabsProps<Name extends string> = {
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly selected: Name;
  readonly onSelect: (name: Name) => void;
};

export function Tabs<Name extends string>({ label, tabs, selected, onSelect }: TabsProps<Name>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<ReadonlySet<Name>>(new Set([selected]));
  const select = (name: Name): void => {
    setOpened((before) => new Set(before).add(name));
    onSelect(name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = tabs.findIndex(({ name }) => name === selected);
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[event.key];
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length);
    if (!tab) return;
    event.preventDefault();
    select(tab.name);
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.name}"]`)?.focus();
  };
  return (
    <>
      <div ref={list} className="side-tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ name, label, count, countLabel }) => (
          <button
            key={name}
            type="button"
            role="tab"
            data-tab={name}
            id={`${id}-${name}`}
            aria-selected={name === selected}
            aria-controls={`${id}-${name}-panel`}
            tabIndex={name === selected ? 0 : -1}
            onClick={() => select(name)}
          >
            {label}
            {count > 0 ? (
              <span className="tab-count" title={countLabel}>
                {count > 99 ? "99+" : count}
                <span className="only-spoken"> {countLabel}</span>
              </span>
            ) : null}
          </button>
        ))}
      </div>
      {tabs.map(({ name, panel }) => (
        <div
          key={name}
          role="tabpanel"
          className="side-panel"
          id={`${id}-${name}-panel`}
          aria-labelledby={`${id}-${name}`}
          hidden={name !== selected}
        >
          {name === selected || opened.has(name) ? panel : null}
        </div>
      ))}
    </>
  );
}
