/** Shows the newest picture of a stream, and a newer one every few seconds while it is in sight. */
import { useEffect, useRef } from "react";
import { after } from "../../schedule/after.ts";
import { type PictureFault, StillCheck } from "./still-check.ts";
import { canDecodeStills, loadStill, stillVideo } from "./still-frame.ts";

/** A candidate's camera has a key frame every five seconds. */
const REFRESH_MS = 4000;
/** The pictures of a wall do not all come at the same moment. */
const SPREAD_MS = 1200;
const CHECK = { width: 32, height: 24 } as const;

type StillViewProps = {
  /** As the wall's answer gives it; another one for the same stream goes on. */
  readonly address: string;
  /** Is told what the pixels say, with each picture. */
  readonly onFault: (fault: PictureFault) => void;
  /** Names the picture. */
  readonly label: string;
};

export function StillView({ address, onFault, label }: StillViewProps) {
  return canDecodeStills() ? (
    <DecodedStill address={address} onFault={onFault} label={label} />
  ) : (
    <video className="still" src={stillVideo(address)} muted playsInline preload="auto" aria-label={label} />
  );
}

function DecodedStill({ address, onFault, label }: StillViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const newest = useRef({ address, onFault });
  newest.current = { address, onFault };
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const ends = new AbortController();
    const check = new StillCheck();
    let tag: string | null = null;
    let cancel = (): void => {};
    const show = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const still = await loadStill(newest.current.address, tag, ends.signal);
        if (typeof still === "string") return;
        tag = still.tag;
        const fault = draw(element, still.frame, check);
        if (!ends.signal.aborted) newest.current.onFault(fault);
      } catch {
        // The picture before stays; the next one comes in a few seconds.
      }
    };
    const again = (): void => {
      void show().finally(() => {
        if (!ends.signal.aborted) cancel = after(REFRESH_MS + Math.random() * SPREAD_MS, again);
      });
    };
    again();
    return () => {
      ends.abort();
      cancel();
    };
  }, []);
  return <canvas ref={canvas} className="still" role="img" aria-label={label} />;
}

/** @returns what the pixels say */
function draw(canvas: HTMLCanvasElement, frame: VideoFrame, check: StillCheck): PictureFault {
  const { displayWidth: width, displayHeight: height } = frame;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext("2d", { alpha: false })?.drawImage(frame, 0, 0, width, height);
  const small = new OffscreenCanvas(CHECK.width, CHECK.height).getContext("2d", { alpha: false, willReadFrequently: true });
  small?.drawImage(frame, 0, 0, CHECK.width, CHECK.height);
  frame.close();
  return small ? check.look(small.getImageData(0, 0, CHECK.width, CHECK.height).data) : null;
}
