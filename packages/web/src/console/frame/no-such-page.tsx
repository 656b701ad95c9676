/** What an address of the console shows that none of its pages has. */
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { EmptyState } from "../../design/empty-state.tsx";

export function NoSuchPage() {
  const { t } = useTranslation();
  const home = (
    <Link className="button primary" href="/">
      {t("nav.home")}
    </Link>
  );
  return (
    <>
      <h1>{t("noSuchPage.title")}</h1>
      <EmptyState icon="search" text={t("noSuchPage.hint")} action={home} />
    </>
  );
}
