/** Shows which candidates of how many stand on the wall, with the way to those before and after. */
import { Button } from "@lectern/ui";
import { LEFT_ICON, RIGHT_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../texts/use-translation.ts";

type PagesProps = {
  readonly offset: number;
  readonly shown: number;
  readonly total: number;
  readonly onTurn: (step: 1 | -1) => void;
};

export function Pages({ offset, shown, total, onTurn }: PagesProps) {
  const { t } = useTranslation();
  return (
    <nav className="wall-pages" aria-label={t("wall.pages")}>
      <Button icon={LEFT_ICON} disabled={offset === 0} onClick={() => onTurn(-1)}>
        {t("wall.previous")}
      </Button>
      <p>{t("wall.range", { from: offset + 1, to: offset + shown, of: total })}</p>
      <Button icon={RIGHT_ICON} disabled={offset + shown >= total} onClick={() => onTurn(1)}>
        {t("wall.next")}
      </Button>
    </nav>
  );
}
