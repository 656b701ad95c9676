/** Shows the frame of the pages of alarms. Rules are the operators'. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";
import { useSchoolScope } from "../school/school-context.ts";
import "./alarms.css";

const PAGES = [
  { name: "alarms", path: "/alarms", forOperators: false },
  { name: "rules", path: "/alarms/rules", forOperators: true },
  { name: "channels", path: "/alarms/channels", forOperators: false },
] as const;

type AlarmsPageProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function AlarmsPage({ page, children }: AlarmsPageProps) {
  const { t } = useTranslation();
  const { isOperator } = useSchoolScope();
  const pages = PAGES.filter(({ forOperators }) => isOperator || !forOperators).map(({ name, path }) => ({
    label: t(`alarmPages.pages.${name}`),
    path,
    isCurrent: name === page,
  }));
  return (
    <SubPages label={t("nav.alarms")} pages={pages}>
      {children}
    </SubPages>
  );
}
