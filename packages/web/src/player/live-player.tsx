/** `<lectern-player>` as a React component. */
import { useEffect, useRef } from "react";
import "@lectern/player";
import type { LecternPlayer } from "@lectern/player";
import { dispatchAddress, sameOriginPath } from "./media-address.ts";

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

/** @param address of HTTP-FLV, signed; a renewed link does not interrupt playback */
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
      src={sameOriginPath(address)}
      dispatch={dispatchAddress()}
      autoplay=""
      lang={document.documentElement.lang}
      {...(muted ? { muted: "" } : {})}
      {...(protocol ? { protocol } : {})}
    />
  );
}
