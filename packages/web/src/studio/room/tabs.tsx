/** Shows the tabs of the side. A panel that was opened once stays, hidden, with what was typed in it. */
import { TabList } from "@lectern/ui";
import { type ReactNode, useId, useState } from "react";

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
  const [opened, setOpened] = useState<ReadonlySet<Name>>(new Set([selected]));
  const select = (name: Name): void => {
    setOpened((before) => new Set(before).add(name));
    onSelect(name);
  };
  return (
    <>
      <TabList
        id={id}
        className="side-tabs"
        label={label}
        names={tabs.map(({ name }) => name)}
        selected={selected}
        onSelect={select}
        face={(name) => <TabFace tab={tabs.find((tab) => tab.name === name)} />}
        hasOwnPanels
      />
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

function TabFace({ tab }: { readonly tab: Omit<Tab<string>, "panel"> | undefined }) {
  if (!tab) return null;
  const { label, count, countLabel } = tab;
  return (
    <>
      {label}
      {count > 0 ? (
        <span className="tab-count" title={countLabel}>
          {count > 99 ? "99+" : count}
          <span className="only-spoken"> {countLabel}</span>
        </span>
      ) : null}
    </>
  );
}
