/** Says that an address of the console leads to none of its pages. */
import { EmptyState } from "@lectern/ui";
import { SEARCH_ICON } from "@lectern/ui/icons";
import { Link } from "wouter";
import { useTranslation } from "../../texts/use-translation.ts";

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
      <EmptyState icon={SEARCH_ICON} text={t("noSuchPage.hint")} action={home} />
    </>
  );
}
