/** Swaps board and camera: a press anywhere on the small one. Beside it, the stage on the full screen where the browser can. */
import { Icon } from "@lectern/ui";
import { GROW_ICON, SHRINK_ICON, SWAP_ICON } from "@lectern/ui/icons";
import { useEffect, useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";

type SwapButtonProps = { readonly label: string; readonly onSwap: () => void; readonly frame: HTMLElement };

export function SwapButton({ label, onSwap, frame }: SwapButtonProps) {
  return (
    <>
      <button type="button" className="swap-button" aria-label={label} title={label} onClick={onSwap}>
        <Icon drawing={SWAP_ICON} />
      </button>
      {document.fullscreenEnabled ? <FullScreenButton frame={frame} /> : null}
    </>
  );
}

function FullScreenButton({ frame }: { readonly frame: HTMLElement }) {
  const { t } = useTranslation();
  const [isFull, setIsFull] = useState(false);
  useEffect(() => {
    const read = () => setIsFull(document.fullscreenElement === frame);
    document.addEventListener("fullscreenchange", read);
    return () => document.removeEventListener("fullscreenchange", read);
  }, [frame]);
  const label = t(isFull ? "board.leaveFullScreen" : "board.fullScreen");
  const toggle = () => void (isFull ? document.exitFullscreen() : frame.requestFullscreen()).catch(() => {});
  return (
    <button type="button" className="full-screen-button" aria-label={label} title={label} onClick={toggle}>
      <Icon drawing={isFull ? SHRINK_ICON : GROW_ICON} />
    </button>
  );
}
