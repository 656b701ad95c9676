/** Shows `<lectern-replay>` as a React component. */
import type { Chapter, LecternReplay, PlayerEvents } from "@lectern/player/replay";
import "@lectern/player/replay";
import { type RefObject, useEffect, useRef } from "react";
import { sameOriginPath } from "./media-address.ts";
import { type TamperReport, useTamperReport, type Watermark, watermarkAttributes, watermarkKey } from "./watermark.ts";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "lectern-replay": React.DetailedHTMLProps<React.HTMLAttributes<HTMLElement>, HTMLElement> & {
        src?: string;
        start?: string;
        resume?: string;
        autoplay?: string;
        watermark?: string;
        "watermark-opacity"?: string;
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
  /** Called at most once a minute when the link is over. */
  readonly onLinkOver?: () => void;
  readonly watermark?: Watermark | null;
  /** Called when the watermark was tampered with. */
  readonly onTamper?: TamperReport;
};

const RENEW_EVERY_MS = 60_000;

/** Another watermark is another player: an element keeps the one that it has. */
export function ReplayPlayer(props: ReplayPlayerProps) {
  return <Player key={watermarkKey(props.watermark)} {...props} />;
}

function Player({ watermark = null, onTamper, ...props }: ReplayPlayerProps) {
  const { address, resume, start, chapters = [], playerRef, onPosition, onLinkOver } = props;
  const ownRef = useRef<LecternReplay | null>(null);
  useTamperReport(ownRef, onTamper);
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
  const renewedAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const element = ownRef.current;
    if (!element || !onLinkOver) return;
    const failed = ({ detail: { problem } }: PlayerEvents["lectern-problem"]) => {
      if ((problem !== "expired" && problem !== "refused") || performance.now() - renewedAt.current < RENEW_EVERY_MS) return;
      renewedAt.current = performance.now();
      onLinkOver();
    };
    element.addEventListener("lectern-problem", failed);
    return () => element.removeEventListener("lectern-problem", failed);
  }, [onLinkOver]);
  return (
    <lectern-replay
      ref={ownRef as never}
      src={sameOriginPath(address, location.href)}
      lang={document.documentElement.lang}
      autoplay=""
      {...watermarkAttributes(watermark)}
      {...(resume ? { resume } : {})}
      {...(start === undefined ? {} : { start: String(start) })}
    />
  );
}
