/** The picture of the lesson: `<lectern-player>` with the person's own link. */
import { useEffect, useRef } from "react";
import "@lectern/player";
import type { LecternPlayer } from "@lectern/player";
import { dispatchAddress } from "./media-address.ts";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "lectern-player": React.DetailedHTMLProps<React.HTMLAttributes<HTMLElement>, HTMLElement> & {
        src?: string;
        autoplay?: string;
        muted?: string;
        protocol?: string;
        dispatch?: string;
      };
    }
  }
}

/** @param address of HTTP-FLV, signed; another one for the same stream interrupts nothing */
export function LivePlayer({
  address,
  muted = false,
  onPlayer,
}: {
  address: string;
  muted?: boolean;
  onPlayer?: (player: LecternPlayer | null) => void;
}) {
  const player = useRef<LecternPlayer | null>(null);
  useEffect(() => {
    onPlayer?.(player.current);
    return () => onPlayer?.(null);
  }, [onPlayer]);
  const protocol = new URLSearchParams(location.search).get("protocol");
  return (
    <lectern-player
      ref={player as never}
      src={pathOf(address)}
      dispatch={dispatchAddress()}
      autoplay=""
      lang={document.documentElement.lang}
      {...(muted ? { muted: "" } : {})}
      {...(protocol ? { protocol } : {})}
    />
  );
}

/** The page stands on the same server, whatever it is called there. */
function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}
