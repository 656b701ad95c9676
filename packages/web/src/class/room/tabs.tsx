/** Shows the tabs of the side: chat, questions, quiz, people. */
import { Icon, TabList, TabPanel } from "@lectern/ui";
import { CHAT_ICON, type IconDrawing, PEOPLE_ICON, QUESTION_ICON, QUIZ_ICON } from "@lectern/ui/icons";
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";

export const TABS = ["chat", "questions", "quiz", "people"] as const;
export type Tab = (typeof TABS)[number];

const ICONS: Readonly<Record<Tab, IconDrawing>> = {
  chat: CHAT_ICON,
  questions: QUESTION_ICON,
  quiz: QUIZ_ICON,
  people: PEOPLE_ICON,
};

type TabsProps = {
  readonly active: Tab;
  readonly onChange: (tab: Tab) => void;
  /** Shown beside the name of a tab; 0: nothing. */
  readonly badges: Readonly<Record<Tab, number>>;
  readonly children: ReactNode;
};

export function Tabs({ active, onChange, badges, children }: TabsProps) {
  const { t } = useTranslation();
  const face = (tab: Tab): ReactNode => (
    <>
      <Icon drawing={ICONS[tab]} />
      <span>{t(tab)}</span>
      {badges[tab] > 0 ? (
        <span className="count">
          <span aria-hidden="true">{badges[tab] > 99 ? "99+" : badges[tab]}</span>
          <span className="unseen">{t("unread", { count: badges[tab] })}</span>
        </span>
      ) : null}
    </>
  );
  return (
    <>
      <TabList id="class" className="tabs" label={t("tabs")} names={TABS} selected={active} onSelect={onChange} face={face} />
      <TabPanel id="class" selected={active}>
        {children}
      </TabPanel>
    </>
  );
}
