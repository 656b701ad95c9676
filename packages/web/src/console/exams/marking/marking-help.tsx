/** Lists the keys of marking. */
import { Drawer } from "@lectern/ui";
import { useTranslation } from "../../../texts/use-translation.ts";

type MarkingHelpProps = { readonly hasCriteria: boolean; readonly onClose: () => void };

export function MarkingHelp({ hasCriteria, onClose }: MarkingHelpProps) {
  const { t } = useTranslation();
  const keys = [
    ["0 … 9", "points"],
    ["H", "half"],
    ["Enter", "next"],
    ["U", "undo"],
    ["S", "skip"],
    ["C", "comment"],
    ["Alt 1 … 9", "readyComment"],
    ["Ctrl Enter", "saveFromComment"],
    ["Esc", "back"],
    ...(hasCriteria ? [["⇧ 1 … 9", "criterion"] as const] : []),
    ["?", "help"],
  ] as const;
  return (
    <Drawer title={t("exams.keys")} closeLabel={t("close")} onClose={onClose}>
      <dl className="marking-keys">
        {keys.map(([key, what]) => (
          <div key={what}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`exams.keyWords.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </Drawer>
  );
}
