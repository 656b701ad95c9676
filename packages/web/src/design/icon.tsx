/** An icon in the colour of the text beside it. Icons stand beside words, and are not read out. */
import { ICON_PATHS, type IconName } from "./icon-paths.ts";

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" width={24} height={24} aria-hidden="true">
      <path d={ICON_PATHS[name]} />
    </svg>
  );
}
