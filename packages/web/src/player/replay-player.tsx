/** `<lectern-replay>` as a React component. */
import type { Chapter, LecternReplay } from "@lectern/player/replay";
import "@lectern/player/replay";
import { type RefObject, useEffect, useRef } from "react";
import { sameOriginPath } from "./media-address.ts";

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

type ReplayPlayerProps = {
  /** Address of HLS, signed. */
  readonly address: string;
  /** Name under which this device stores the position. */
  readonly resume?: string;
  /** Seconds to start at; wins over the stored position. */
  readonly start?: number;
  readonly chapters?: readonly Chapter[];
  readonly playerRef?: RefObject<LecternReplay | null>;
  /** Called every few seconds with the position to resume at. */
  readonly onPosition?: (seconds: number) => void;
};

export function ReplayPlayer({ address, resume, start, chapters = [], playerRef, onPosition }: ReplayPlayerProps) {
  const ownRef = useRef<LecternReplay | null>(null);
  useEffect(() => {
    if (playerRef) playerRef.current = ownRef.current;
    if (ownRef.current) ownRef.current.chapters = chapters;
  }, [playerRef, chapters]);
  useEffect(() => {
    const element = ownRef.current;
    if (!element || !onPosition) return;
    const report = (event: Event) => onPosition((event as CustomEvent<{ seconds: number }>).detail.seconds);
    element.addEventListener("lectern-place", report);
    return () => element.removeEventListener("lectern-place", report);
  }, [onPosition]);
  return (
    <lectern-replay
      ref={ownRef as never}
      src={sameOriginPath(address, location.href)}
      lang={document.documentElement.lang}
      autoplay=""
      {...(resume ? { resume } : {})}
      {...(start === undefined ? {} : { start: String(start) })}
    />
  );
}
