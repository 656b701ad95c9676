/** Leads to the wall, on which those who supervise see the candidates. */
import type { Examination } from "@lectern/client";
import { Icon } from "@lectern/ui";
import { CAMERA_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../../texts/use-translation.ts";

export function WallLink({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  return (
    <p>
      <a className="button primary" href={`/supervision/${encodeURIComponent(exam.id)}`}>
        <Icon drawing={CAMERA_ICON} />
        {t("supervision.openWall")}
      </a>
    </p>
  );
}
