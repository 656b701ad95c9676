/** Shows the uplink in the bar as one word. A press opens its figures. */
import { useCloseOutside } from "@lectern/ui";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { InPlace } from "./places.tsx";
import { Uplink } from "./uplink.tsx";

type UplinkButtonProps = {
  /** Of its style: `good`, `poor` and so on. */
  readonly health: string;
  readonly word: string;
  /** What this page knows of it besides the server. */
  readonly children?: ReactNode;
};

export function UplinkButton({ health, word, children }: UplinkButtonProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  useCloseOutside(isOpen, [button, panel], () => setOpen(false));
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key !== "Escape" || !isOpen) return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <InPlace name="uplink">
      <span className="bar-uplink" role="status">
        <button
          ref={button}
          type="button"
          className="button quiet"
          title={t("uplink")}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          onKeyDown={onKeyDown}
        >
          <span className="unseen">{t("uplink")}: </span>
          <span className={`live-word ${health}`}>{word}</span>
        </button>
      </span>
      {isOpen ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: on a low window it scrolls, with the keyboard too
        <section ref={panel} className="bar-panel" aria-label={t("uplink")} tabIndex={0} onKeyDown={onKeyDown}>
          <Uplink>{children}</Uplink>
        </section>
      ) : null}
    </InPlace>
  );
}
