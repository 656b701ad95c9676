/** Shows `<lectern-player>` as a React component. */
import { useEffect, useRef } from "react";
import "@lectern/player";
import type { LecternPlayer } from "@lectern/player";
import { dispatchAddress, sameOriginPath } from "./media-address.ts";
import { type TamperReport, useTamperReport, type Watermark, watermarkAttributes, watermarkKey } from "./watermark.ts";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "lectern-player": React.DetailedHTMLProps<React.HTMLAttributes<HTMLElement>, HTMLElement> & {
        src?: string;
        autoplay?: string;
        muted?: string;
        protocol?: string;
        dispatch?: string;
        watermark?: string;
        "watermark-opacity"?: string;
        quality?: string;
        "publisher-left-at"?: string;
        "awaits-live"?: string;
        keys?: "off";
      };
    }
  }
}

type LivePlayerProps = {
  /** Address of HTTP-FLV, or of HLS where there is no other, signed; a renewed link does not interrupt playback. */
  readonly address: string;
  readonly muted?: boolean;
  /** The rung to begin with on a device that remembers none. Default: automatic. */
  readonly quality?: string;
  /** How late the viewer may be. Default: `normal`. */
  readonly latency?: "realtime" | "low" | "normal";
  /** Since when nobody publishes to the live lesson. Default: somebody does, or nobody has yet. */
  readonly publisherLeftAt?: string | null;
  /** The stream is not live, and the page will know when it is. Default: false. */
  readonly awaitsLive?: boolean;
  /** Keyboard shortcuts; not where the page has the same letters. Default: true. */
  readonly hasKeys?: boolean;
  readonly onPlayer?: (player: LecternPlayer | null) => void;
  readonly watermark?: Watermark | null;
  /** Called when the watermark was tampered with. */
  readonly onTamper?: TamperReport;
};

/** Another watermark is another player: an element keeps the one that it has. */
export function LivePlayer(props: LivePlayerProps) {
  return <Player key={watermarkKey(props.watermark)} {...props} />;
}

function Player({
  address,
  muted = false,
  quality,
  latency,
  publisherLeftAt,
  awaitsLive = false,
  hasKeys = true,
  onPlayer,
  watermark = null,
  onTamper,
}: LivePlayerProps) {
  const player = useRef<LecternPlayer | null>(null);
  useTamperReport(player, onTamper);
  useEffect(() => {
    onPlayer?.(player.current);
    return () => onPlayer?.(null);
  }, [onPlayer]);
  const query = new URLSearchParams(location.search);
  const protocol = query.get("protocol");
  const delay = query.get("latency") ?? latency;
  return (
    <lectern-player
      ref={player as never}
      src={sameOriginPath(address)}
      dispatch={dispatchAddress()}
      autoplay=""
      lang={document.documentElement.lang}
      {...watermarkAttributes(watermark)}
      {...(publisherLeftAt ? { "publisher-left-at": publisherLeftAt } : {})}
      {...(awaitsLive ? { "awaits-live": "" } : {})}
      {...(hasKeys ? {} : { keys: "off" })}
      {...(muted ? { muted: "" } : {})}
      {...(quality ? { quality } : {})}
      {...(protocol ? { protocol } : {})}
      {...(delay ? { latency: delay } : {})}
    />
  );
}
