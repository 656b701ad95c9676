/** Lists the keys of the wall. */
import { Button, Dialog } from "@lectern/ui";
import { useTranslation } from "../../texts/use-translation.ts";

const KEYS = [
  { keys: "← → ↑ ↓", does: "move" },
  { keys: "PageUp PageDown", does: "pages" },
  { keys: "Enter", does: "open" },
  { keys: "Esc", does: "close" },
  { keys: "M", does: "message" },
  { keys: "N", does: "note" },
  { keys: "/", does: "search" },
  { keys: "?", does: "help" },
] as const;

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog className="wall-dialog" aria-label={t("wall.keys")} onClose={onClose}>
      <h2>{t("wall.keys")}</h2>
      <dl className="wall-keys">
        {KEYS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(`wall.keyWords.${does}`)}</dd>
          </div>
        ))}
      </dl>
      <Button kind="primary" onClick={onClose}>
        {t("close")}
      </Button>
    </Dialog>
  );
}
