/** Marks a lesson of a series; one that was changed by itself is marked as such. */
import { Icon } from "@lectern/ui";
import { PEN_ICON, REPEAT_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../texts/use-translation.ts";
import "./series.css";

export function RepeatMark({ isEdited }: { readonly isEdited: boolean }) {
  const { t } = useTranslation();
  const name = t(isEdited ? "series.edited" : "series.repeated");
  return (
    <span className="repeat-mark" role="img" aria-label={name} title={name}>
      <Icon drawing={isEdited ? PEN_ICON : REPEAT_ICON} />
    </span>
  );
}
