/** The tabs of the side: chat, questions, quiz, people. Arrows move between them, as the pattern of ARIA says. */
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../parts/icons.tsx";

export const TABS = ["chat", "questions", "quiz", "people"] as const;
export type Tab = (typeof TABS)[number];

const ICONS: Readonly<Record<Tab, IconName>> = { chat: "chat", questions: "question", quiz: "quiz", people: "people" };

type TabsProps = {
  readonly active: Tab;
  readonly onChange: (tab: Tab) => void;
  /** Shown beside the name of a tab; 0: nothing. */
  readonly badges: Readonly<Record<Tab, number>>;
  readonly children: ReactNode;
};

export function Tabs({ active, onChange, badges, children }: TabsProps) {
  const { t } = useTranslation();
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = TABS[(TABS.indexOf(active) + step + TABS.length) % TABS.length] ?? active;
    onChange(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={t("tabs")} onKeyDown={onKey}>
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={tab === active}
            aria-controls="class-panel"
            tabIndex={tab === active ? 0 : -1}
            onClick={() => onChange(tab)}
          >
            <Icon name={ICONS[tab]} />
            <span>{t(tab)}</span>
            {badges[tab] > 0 ? (
              <span className="count">
                <span aria-hidden="true">{badges[tab] > 99 ? "99+" : badges[tab]}</span>
                <span className="unseen">{t("unread", { count: badges[tab] })}</span>
              </span>
            ) : null}
          </button>
        ))}
      </div>
      <div className="tab-panel" role="tabpanel" id="class-panel" aria-labelledby={`tab-${active}`}>
        {children}
      </div>
    </>
  );
}
