/** `<lectern-replay>` as React has it. */
import type { Chapter, LecternReplay } from "@lectern/player/replay";
import "@lectern/player/replay";
import { type RefObject, useEffect, useRef } from "react";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "lectern-replay": React.DetailedHTMLProps<React.HTMLAttributes<HTMLElement>, HTMLElement> & {
        src?: string;
        start?: string;
        resume?: string;
        autoplay?: string;
      };
    }
  }
}

/**
 * @param address of HLS, signed
 * @param resume the name under which the place is remembered
 * @param start seconds to begin at, instead
 */
export function ReplayPlayer({
  address,
  resume,
  start,
  chapters = [],
  onPlayer,
  onPlace,
}: {
  address: string;
  resume?: string;
  start?: number;
  chapters?: readonly Chapter[];
  onPlayer?: RefObject<LecternReplay | null>;
  /** Called now and then with where somebody would go on. */
  onPlace?: (seconds: number) => void;
}) {
  const own = useRef<LecternReplay | null>(null);
  useEffect(() => {
    if (onPlayer) onPlayer.current = own.current;
    if (own.current) own.current.chapters = chapters;
  }, [onPlayer, chapters]);
  useEffect(() => {
    const element = own.current;
    if (!element || !onPlace) return;
    const tell = (event: Event) => onPlace((event as CustomEvent<{ seconds: number }>).detail.seconds);
    element.addEventListener("lectern-place", tell);
    return () => element.removeEventListener("lectern-place", tell);
  }, [onPlace]);
  // The page stands on the same server, whatever it is called there.
  const { pathname, search } = new URL(address, location.href);
  return (
    <lectern-replay
      ref={own as never}
      src={pathname + search}
      lang={document.documentElement.lang}
      {...(resume ? { resume } : {})}
      {...(start === undefined ? { autoplay: "" } : { start: String(start), autoplay: "" })}
    />
  );
}
