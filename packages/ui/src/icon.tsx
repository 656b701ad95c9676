/** Shows an icon in the colour of the text beside it. Icons stand beside words, and are not read out. */
import type { IconDrawing } from "./icons/drawing.ts";

/** 24 px, or what `--icon-size` says around it. */
export function Icon({ drawing }: { readonly drawing: IconDrawing }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={24} height={24} aria-hidden="true">
      <path d={drawing} />
    </svg>
  );
}
